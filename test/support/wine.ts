import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describeWithOracle, missingPrograms, run, type Ran } from './oracle.ts'

/** Why Windows programs cannot be run here, or `undefined` when they can: for `describeWithOracle`. */
export const missing = missingPrograms('wine', 'wineboot', 'wineserver')

/**
 * For suites that run programs of Wine. Under load Wine now and then starts one that says nothing and fails, and a script of
 * hundreds of them ends as on a broken disk: a test that fails is tried once more, and the report says which one.
 */
export const ONCE_MORE = { retry: 1 }

export function describeInWine(name: string, define: () => void): void {
  describeWithOracle(name, missing, define, ONCE_MORE)
}

/** A Windows of its own: a Wine prefix in a new temporary folder, with its own registry and its own drive C. */
export interface Wine {
  /** What a program started by other means needs in its environment to run in this Windows. */
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

/** Nothing of the tests' own environment, above all no TMPDIR, gets into a Windows. */
const NEUTRAL = { PATH: process.env['PATH'], HOME: process.env['HOME'], LC_ALL: 'C' }

/** What Wine says of itself where it loses its server, at the start or the end of a program. */
const OF_WINE = /^wine client error:\d+: .*\r?\n/gm

/**
 * What a program does and says, without Wine's own words. On a loaded machine Wine now and then loses its server before a
 * program says or does anything: then once more. So is reg.exe when it fails without a word; it may be run twice.
 */
export function started(program: string, start: () => Ran): Ran {
  const spoken = (ran: Ran): Ran => ({ ...ran, stderr: ran.stderr.replaceAll(OF_WINE, '') })
  const first = start()
  const ran = spoken(first)
  const lost = first.stderr !== ran.stderr || (program === 'reg' && ran.code !== 0)
  return lost && ran.stdout + ran.stderr === '' ? spoken(start()) : ran
}

/** Makes a new Windows (some six seconds). */
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
  // With -p, the server stays until it is killed, and with it what Wine holds in memory only, such as keys below HKEY_USERS.
  // What starts here stays as long and would hold a pipe open: so there is none.
  const start = (program: string, ...args: readonly string[]): number | null =>
    spawnSync(program, args, { env: { ...NEUTRAL, ...env }, stdio: 'ignore', timeout: 120_000 }).status
  // On a loaded machine Wine's first start can fail; the second finds what the first has made. It can also lose its driver of
  // the drives and call that a start: nothing can then ask about C:, as dir does for the free space.
  for (let attempt = 1; attempt <= 3; attempt += 1) {
    start('wineserver', '-p')
    if (start('wineboot', '-i') === 0 && start('wine', 'cmd', '/c', 'dir', 'c:') === 0) return wine
    start('wineserver', '-k')
  }
  wine.remove()
  throw new Error('Wine failed to start three times')
}
