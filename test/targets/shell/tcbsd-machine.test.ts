import { writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, it } from 'vitest'
import { buildTarget } from '../../support/build.ts'
import { someOf } from '../../support/depth.ts'
import { freebsdMachine, heldAtFirst } from '../../support/freebsd-machine.ts'
import { missingNamespaces } from '../../support/netns.ts'
import { describeWithOracle, run } from '../../support/oracle.ts'
import { done, refused } from '../../support/shell-kits.ts'
import { filesOf } from '../../support/shells.ts'

const inForce = '60000 10000 30000 5 1'

describeWithOracle('The scripts on a TC/BSD machine', missingNamespaces(), () => {
  const install = 'sh "$KIT/install.sh"'
  const uninstall = 'sh "$KIT/uninstall.sh"'

  it('report each change', () => {
    const plant = freebsdMachine()
    expect(plant.run(install).stdout.split('\n')).toEqual([
      'Set net.inet.tcp.keepidle to 60000 (before: 7200000).',
      'Set net.inet.tcp.keepintvl to 10000 (before: 75000).',
      'Set net.inet.tcp.keepcnt to 5 (before: 8).',
      'Set net.inet.tcp.keepinit to 30000 (before: 75000).',
      'Wrote /etc/sysctl.conf.',
      'Profile line-4 is installed. What was there at the beginning is recorded in /var/db/keepalive-kit: uninstall.sh puts it back.',
      expect.stringMatching(/^Connections that are open now keep their old timer/),
      expect.stringMatching(/TCP_KEEPIDLE/),
      expect.stringMatching(/jail/),
      '',
    ])
    expect(plant.held()).toBe(inForce)
    expect(plant.run('sh "$KIT/check.sh"')).toEqual(
      done('net.inet.tcp.keepidle: wanted 60000, at the next start 60000 (/etc/sysctl.conf:5), running 60000: ok\n'),
    )
  })

  it('roll back when the clock cannot hold a value, and name the value and the clock', () => {
    const kit = buildTarget('tcbsd', { name: 'odd', idle: 60_000, interval: 4_010 })
    const plant = freebsdMachine({ hz: 128, files: { 'sysctl.conf': 'a=1' }, env: { KIT: kit } })
    const held = plant.held()
    const { code, stdout, stderr } = plant.run(install)
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toContain('net.inet.tcp.keepintvl was set to 4010, but reads back as 4007.')
    expect(stderr).toContain('kern.hz = 128')
    expect(stderr).toContain('all changes are undone.')
    expect(plant.held()).toBe(held)
    expect([filesOf(plant.etc), filesOf(plant.var)]).toEqual([{ '.of-the-test': '', 'sysctl.conf': 'a=1' }, {}])
  })

  it.each([100, 128, 1_000])('restore the exact clock ticks at %i per second', (hz) => {
    const plant = freebsdMachine({ hz, env: { KIT: buildTarget('tcbsd', { idle: 4_000, interval: 5_000 }) } })
    writeFileSync(join(plant.kernel, 'net.inet.tcp.keepidle'), '777\n')
    const held = plant.held()
    expect(plant.run(`${install} >/dev/null && ${uninstall} >/dev/null`)).toEqual({ code: 0, stdout: '', stderr: '' })
    expect(plant.held()).toBe(held)
  })

  it('refuse to undo a running value that was edited later', () => {
    const plant = freebsdMachine()
    plant.run(install)
    writeFileSync(join(plant.kernel, 'net.inet.tcp.keepcnt'), '3\n')
    expect(plant.run(uninstall)).toEqual(
      refused(
        1,
        'error: net.inet.tcp.keepcnt is 3, which keepalive-kit did not set; at the beginning it was 8. Nothing was changed. --force goes back all the same.',
      ),
    )
    expect(plant.held()).toBe('60000 10000 30000 3 1')
    expect(plant.run(`${uninstall} --force`)).toEqual(done('All is as it was at the beginning.'))
    expect(plant.held()).toBe(heldAtFirst)
    expect([filesOf(plant.etc), filesOf(plant.var)]).toEqual([{ '.of-the-test': '' }, {}])
  })

  it('change nothing when the kernel lacks a setting, and name it', () => {
    const plant = freebsdMachine()
    run('rm', [join(plant.kernel, 'net.inet.tcp.keepcnt')])
    expect(plant.run(install)).toEqual(
      refused(1, 'this system has no setting net.inet.tcp.keepcnt. Nothing was changed.'),
    )
    expect([filesOf(plant.etc), filesOf(plant.var)]).toEqual([{ '.of-the-test': '' }, {}])
  })

  const filter =
    'warning: the write filter of TC/BSD is on (bwf_enable in rc.conf): this change and its record are gone at the next start. Switch it off (service bwf disable), start the machine again, then run this again.\n'

  it.each(
    someOf<[rcConf: string, file: string, on: boolean]>(
      [
        ['bwf_enable="YES"', 'rc.conf', true],
        ["a=1\n\tbwf_enable='yes' # c", 'rc.conf', true],
        ['bwf_enable=On; b=2', 'rc.conf.local', true],
        ['bwf_enable=1\n', 'rc.conf.d/bwf', true],
        ['bwf_enable="NO"\nbwf_enable="TRUE"\n', 'rc.conf', true],
        ['bwf_enable="YES"\nbwf_enable="NO"\n', 'rc.conf', false],
        ['# bwf_enable="YES"\n', 'rc.conf', false],
        ['bwf_enabled="YES"\nx_bwf_enable="YES"\n', 'rc.conf', false],
        ['bwf_enable="YESTERDAY"\n', 'rc.conf', false],
        ['bwf_enable=\n', 'rc.conf', false],
        ['bwf_enable=YES\n', 'rc.conf.d/bwf/local', true],
      ],
      6,
      6,
    ),
  )('warn of a write filter that would discard the change: %j in %s is %s', (rcConf, file, on) => {
    const plant = freebsdMachine({ env: { RC_CONF: rcConf } })
    expect(plant.run(`mkdir -p /etc/${dirname(file)} && printf %s "$RC_CONF" >/etc/${file}`).code).toBe(0)
    for (const script of [install, uninstall]) {
      const both = `${script} 2>&1 >/dev/null`
      expect(plant.run(both)).toEqual({ code: on ? 4 : 0, stdout: on ? filter : '', stderr: '' })
    }
  })

  it('take the state of the write filter from the file that is read last', () => {
    const plant = freebsdMachine({ files: { 'rc.conf': 'bwf_enable=YES', 'rc.conf.local': 'bwf_enable=NO' } })
    expect(plant.run(install)).toEqual(done('is installed'))
  })

  it('warn once about the write filter with --dry-run, and never for an image', () => {
    const plant = freebsdMachine({ files: { 'rc.conf': 'bwf_enable=YES' } })
    expect(plant.run(`${install} --dry-run`)).toMatchObject({ code: 4, stderr: filter })
    expect(plant.run(`${install} --root /`)).toEqual(done('is installed'))
  })

  it.each(['cp', 'mv', 'mktemp', 'chmod', 'mkdir'])('undo all changes when any call of %s fails', (program) => {
    // A stand-in that fails at its nth call, for n = 1, 2, ... until the installation succeeds.
    const fails = `n=$(($(cat "$KERNEL/calls") + 1)); echo $n >"$KERNEL/calls"; [ $n -ne "$(cat "$KERNEL/fails-at")" ] || exit 1; exec /bin/${program} "$@"`
    const files = { 'sysctl.conf': 'a=1' }
    const plant = freebsdMachine({
      files,
      programs: { [program]: fails.replace('/bin/mktemp', '/usr/bin/mktemp') },
    })
    for (let call = 1; ; call++) {
      expect(call).toBeLessThan(12)
      writeFileSync(join(plant.kernel, 'calls'), '0\n')
      writeFileSync(join(plant.kernel, 'fails-at'), `${call}\n`)
      const { code } = plant.run(install)
      if (code === 0) break
      expect({ call, code, held: plant.held() }).toEqual({ call, code: 1, held: heldAtFirst })
      expect([filesOf(plant.etc), filesOf(plant.var)]).toEqual([{ '.of-the-test': '', ...files }, {}])
    }
    expect(plant.held()).toBe(inForce)
  })
})
