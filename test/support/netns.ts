import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { missingPrograms, run, type Ran } from './oracle.ts'
import { newFolder, pathWith } from './shells.ts'

const unshare = ['-n', '-m', ...(process.getuid?.() === 0 ? [] : ['--map-root-user'])]

/** Why this machine cannot make network and mount namespaces, or `undefined` if it can. */
export function missingNamespaces(): string | undefined {
  const missing = missingPrograms('unshare', 'ip', 'mount')
  if (missing !== undefined) return missing
  const tried = run('unshare', [...unshare, 'sh', '-c', 'mount --make-rprivate / && ip link set lo up'])
  return tried.code === 0 ? undefined : `no namespaces: ${tried.stderr.trim()}`
}

/** Runs sh code as root in a new network namespace, whose TCP settings are those of a fresh system. */
export function inOwnNetwork(code: string, env: Readonly<Record<string, string>> = {}): Ran {
  return run('unshare', [...unshare, 'sh', '-c', `ip link set lo up\n${code}`], { env })
}

/** A machine of the test's own: its /etc and /var are folders of the test, its TCP settings those of a new namespace. */
export interface Machine {
  readonly etc: string
  readonly var: string
  /** Runs sh code there as root. Files in /etc and /var stay for the next run, the kernel's values do not. */
  run(code: string): Ran
}

/** `standIns` hide programs as in pathWith; `env` is the environment of the code. */
export function machine(
  files: Readonly<Record<string, string>> = {},
  env: Readonly<Record<string, string>> = {},
  standIns: Readonly<Record<string, string>> = {},
): Machine {
  const folder = newFolder()
  const etc = join(folder, 'etc')
  const variable = join(folder, 'var')
  for (const made of [etc, variable, join(etc, 'sysctl.d'), join(variable, 'lib'), join(variable, 'db')])
    mkdirSync(made)
  for (const [path, content] of Object.entries(files)) writeFileSync(join(etc, path), content, { mode: 0o644 })
  const path = pathWith('mawk', standIns)
  return {
    etc,
    var: variable,
    run: (code) =>
      inOwnNetwork(
        [
          'mount --make-rprivate / && mount --bind "$MACHINE/etc" /etc && mount --bind "$MACHINE/var" /var || exit 99',
          // After a failed mount, /etc is that of the machine that runs the tests: stop before the code changes it.
          '[ -e /etc/.of-the-test ] || exit 99',
          code,
        ].join('\n'),
        { ...env, PATH: path, MACHINE: (writeFileSync(join(etc, '.of-the-test'), ''), folder) },
      ),
  }
}
