import { load } from 'js-yaml'
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, it } from 'vitest'
import { Desk } from '../support/cli.ts'
import { freebsdMachine, freebsdPrograms, heldAtFirst, type FreeBsd } from '../support/freebsd-machine.ts'
import { describeWithOracle, missingPrograms, run } from '../support/oracle.ts'
import { filesOf, newFolder } from '../support/shells.ts'
import { missingHosts, startHost, type Host } from './hosts.ts'

const PLAY = fileURLToPath(new URL('../../templates/ci/ansible/keepalive.yml', import.meta.url))

/** Device to idle time in seconds; all differ, so that a bundle on the wrong host is noticed. */
const IDLE = { 'line-1': 21, 'line-2': 22, 'line-3': 23, 'mixer-1': 24 } as const
type Device = keyof typeof IDLE
/** All hosts except those without a bundle. */
const KNOWN = ['--limit', '!strangers'] as const
const DEVICES = Object.keys(IDLE) as Device[]

/** The output of `keepalive-kit fleet`, with an additional row of devices.csv whose checksum is not that of its zip. */
async function fleet(): Promise<string> {
  const rows = DEVICES.map((device) => `${device},${IDLE[device]}s,5s,linux|tcbsd\n`)
  const desk = new Desk({ 'plant.csv': `name,idle,interval,targets\n${rows.join('')}` })
  const { code, err } = await desk.type('fleet plant.csv --out out')
  if (code !== 0) throw new Error(err)
  const out = join(desk.folder, 'out')
  appendFileSync(join(out, 'devices.csv'), `line-8,line-1.zip,${'0'.repeat(64)},plant\n`)
  return out
}

describe('the text of the play for Ansible', () => {
  const [{ tasks }] = load(readFileSync(PLAY, 'utf8')) as [{ tasks: readonly object[] }]

  it('uses only modules of ansible.builtin', () => {
    const modules = tasks.flatMap((task) => Object.keys(task).filter((key) => key.includes('.')))
    expect(modules).toHaveLength(tasks.length)
    const lookups = [...readFileSync(PLAY, 'utf8').matchAll(/lookup\('([^']+)'/g)].map(([, name = '']) => name)
    expect([...modules, ...lookups].filter((name) => !name.startsWith('ansible.builtin.'))).toEqual([])
  })
})

describeWithOracle('the inventory for Ansible', missingPrograms('ansible-inventory'), () => {
  it('names the target of each host that does not run Linux, and has names that a fleet may have', () => {
    const inventory = PLAY.replace('keepalive.yml', 'inventory.yml')
    const { stdout } = run('ansible-inventory', ['-i', inventory, '--list'], {
      env: { HOME: newFolder(), LC_ALL: 'C.UTF-8' },
    })
    const { _meta } = JSON.parse(stdout) as { _meta: { hostvars: Record<string, Record<string, string>> } }
    const targets = Object.entries(_meta.hostvars).map(([host, vars]) => [host, vars['keepalive_target'] ?? 'linux'])
    expect(Object.fromEntries(targets)).toEqual({
      'line-1': 'linux',
      'line-2': 'linux',
      'line-3': 'linux',
      'mixer-1': 'tcbsd',
    })
  })
})

describeWithOracle('the play for Ansible', missingPrograms('ansible-playbook') ?? missingHosts(), () => {
  let hosts: Readonly<Record<Device, Host>>
  let freebsd: FreeBsd
  let out: string
  let home: string
  let before: Readonly<Record<Device, unknown>>

  beforeAll(async () => {
    out = await fleet()
    home = newFolder()
    writeFileSync(join(home, 'ansible.cfg'), '')
    freebsd = freebsdMachine()
    const programs = Object.entries(freebsdPrograms).map(([name, code]) => [name, `KERNEL=/var/data\n${code}`])
    const [one, two, three, mixer] = await Promise.all([
      startHost(),
      startHost(),
      startHost(),
      startHost({ programs: Object.fromEntries(programs) as Record<string, string>, data: freebsd.kernel }),
    ])
    hosts = { 'line-1': one, 'line-2': two, 'line-3': three, 'mixer-1': mixer }
    const reached = (host: Host) => ({ ansible_ssh_common_args: host.ssh })
    writeFileSync(
      join(home, 'inventory.yml'),
      JSON.stringify({
        all: { vars: { ansible_user: 'root', ansible_python_interpreter: '/usr/bin/python3', keepalive_out: out } },
        linux: { hosts: Object.fromEntries(DEVICES.slice(0, 3).map((device) => [device, reached(hosts[device])])) },
        tcbsd: { hosts: { 'mixer-1': reached(mixer) }, vars: { keepalive_target: 'tcbsd' } },
        strangers: { hosts: { 'line-8': reached(one), 'line-9': reached(two) } },
      }),
    )
  })

  /** Runs the play; returns its exit code, the result for each host, and the output. */
  function play(...options: readonly string[]) {
    const { code, stdout, stderr } = run('ansible-playbook', ['-i', join(home, 'inventory.yml'), PLAY, ...options], {
      env: {
        HOME: home,
        LC_ALL: 'C.UTF-8',
        ANSIBLE_CONFIG: join(home, 'ansible.cfg'),
        ANSIBLE_NOCOLOR: '1',
        ANSIBLE_PIPELINING: '1',
        ANSIBLE_SSH_CONTROL_PATH_DIR: join(home, 'cp'),
      },
    })
    const recap = stdout.matchAll(/^(\S+) +: ok=\d+ +changed=(\d+) +unreachable=(\d+) +failed=(\d+)/gm)
    const told = [...recap].map(([, host, changes, unreachable, failed]) => [
      host,
      unreachable !== '0' ? 'unreachable' : failed !== '0' ? 'failed' : changes === '0' ? 'same' : 'changed',
    ])
    return { code, told: Object.fromEntries(told) as object, text: stdout + stderr }
  }
  const forAll = <T>(what: (device: Device) => T) =>
    Object.fromEntries(DEVICES.map((device) => [device, what(device)])) as Record<Device, T>

  /** The idle time in the kernel of each host, in seconds. */
  const inForce = () => ({
    ...forAll((device) => Number(hosts[device].run('cat /proc/sys/net/ipv4/tcp_keepalive_time').stdout)),
    'mixer-1': Number(freebsd.held().split(' ')[0]) / 1_000,
  })
  const untouched = forAll(() => 7_200)
  const files = (...folders: readonly string[]) =>
    forAll((device) => folders.map((folder) => filesOf(join(hosts[device].folder, folder))))

  it('announces the changes with --check and makes none; a host without its bundle fails', () => {
    before = files('etc')
    const alsoBefore = files('var/lib', 'var/db', 'local')
    const { code, told, text } = play('--check', '--limit', 'line-1,mixer-1,strangers')
    expect({ code, told }).toEqual({
      code: 2,
      told: { 'line-1': 'changed', 'mixer-1': 'changed', 'line-8': 'failed', 'line-9': 'failed' },
    })
    expect(text).toContain('Would unpack line-1.zip and run install.sh of linux.')
    expect(text).toContain('Would unpack mixer-1.zip and run install.sh of tcbsd.')
    expect(text).toContain('devices.csv has no device line-9')
    expect([inForce(), files('etc'), files('var/lib', 'var/db', 'local')]).toEqual([untouched, before, alsoBefore])
  })

  it('installs on each host its own bundle; a host that fails reports why and does not stop the others', () => {
    hosts['line-3'].run('mount -o remount,bind,ro /etc')
    const { code, told, text } = play(...KNOWN)
    expect({ code, told }).toEqual({ code: 2, told: { ...forAll(() => 'changed'), 'line-3': 'failed' } })
    expect(text).toMatch(/^fatal: \[line-3\]: FAILED! .*error: cannot write in the folder .*put back as it was/m)
    expect(inForce()).toEqual({ ...IDLE, 'line-3': 7_200 })
    expect(files('etc')['line-3']).toEqual(before['line-3'])
  })

  it('repairs changed settings and files that differ from SHA256SUMS, and leaves the other hosts unchanged', () => {
    hosts['line-3'].run('mount -o remount,bind,rw /etc')
    hosts['line-1'].run('echo 99 >/proc/sys/net/ipv4/tcp_keepalive_time')
    hosts['line-2'].run('echo "exit 0" >"$(echo /usr/local/share/keepalive-kit/*/plant/linux/check.sh)"')
    const { code, told } = play(...KNOWN)
    expect({ code, told }).toEqual({ code: 0, told: { ...forAll(() => 'changed'), 'mixer-1': 'same' } })
    expect(inForce()).toEqual(IDLE)
  })

  it('changes nothing when every host has its settings', () => {
    const asItIs = files('etc', 'var/lib', 'var/db', 'local')
    const { code, told } = play(...KNOWN)
    expect({ code, told }).toEqual({ code: 0, told: forAll(() => 'same') })
    expect([inForce(), files('etc', 'var/lib', 'var/db', 'local')]).toEqual([IDLE, asItIs])
  })

  it('announces an uninstallation with --check', () => {
    const { code, told } = play('-e', 'keepalive_state=absent', '--check', '--limit', 'line-1')
    expect({ code, told }).toEqual({ code: 0, told: { 'line-1': 'changed' } })
    expect(inForce()).toEqual(IDLE)
  })

  it('restores the prior state', () => {
    const { code, told } = play('-e', 'keepalive_state=absent', ...KNOWN)
    expect({ code, told }).toEqual({ code: 0, told: forAll(() => 'changed') })
    expect([inForce(), files('etc'), freebsd.held()]).toEqual([untouched, before, heldAtFirst])
  })

  it('changes nothing in a second uninstallation', () => {
    const { code, told } = play('-e', 'keepalive_state=absent', '--limit', 'line-1,mixer-1')
    expect({ code, told }).toEqual({ code: 0, told: { 'line-1': 'same', 'mixer-1': 'same' } })
  })
})
