import { spawn, type ChildProcess } from 'node:child_process'
import { chmodSync, cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import { missingNamespaces } from '../support/netns.ts'
import { missingPrograms, run, which, type Ran } from '../support/oracle.ts'
import { newFolder } from '../support/shells.ts'

/** Why this machine cannot start hosts, or `undefined` if it can. */
export function missingHosts(): string | undefined {
  const missing = missingPrograms('sshd', 'ssh', 'ssh-keygen', 'nsenter', 'mawk')
  if (missing !== undefined) return missing
  if (process.getuid?.() !== 0) return 'only root can make hosts'
  return missingNamespaces()
}

/** A machine reached by ssh. */
export interface Host {
  /** The folder on this machine with its /etc, /var and /usr/local. */
  readonly folder: string
  /** The value of `ansible_ssh_common_args` that reaches it. */
  readonly ssh: string
  /** Runs sh code there as root. */
  run(code: string): Ran
}

const started: ChildProcess[] = []
afterAll(() => {
  for (const one of started.splice(0)) one.kill('SIGKILL')
})

/**
 * Starts a host: network, mount and process namespaces of its own, in which everything but the host's folders is read-only.
 * The real sshd answers on the pipe of ssh's ProxyCommand instead of a port, so nothing listens on a network.
 * `programs` (name to sh code) hide the system's own on its PATH; `data` is a folder that is mounted there as
 * /var/data.
 */
export async function startHost(
  options: { readonly programs?: Readonly<Record<string, string>>; readonly data?: string } = {},
): Promise<Host> {
  const folder = newFolder()
  for (const path of [
    'etc/ssh',
    'etc/sysctl.d',
    'etc/alternatives',
    'var/lib',
    'var/db',
    'var/root',
    'var/data',
    'local/bin',
  ])
    mkdirSync(join(folder, path), { recursive: true })
  // /usr/bin/awk is a link into /etc on Debian.
  symlinkSync(which('mawk') ?? '', join(folder, 'etc/alternatives/awk'))
  for (const path of ['group', 'ld.so.cache']) cpSync(join('/etc', path), join(folder, 'etc', path))
  writeFileSync(join(folder, 'etc/passwd'), 'root:x:0:0::/var/root:/bin/sh\nsshd:x:100:65534::/run/sshd:/bin/false\n')
  writeFileSync(join(folder, 'etc/shadow'), 'root:*:19000:0:99999:7:::\n', { mode: 0o600 })
  writeFileSync(join(folder, 'etc/.of-the-test'), '')
  for (const [name, code] of Object.entries(options.programs ?? {})) {
    writeFileSync(join(folder, 'local/bin', name), `#!/bin/sh\n${code}\n`)
    chmodSync(join(folder, 'local/bin', name), 0o755)
  }
  const keys = newFolder()
  for (const key of [join(keys, 'admin'), join(folder, 'etc/ssh/host')])
    run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', key])
  cpSync(join(keys, 'admin.pub'), join(folder, 'etc/ssh/authorized'))
  writeFileSync(
    join(folder, 'etc/ssh/sshd_config'),
    [
      'HostKey /etc/ssh/host',
      'AuthorizedKeysFile /etc/ssh/authorized',
      'PermitRootLogin prohibit-password',
      'StrictModes no',
      'UsePAM no',
      'Subsystem sftp internal-sftp',
      '',
    ].join('\n'),
  )
  const pid = await enterNamespaces(folder, options.data)
  const enter = ['nsenter', '-t', pid, '-n', '-m', '-p']
  return {
    folder,
    ssh: [
      `-F none -o ProxyCommand="${[...enter, which('sshd'), '-i', '-f', '/etc/ssh/sshd_config'].join(' ')}"`,
      `-o IdentityFile=${join(keys, 'admin')} -o IdentitiesOnly=yes`,
      `-o StrictHostKeyChecking=accept-new -o UserKnownHostsFile=${join(keys, 'known')} -o LogLevel=ERROR`,
    ].join(' '),
    run: (code) => run('nsenter', [...enter.slice(1), 'sh', '-c', code]),
  }
}

/** Makes the namespaces of a host; returns the number of the process that holds them. */
async function enterNamespaces(folder: string, data: string | undefined): Promise<string> {
  const code = `
    mount --make-rprivate /
    mount --bind "$HOST/etc" /etc && mount --bind "$HOST/var" /var && mount --bind "$HOST/local" /usr/local || exit 99
    [ -z "$DATA" ] || mount --bind "$DATA" /var/data || exit 99
    mount -t tmpfs tmpfs /run && mkdir -m 755 /run/sshd && mount -t tmpfs tmpfs /tmp || exit 99
    mount -o remount,bind,ro / || exit 99
    # A wrong mount would mean the machine that the tests run on: stop rather than touch it.
    [ -e /etc/.of-the-test ] && ip link set lo up || exit 99
    echo ready
    exec sleep 1000`
  const holder = spawn('unshare', ['-n', '-m', '-p', '-f', '--kill-child', '--mount-proc', 'sh', '-c', code], {
    env: { PATH: process.env['PATH'], HOST: folder, DATA: data ?? '' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  started.push(holder)
  await new Promise<void>((resolve, reject) => {
    holder.stdout.once('data', () => resolve())
    holder.once('exit', (exitCode) => reject(new Error(`no host: exit ${exitCode}`)))
  })
  // unshare waits; its only child is the first process of the host.
  return readFileSync(`/proc/${holder.pid}/task/${holder.pid}/children`, 'utf8').trim()
}
