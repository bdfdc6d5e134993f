import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect } from 'vitest'
import { buildTarget } from './build.ts'
import type { Ran } from './oracle.ts'
import { awks, runScript, shells } from './shells.ts'

/** The kits of two profiles for the systems with a sh, and helpers of their tests. */
export const profile = { name: 'line-4', idle: 60_000, interval: 10_000, probes: 5 }
export const targets = {
  tcbsd: {
    kit: buildTarget('tcbsd', { ...profile, init: 30_000, always: true }),
    file: 'etc/sysctl.conf',
    state: 'var/db/keepalive-kit',
    data: 'keepalive.sysctl.conf',
  },
  linux: {
    kit: buildTarget('linux', profile),
    file: 'etc/sysctl.d/60-keepalive.conf',
    state: 'var/lib/keepalive-kit',
    data: '60-keepalive.conf',
  },
} as const
export const { tcbsd, linux } = targets
export const otherKits = {
  tcbsd: buildTarget('tcbsd', { name: 'other', idle: 4_000, interval: 4_000 }),
  linux: buildTarget('linux', { name: 'other', idle: 4_000, interval: 4_000 }),
} as const
export const scripts = (['tcbsd', 'linux'] as const).flatMap((target) =>
  ['install.sh', 'uninstall.sh', 'check.sh'].map((name) => ({ target, name, path: join(targets[target].kit, name) })),
)

export const read = (...path: string[]): string => readFileSync(join(...path), 'latin1')
export const blockOf = (kit: string, name = profile.name): string =>
  `# BEGIN keepalive-kit ${name}\n${read(kit, 'keepalive.sysctl.conf')}# END keepalive-kit ${name}\n`
export const block = blockOf(tcbsd.kit)

/** The end of every error about a record that is not believed. */
export const notBelieved = (record: string, state: string): string =>
  `error: ${record} is damaged. Put it back from a copy; or delete ${state}: then what is there now counts as the beginning, and uninstall.sh --defaults goes to the defaults of the system. Nothing was changed.\n`

/** Runs a script of the TC/BSD kit on an image. */
export const onImage = (root: string, script: string, ...args: string[]): Ran =>
  runScript(join(tcbsd.kit, script), ['--root', root, ...args])

export const done = (stdout: string): Ran => ({
  code: 0,
  stdout: expect.stringContaining(stdout) as string,
  stderr: '',
})
export const refused = (code: number, stderr: string): Ran => ({
  code,
  stdout: '',
  stderr: expect.stringContaining(stderr) as string,
})

// Windows has no sh; its scripts have their own tests.
export const onUnix = describe.skipIf(process.platform === 'win32')

/** Every shell with one awk, and every awk with one shell. */
export const pairs = [
  ...shells.map((shell) => ({ shell, awk: 'mawk' })),
  ...awks.slice(1).map((awk) => ({ shell: 'dash', awk })),
]
