import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { buildTarget } from '../../support/build.ts'
import { describeWithOracle, missingPrograms } from '../../support/oracle.ts'
import { pointsOf, someOf, timesOf } from '../../support/depth.ts'
import { linux, notBelieved, read, targets, tcbsd } from '../../support/shell-kits.ts'
import { filesOf, newFolder, programOf, runScript, shellsFor, tree } from '../../support/shells.ts'

/** An image with a complete record: the prior file, the installed version and the previous version. */
function installed(target: 'linux' | 'tcbsd'): string {
  const { kit, file } = targets[target]
  const root = tree({ [file]: '# mine\na=1' })
  const first = buildTarget(target, { name: 'line-4', idle: 50_000, interval: 10_000 })
  for (const folder of [first, kit])
    expect(runScript(join(folder, 'install.sh'), ['--root', root])).toMatchObject({ code: 0, stderr: '' })
  return root
}

const files = ['record', 'before.conf'] as const

/** Every damage to a record of lines: its name and the damaged text. */
function damages(text: string): readonly (readonly [what: string, spoiled: string])[] {
  const lines = text.split('\n').slice(0, -1)
  const put = (index: number, ...instead: readonly string[]): string =>
    [...lines.slice(0, index), ...instead, ...lines.slice(index + 1)].map((line) => `${line}\n`).join('')
  return [
    ...lines.flatMap(
      (line, index) =>
        [
          [`line ${index + 1} is missing`, put(index)],
          [`line ${index + 1} is repeated`, put(index, line, line)],
          [`line ${index + 1} is garbage`, put(index, '\u0001 garbage')],
          [
            `line ${index + 1} has a changed character`,
            put(
              index,
              line.replace(/.$/, (last) => (last === '1' ? '2' : '1')),
            ),
          ],
          [
            `it ends after line ${index + 1}`,
            put(index, line)
              .split('\n')
              .slice(0, index + 1)
              .join('\n'),
          ],
        ] as const,
    ),
    ['it is empty', ''],
    ['it has an additional line', `${text}value x 1\n`],
    ['it has CRLF', text.replaceAll('\n', '\r\n')],
    ['it has NUL bytes', text.replace('p', '\0')],
    ['it is of a newer kit', text.replace('record 1', 'record 2')],
  ]
}

const targetNames = ['linux', 'tcbsd'] as const
describeWithOracle('A record on an image', missingPrograms(programOf(shellsFor(0)[0] ?? '')), () => {
  const cases = targetNames.flatMap((target) => files.map((file) => ({ target, file })))
  const rows = cases.flatMap((row, index) => shellsFor(index).map((shell) => ({ ...row, shell })))

  it.each(someOf(rows, 4, 4))('is refused when $file is damaged: $target under $shell', ({ target, file, shell }) => {
    const { kit, state } = targets[target]
    const root = installed(target)
    const path = join(root, state, file)
    const text = readFileSync(path, 'latin1')
    const all = file === 'before.conf' ? [['it has another text', `${text}x`] as const] : damages(text)
    const spoiled = pointsOf(all.length, timesOf(48, 6, 12)).flatMap((point) => all.slice(point - 1, point))
    // A repeated install and each way back take turns: every damage meets one of them.
    const runs = [
      ['install.sh'],
      ['uninstall.sh', '--force'],
      ['uninstall.sh', '--defaults'],
      ['uninstall.sh', '--previous'],
    ]
    const believed = spoiled.flatMap(([what, bytes], index) => {
      writeFileSync(path, bytes, 'latin1')
      const found = filesOf(root)
      const [script = '', ...args] = runs[index % runs.length] ?? []
      const { code, stdout, stderr } = runScript(join(kit, script), ['--root', root, ...args], { shell })
      const said =
        what === 'it is of a newer kit'
          ? /was written by a newer version of keepalive-kit: use that one\. Nothing was changed\.\n$/
          : /^error: .* is damaged\. .*Nothing was changed\.\n$/
      expect(filesOf(root), what).toEqual(found)
      return code === 1 && stdout === '' && said.test(stderr)
        ? []
        : [`${what}: ${script} ${args.join(' ')}: ${code} ${stdout}${stderr}`]
    })
    expect(believed).toEqual([])
  })

  it.each(targetNames)('is refused when the file of the beginning is missing: %s', (target) => {
    const { kit, state } = targets[target]
    const root = installed(target)
    const file = join(root, state, 'before.conf')
    rmSync(file)
    expect(runScript(join(kit, 'uninstall.sh'), ['--root', root])).toMatchObject({
      code: 1,
      stderr: notBelieved(file, join(root, state)),
    })
  })

  it('is accepted in a copy of the image, where its checksums still match', () => {
    for (const { kit, file, state } of [linux, tcbsd]) {
      const root = newFolder()
      cpSync(installed(kit === linux.kit ? 'linux' : 'tcbsd'), root, { recursive: true, preserveTimestamps: true })
      expect(runScript(join(kit, 'uninstall.sh'), ['--root', root])).toMatchObject({ code: 0, stderr: '' })
      expect([read(root, file), Object.keys(filesOf(root)).filter((path) => path.startsWith(state))]).toEqual([
        '# mine\na=1',
        [],
      ])
    }
  })
})
