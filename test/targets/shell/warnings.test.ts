import { expect, it } from 'vitest'
import { machine, missingNamespaces } from '../../support/netns.ts'
import { describeWithOracle, missingPrograms } from '../../support/oracle.ts'
import { plantOf } from '../../support/plant.ts'
import { linux, tcbsd } from '../../support/shell-kits.ts'
import { programOf, shellsFor } from '../../support/shells.ts'

const time = 'net.ipv4.tcp_keepalive_time'

// A file beside the record is the first that is written. The stand-in of chmod marks that: a warning after it is too late.
const marked = { chmod: `echo 'the change begins' >&2\nexec /bin/chmod "$@"` }

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
      /^warning: \/etc\/sysctl\.conf\.local:2 sets net\.inet\.tcp\.keepcnt to 9 at the next start/,
    ],
    [
      'a later assignment on Linux',
      'linux',
      { 'sysctl.d/99-x.conf': `\n${time}=9\n` },
      ':',
      /^warning: \/etc\/sysctl\.d\/99-x\.conf:2 sets net\.ipv4\.tcp_keepalive_time to 9 at the next start/,
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
