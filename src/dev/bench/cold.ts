import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { rowOf, take, type Row } from './measure.ts'

/** The time of a command as seen from the shell, compared with a Node that does nothing. */
export function coldStarts(bin: string, folder: string, rounds: number): readonly Row[] {
  const profile = join(folder, 'line4.yaml')
  writeFileSync(profile, 'name: line4\nidle: 20s\ninterval: 5s\n')
  const wishes = join(folder, 'wishes.yaml')
  writeFileSync(wishes, 'name: line4\ndetect: 60s\npath: [{ name: fw, idle-limit: 30min }]\ntolerate: 3\n')
  const cases: readonly { readonly what: string; readonly args: readonly string[]; readonly bar?: number }[] = [
    { what: 'node -e 0', args: ['-e', '0'] },
    { what: '--help', args: [bin, '--help'], bar: 2 },
    { what: 'validate of one profile', args: [bin, 'validate', profile], bar: 2.5 },
    { what: 'validate of one profile of wishes', args: [bin, 'validate', wishes], bar: 2.5 },
    { what: 'bundle of one profile', args: [bin, 'bundle', profile, '--out', 'bundled'], bar: 4 },
  ]
  const times = cases.map((): number[] => [])
  for (let round = -2; round < rounds; round += 1)
    for (const [index, { args }] of cases.entries()) {
      rmSync(join(folder, 'bundled'), { recursive: true, force: true })
      const { ms } = take(process.execPath, args, folder)
      if (round >= 0) times[index]?.push(ms)
    }
  const [floor = []] = times
  return cases.map(({ what, bar }, index) =>
    rowOf(what, times[index] ?? [], bar === undefined ? {} : { against: floor, named: 'node -e 0', bar }),
  )
}
