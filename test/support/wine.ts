import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describeWithOracle, missingPrograms, run, type Ran } from './oracle.ts'

/** Why Windows programs cannot run here, or `undefined` if they can; for `describeWithOracle`. */
export const missing = missingPrograms('wine', 'wineboot', 'wineserver')

/**
 * Options of suites that run programs in Wine. Under load, Wine sometimes starts a program that fails without a
 * message, and a script that starts hundreds of them then ends as on a broken disk. A failed test is repeated once, and
 * the report names it.
 */
export const ONCE_MORE = { retry: 1 }

export function describeInWine(name: string, define: () => void): void {
  describeWithOracle(name, missing, define, ONCE_MORE)
}

/** A separate Windows: a Wine prefix in a new temporary folder, with its own registry and its own drive C. */
export interface Wine {
  /** The environment of this Windows, for a program that is started by other means. */
  readonly env: Readonly<Record<string, string>>
  /** The Unix path of a path on drive C: `driveC('windows/system32')`. */
  driveC(path: string): string
  /** Runs a Windows program to its end. A Unix parent sees only the low eight bits of its exit code. */
  run(
    program: string,
    args: readonly string[],
    options?: { readonly cwd?: string; readonly env?: Readonly<Record<string, string>> },
  ): Ran
  /** Ends every program in this Windows and removes it. */
  remove(): void
}

/** The environment of every Windows. It has nothing of the tests' own, above all no TMPDIR. */
const NEUTRAL = { PATH: process.env['PATH'], HOME: process.env['HOME'], LC_ALL: 'C' }

/** The message of Wine itself when it loses its server, at the start or the end of a program. */
const OF_WINE = /^wine client error:\d+: .*\r?\n/gm

/**
 * Runs a program and removes Wine's own messages. Under load, Wine sometimes loses its server before a program does
 * anything: then the program is started again. So is a reg.exe that fails without a message, which may run twice.
 */
export function started(program: string, start: () => Ran): Ran {
  const spoken = (ran: Ran): Ran => ({ ...ran, stderr: ran.stderr.replaceAll(OF_WINE, '') })
  const first = start()
  const ran = spoken(first)
  const lost = first.stderr !== ran.stderr || (program === 'reg' && ran.code !== 0)
  return lost && ran.stdout + ran.stderr === '' ? spoken(start()) : ran
}

/** Makes a new Windows (about six seconds). */
export function newWine(): Wine {
  const prefix = mkdtempSync(join(tmpdir(), 'keepalive-kit-wine-'))
  const env = { WINEPREFIX: prefix, WINEDEBUG: '-all', WINEDLLOVERRIDES: 'mscoree,mshtml=', DISPLAY: '' }
  const wine: Wine = {
    env,
    driveC: (path) => join(prefix, 'drive_c', path),
    run(program, args, options = {}) {
      return started(program, () => run('wine', [program, ...args], { ...options, env: { ...env, ...options.env } }))
    },
    remove() {
      run('wineserver', ['-k'], { env })
      rmSync(prefix, { recursive: true, force: true })
    },
  }
  // With -p, the server runs until it is killed, and keeps data that Wine holds in memory only, such as keys below
  // HKEY_USERS. Programs that start here run as long and would hold a pipe open, so they get none.
  const start = (program: string, ...args: readonly string[]): number | null =>
    spawnSync(program, args, { env: { ...NEUTRAL, ...env }, stdio: 'ignore', timeout: 120_000 }).status
  // On a loaded machine Wine's first start can fail; the second continues from its files. Wine can also lose its driver
  // for drives and still report a start: then no program can query C:, as dir does for the free space.
  for (let attempt = 1; attempt <= 3; attempt += 1) {
    start('wineserver', '-p')
    if (start('wineboot', '-i') === 0 && start('wine', 'cmd', '/c', 'dir', 'c:') === 0) return wine
    start('wineserver', '-k')
  }
  wine.remove()
  throw new Error('Wine failed to start three times')
}
