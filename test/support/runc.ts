import { mkdirSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { missingPrograms, run, type Ran } from './oracle.ts'
import { newFolder } from './shells.ts'

/** Why runc cannot start a container here, or `undefined` if it can. */
export function missingRunc(): string | undefined {
  const missing = missingPrograms('runc')
  if (missing !== undefined) return missing
  const tried = inContainer({}, ['true'])
  return tried.code === 0 ? undefined : `no containers: ${tried.stderr.trim()}`
}

/** More about a container. */
export interface Surroundings {
  readonly user?: number
  readonly env?: Readonly<Record<string, string>>
  /** Folders of this machine, by their paths in the container. */
  readonly readOnly?: Readonly<Record<string, string>>
  readonly writable?: Readonly<Record<string, string>>
}

/**
 * Runs a program of this system in a container with a network namespace of its own and these `sysctls`, as Docker and
 * Kubernetes give them to runc. The network has only a loopback interface, which is down. The root is read-only.
 */
export function inContainer(
  sysctls: Readonly<Record<string, string>>,
  args: readonly string[],
  { user = 0, env = { PATH: '/usr/bin:/bin' }, readOnly = {}, writable = {} }: Surroundings = {},
): Ran {
  const bundle = newFolder()
  const programs = ['bin', 'lib', 'lib64', 'usr']
  mkdirSync(join(bundle, 'rootfs'))
  const bind = (from: Readonly<Record<string, string>>, how: 'ro' | 'rw') =>
    Object.entries(from).map(([destination, source]) => {
      mkdirSync(join(bundle, 'rootfs', destination))
      return { destination, type: 'bind', source, options: ['rbind', how] }
    })
  const config = {
    ociVersion: '1.0.0',
    process: {
      user: { uid: user, gid: user },
      args,
      cwd: '/',
      env: Object.entries(env).map(([name, value]) => `${name}=${value}`),
    },
    root: { path: 'rootfs', readonly: true },
    mounts: [
      { destination: '/proc', type: 'proc', source: 'proc' },
      ...programs.map((name) => ({
        destination: `/${name}`,
        type: 'bind',
        source: `/${name}`,
        options: ['rbind', 'ro'],
      })),
      ...bind(readOnly, 'ro'),
      ...bind(writable, 'rw'),
    ],
    linux: { namespaces: ['mount', 'pid', 'network', 'ipc', 'uts'].map((type) => ({ type })), sysctl: sysctls },
  }
  writeFileSync(join(bundle, 'config.json'), JSON.stringify(config))
  return run('runc', ['--root', join(bundle, 'state'), 'run', basename(bundle)], { cwd: bundle, timeout: 30_000 })
}
