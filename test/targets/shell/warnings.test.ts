import { join } from 'node:path'
import { expect, it } from 'vitest'
import { machine, missingNamespaces } from '../../support/netns.ts'
import { describeWithOracle, missingPrograms } from '../../support/oracle.ts'
import { plantOf } from '../../support/plant.ts'
import { linux, onUnix, tcbsd } from '../../support/shell-kits.ts'
import { programOf, runScript, shellsFor, tree } from '../../support/shells.ts'
import { someOf } from '../../support/depth.ts'

const time = 'net.ipv4.tcp_keepalive_time'

onUnix('TuneD on Linux', () => {
  const profile = `[main]\ninclude=base\n[sysctl]\nvm.swappiness=10\n# ${time}=1\n${time} = 300\n[other]\n${time}=2\n`
  const base = '[sysctl]\nnet/ipv4/tcp_keepalive_intvl=30\nnet.ipv4.tcp_keepalive_probes="5"\n'
  const active = { 'etc/tuned/active_profile': 'plant\n' }
  const off = { 'etc/tuned/tuned-main.conf': '# reapply_sysctl = 1\nreapply_sysctl = 0\n' }
  const own = { 'etc/tuned/plant/tuned.conf': profile, 'usr/lib/tuned/base/tuned.conf': base }
  const applied = (where: string, key: string, value: number): string =>
    `warning: ${where} sets ${key} to ${value}, and TuneD (profile plant, reapply_sysctl is off) applies it last: that value holds. Change it there, or switch reapply_sysctl on in /etc/tuned/tuned-main.conf.\n`
  const both = `${applied('/etc/tuned/plant/tuned.conf:6', time, 300)}${applied('/usr/lib/tuned/base/tuned.conf:2', 'net.ipv4.tcp_keepalive_intvl', 30)}`
  const conf = { 'etc/sysctl.conf': `${time}=7\n`, 'usr/lib/systemd/systemd-sysctl': '' }

  const rows: readonly [what: string, files: Readonly<Record<string, string>>, warns: string][] = [
    ['its profile sets our keys, and reapply_sysctl is off', { ...active, ...off, ...own }, both],
    ['reapply_sysctl is on, so the drop-in wins', { ...active, ...own }, ''],
    ['it is not active', { ...off, ...own }, ''],
    [
      'its profile is in the newer folder and sets our value',
      { ...active, ...off, 'usr/lib/tuned/profiles/plant/tuned.conf': `[sysctl]\n${time}=60\n` },
      '',
    ],
    ['its profile is missing', { ...active, ...off }, ''],
    ['profiles include each other', { ...active, ...off, 'etc/tuned/plant/tuned.conf': '[main]\ninclude=plant\n' }, ''],
    [
      'it applies /etc/sysctl.conf, which systemd does not read',
      { ...active, ...conf },
      `warning: /etc/sysctl.conf:1 sets ${time} to 7, and TuneD (profile plant) applies that file last: that value holds.\nwarning: /etc/sysctl.conf:1 sets ${time} to 7. systemd does not read that file; if procps reads it (sysctl --system), that value holds.\n`,
    ],
  ]
  it.each(someOf(rows, 4, 8).flatMap((row, index) => shellsFor(index).map((shell) => [...row, shell] as const)))(
    'is reported only if it overrules the drop-in: %s',
    (_, files, stderr, shell) => {
      const root = tree(files)
      for (const name of ['install.sh', 'check.sh'])
        expect(runScript(join(linux.kit, name), ['--root', root], { shell })).toMatchObject({ code: 0, stderr })
    },
  )
})

// mktemp is the first program that prepares a change. Its stand-in marks this point: a warning after it is too late.
const marked = {
  mktemp: `case $* in *keepalive-kit.XXXXXX*) case $* in -d*) ;; *) echo 'the change begins' >&2 ;; esac ;; esac\nexec /usr/bin/mktemp "$@"`,
}

describeWithOracle('A warning before the change', missingNamespaces(), () => {
  const install =
    '$SHELL_UNDER_TEST "$KIT/install.sh" >/dev/null; $SHELL_UNDER_TEST "$KIT/uninstall.sh" --defaults >/dev/null'
  const filter = /^warning: the write filter of TC\/BSD is on/

  it.each<
    [what: string, target: 'linux' | 'tcbsd', files: Readonly<Record<string, string>>, prepare: string, warns: RegExp]
  >([
    ['the write filter of TC/BSD', 'tcbsd', { 'rc.conf': 'bwf_enable=YES' }, ':', filter],
    [
      'a later assignment on TC/BSD',
      'tcbsd',
      { 'sysctl.conf.local': 'a=1\nnet.inet.tcp.keepcnt=9\n' },
      ':',
      /^warning: \/etc\/sysctl\.conf\.local:2 sets net\.inet\.tcp\.keepcnt to 9 and is read after/,
    ],
    [
      'a later assignment on Linux',
      'linux',
      { 'sysctl.d/99-x.conf': `\n${time}=9\n` },
      ':',
      /^warning: \/etc\/sysctl\.d\/99-x\.conf:2 sets net\.ipv4\.tcp_keepalive_time to 9 and is read after/,
    ],
    [
      'a jail',
      'tcbsd',
      {},
      'echo 1 >"$KERNEL/security.jail.jailed"',
      /^warning: this is a jail: the times are those of the host/,
    ],
  ])('names %s', (_, target, files, prepare, warns) => {
    const { stderr } = plantOf(target, { files, programs: marked }).tell(prepare, install)
    const [first = '', ...rest] = stderr.split('\n')
    expect(first).toMatch(warns)
    expect(rest).toContain('the change begins')
  })

  it('names a container, whose values are its own', () => {
    const inside = `mount -t tmpfs none /run && : >/run/.containerenv && unshare -p -f --mount-proc sh -c 'sh "$KIT/install.sh"' 2>&1 >/dev/null`
    expect(machine({}, { KIT: linux.kit }).run(inside).stdout).toMatch(
      /^(warning: this is a container \(\/\S+\): its values are its own and go with it\. Set them where it is started\.\n)+$/,
    )
  })

  it.each([
    [
      'Linux',
      linux.kit,
      `stat: case $* in */proc/1/root) echo 1:1 ;; *) echo 1:2 ;; esac`,
      /^warning: this is a chroot: the running values are those of the system outside/,
    ],
    [
      'TC/BSD',
      tcbsd.kit,
      `df: echo 'zroot 1 1 1 1% /mnt'`,
      /^warning: this is a chroot in \/mnt: the running values are those of the system outside/,
    ],
  ])('names a chroot on %s, shown by a stand-in', (system, _kit, standIn, warns) => {
    const [name = '', code = ''] = standIn.split(/: (.*)/s)
    const plant = plantOf(system === 'Linux' ? 'linux' : 'tcbsd', { programs: { [name]: code, ...marked } })
    expect(plant.tell(install).stderr).toMatch(warns)
    expect(plant.tell('install --root /').stderr).not.toMatch(warns)
  })
})

for (const shell of shellsFor(1))
  describeWithOracle(
    `A read-only file under ${shell}`,
    missingPrograms(programOf(shell)) ?? missingNamespaces(),
    () => {
      it('stops install.sh before any change if it holds a value of the kernel', () => {
        const probes = '/proc/sys/net/ipv4/tcp_keepalive_probes'
        const { said, stderr } = plantOf('linux', { shell }).tell(
          `mount --bind ${probes} ${probes} && mount -o remount,bind,ro ${probes}; remember before`,
          'install; same_as before; uninstall --defaults; same_as before',
        )
        expect(said).toBe('install 1; as before; uninstall 0; as before')
        expect(stderr).toMatch(/^error: \S+tcp_keepalive_probes cannot be written\. .*Nothing was changed\.\n$/)
      })

      it('stops a change with an error that names its folder, but not an install with nothing to change', () => {
        const readOnly = (state: string): string =>
          `mount -o remount,bind,${state} /var; mount -o remount,bind,${state} /etc`
        const { said, stderr } = plantOf('linux', { shell }).tell(
          `remember before; ${readOnly('ro')}; install; uninstall --defaults; same_as before; ${readOnly('rw')}`,
          `install; remember installed; ${readOnly('ro')}; install; uninstall; same_as installed`,
        )
        expect(said).toBe('install 1; uninstall 0; as before; install 0; install 0; uninstall 1; as installed')
        expect(stderr).toMatch(
          /^(error: cannot write in the folder \S+: is the file system read-only, or full\? Nothing was changed\.\n){2}$/,
        )
      })
    },
  )
