import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll } from 'vitest'
import { EVERY_STEP } from './depth.ts'
import { run, which, type Ran } from './oracle.ts'

/**
 * POSIX shells that may be /bin/sh: of Debian, of Alpine and small systems, of MirBSD and Android, a strict one, and
 * bash.
 */
export const shells = ['dash', 'busybox sh', 'mksh', 'yash', 'bash --posix'] as const

export const programOf = (command: string): string => command.split(' ')[0] ?? command

/** The installed shells; all with ORACLES=required. */
const here = process.env['ORACLES'] === 'required' ? shells : shells.filter((shell) => which(programOf(shell)))

/**
 * The shells for a row of a table: all with `npm run test:faults`; otherwise one that is installed, and the next one for
 * the next row.
 */
export function shellsFor(row: number): readonly string[] {
  return EVERY_STEP ? shells : [here[row % here.length] ?? 'sh']
}

/** The awks: Debian's, FreeBSD's, GNU's, and the one of small systems. */
export const awks = ['mawk', 'original-awk', 'gawk', 'busybox'] as const

const made: string[] = []
afterAll(() => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true })
})

/** A new folder, which is removed at the end of the test file. */
export function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'keepalive-kit-test-'))
  made.push(folder)
  return folder
}

/** A new folder with these files in it. */
export function tree(files: Readonly<Record<string, string>>): string {
  const root = newFolder()
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), content, { mode: 0o644 })
  }
  return root
}

/**
 * Every file below a folder, including hidden ones: its path with its bytes (one character each) or its link target.
 */
export function filesOf(root: string): Record<string, string> {
  const paths = readdirSync(root, { recursive: true, encoding: 'utf8' }).toSorted()
  return Object.fromEntries(
    paths
      .map((path) => ({ path, place: join(root, path), is: lstatSync(join(root, path)) }))
      .filter(({ is }) => !is.isDirectory())
      .map(({ path, place, is }) => [
        path,
        is.isSymbolicLink() ? `-> ${readlinkSync(place)}` : readFileSync(place, 'latin1'),
      ]),
  )
}

export const modeOf = (path: string): string => (statSync(path).mode & 0o7777).toString(8).padStart(4, '0')

/**
 * A PATH on which `awk` is the given one, and the stand-ins (name to sh code) hide the real programs of these names.
 */
export function pathWith(awk: string, standIns: Readonly<Record<string, string>> = {}): string {
  const folder = newFolder()
  symlinkSync(which(awk) ?? awk, join(folder, 'awk'))
  for (const [name, code] of Object.entries(standIns)) {
    writeFileSync(join(folder, name), `#!/bin/sh\n${code}\n`)
    chmodSync(join(folder, name), 0o755)
  }
  return `${folder}:${process.env['PATH'] ?? ''}`
}

/** Runs a script in a shell; `awk` and `standIns` as for pathWith. */
export function runScript(
  script: string,
  args: readonly string[] = [],
  options: {
    readonly shell?: string
    readonly awk?: string
    readonly standIns?: Readonly<Record<string, string>>
  } = {},
): Ran {
  const [shell = 'sh', ...shellArgs] = (options.shell ?? 'sh').split(' ')
  return run(shell, [...shellArgs, script, ...args], {
    env: { PATH: pathWith(options.awk ?? 'awk', options.standIns) },
    timeout: 120_000,
  })
}
