import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { isStatement } from '../../src/core/capture.ts'
import { readFreebsdConf } from '../../src/formats/sysctl/freebsd.ts'
import { readLinuxConf } from '../../src/formats/sysctl/linux/linux.ts'
import { keepAliveEntries, type LinuxTool } from '../../src/formats/sysctl/linux/lines.ts'
import { statementOf, newRace } from '../../src/formats/sysctl/linux/winner.ts'
import { sysctlNames } from '../../src/formats/sysctl/names.ts'
import { linuxTrees, type Start } from '../../src/formats/sysctl/tree.ts'
import { TARGETS } from '../../src/targets/index.ts'
import { readSysctlConf, throughClock } from '../support/freebsd-sysctl.ts'
import { inOwnNetwork, missingNamespaces } from '../support/netns.ts'
import { describeWithOracle, missingPrograms } from '../support/oracle.ts'
import { oddFreebsdFiles, oddLinuxFiles, oddLinuxTrees } from './sysctl-odd.ts'

const LINUX = sysctlNames(TARGETS, 'linux')
const bytesOf = (text: string): Uint8Array => Buffer.from(text)
const systemdSysctl = '/lib/systemd/systemd-sysctl'
const missing =
  missingPrograms('sysctl') ??
  (existsSync(systemdSysctl) ? undefined : 'systemd-sysctl not installed') ??
  missingNamespaces()

// Values that no file here sets, so that unset settings are recognized.
const unset = { time: 7_777, intvl: 777, probes: 77 }
type Values = typeof unset
const last = ['time', 'intvl', 'probes'] as const

/**
 * All of /proc/sys but the settings of the namespace is read-only here: a pattern that matches more changes no machine.
 */
const guard = [
  'mount --make-rprivate / && mount --bind /proc/sys /proc/sys &&',
  'mount --bind /proc/sys/net/ipv4 /proc/sys/net/ipv4 && mount -o remount,bind,ro /proc/sys || exit 99',
  '[ ! -w /proc/sys/kernel/hostname ] && [ -w /proc/sys/net/ipv4/tcp_keepalive_time ] || exit 99',
].join('\n')
const reset = last.map((name) => `echo ${unset[name]} >/proc/sys/net/ipv4/tcp_keepalive_${name}`).join('\n')
const print = `cat ${last.map((name) => `/proc/sys/net/ipv4/tcp_keepalive_${name}`).join(' ')}`

/** The values of the kernel after each run of a tool. */
function valuesOf(stdout: string): (run: number) => Values {
  const lines = stdout.split('\n')
  const at = (line: number): number => Number(lines[line] || Number.NaN)
  return (run) => ({ time: at(run * 3), intvl: at(run * 3 + 1), probes: at(run * 3 + 2) })
}

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sysctl-'))
})
afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
})

describeWithOracle('the reader of sysctl.d files agrees with', missing, () => {
  const files = oddLinuxFiles(Number(process.env['ORACLE_RUNS'] ?? 500))
  const measured: Record<LinuxTool, Values>[] = []

  beforeAll(() => {
    const place = join(folder, 'files')
    mkdirSync(place)
    for (const [index, text] of files.entries()) writeFileSync(join(place, `${index}.conf`), text)
    const apply = (command: string): string => `${reset}\n${command} "$PLACE/$i.conf" >/dev/null 2>&1\n${print}`
    const code = `${guard}\ni=0\nwhile [ "$i" -lt "$COUNT" ]; do\n${apply('sysctl -p')}\n${apply(systemdSysctl)}\ni=$((i + 1))\ndone`
    const ran = inOwnNetwork(code, { PLACE: place, COUNT: String(files.length) })
    expect(ran.code, ran.stderr).toBe(0)
    const values = valuesOf(ran.stdout)
    for (const index of files.keys()) measured.push({ procps: values(index * 2), systemd: values(index * 2 + 1) })
  })

  it.each(['procps', 'systemd'] as const)('%s about the effect of each file', (tool) => {
    const wrong = files.flatMap((text, index) => {
      const entries = keepAliveEntries(bytesOf(text), 'x', TARGETS)
      const found: Values = { ...unset }
      const race = newRace(LINUX, tool)
      for (const entry of entries) race.add(entry)
      for (const [name, write] of race.winners()) {
        const { value } = statementOf(LINUX, write)
        const known = last.find((one) => name === `net.ipv4.tcp_keepalive_${one}`)
        if (known !== undefined && value.kind === 'number') found[known] = value.number
      }
      const real = measured[index]?.[tool]
      return JSON.stringify(found) === JSON.stringify(real) ? [] : [{ text, found, real }]
    })
    expect(wrong).toEqual([])
  })

  it('both about its statements, and reports where they disagree', () => {
    const wrong = files.flatMap((text, index) => {
      const { procps, systemd } = measured[index] ?? { procps: unset, systemd: unset }
      const read = [...readLinuxConf(bytesOf(text), 'x', TARGETS)]
      const differ = read.some((one) => 'code' in one && one.code === 'sysctl/tools-differ')
      return last.flatMap((name) => {
        const stated = read.filter(isStatement).findLast((one) => one.name === `net.ipv4.tcp_keepalive_${name}`)
        const value = stated?.value.kind === 'number' ? stated.value.number : undefined
        const right =
          value === undefined
            ? differ || (procps[name] === unset[name] && systemd[name] === unset[name])
            : procps[name] === value && systemd[name] === value
        return right ? [] : [{ text, name, value, procps: procps[name], systemd: systemd[name] }]
      })
    })
    expect(wrong).toEqual([])
  })

  it('the files, which give many statements and some disagreements', () => {
    const agreed = measured.filter(({ procps, systemd }) => JSON.stringify(procps) === JSON.stringify(systemd)).length
    expect(agreed).toBeGreaterThan(files.length / 2)
    expect(agreed).toBeLessThan(files.length)
  })
})

describeWithOracle('the reader of whole trees agrees with', missing, () => {
  const trees = oddLinuxTrees(Number(process.env['ORACLE_RUNS'] ?? 80))
  const measured: Record<LinuxTool, Values>[] = []

  beforeAll(() => {
    const place = join(folder, 'trees')
    for (const [index, tree] of trees.entries()) {
      for (const below of ['etc', 'run', 'usr/local/lib', 'usr/lib'])
        mkdirSync(join(place, String(index), below, 'sysctl.d'), { recursive: true })
      for (const [path, text] of Object.entries(tree)) {
        mkdirSync(dirname(join(place, String(index), path)), { recursive: true })
        writeFileSync(join(place, String(index), path), text)
      }
    }
    const mounts = [
      'mount --bind "$PLACE/$i/etc" /etc && mount --bind "$PLACE/$i/run" /run &&',
      'mount --bind "$PLACE/$i/usr/local/lib" /usr/local/lib &&',
      'mount --bind "$PLACE/$i/usr/lib/sysctl.d" /usr/lib/sysctl.d || exit 98',
    ].join('\n')
    const unmount = 'umount /usr/lib/sysctl.d /usr/local/lib /run /etc || exit 97'
    const apply = (command: string): string => `${reset}\n${command} >/dev/null 2>&1\n${print}`
    const code = `${guard}\ni=0\nwhile [ "$i" -lt "$COUNT" ]; do\n${mounts}\n${apply(systemdSysctl)}\n${apply('sysctl --system')}\n${unmount}\ni=$((i + 1))\ndone`
    const ran = inOwnNetwork(code, { PLACE: place, COUNT: String(trees.length) })
    expect(ran.code, ran.stderr).toBe(0)
    const values = valuesOf(ran.stdout)
    for (const index of trees.keys()) measured.push({ systemd: values(index * 2), procps: values(index * 2 + 1) })
  })

  it.each(['systemd', 'procps'] as const)('%s about which file decides', (tool) => {
    const wrong = trees.flatMap((tree, index) => {
      const files = new Map(Object.entries(tree).map(([path, text]) => [`machine/${path}`, bytesOf(text)]))
      const [read] = linuxTrees(files, TARGETS)
      const found = read === undefined ? unset : finalOf(read[tool])
      const real = measured[index]?.[tool]
      return JSON.stringify(found) === JSON.stringify(real) ? [] : [{ tree, found, real }]
    })
    expect(wrong).toEqual([])
  })

  function finalOf(start: Start): Values {
    const found: Values = { ...unset }
    for (const name of last) {
      const value = start.effective.get(`net.ipv4.tcp_keepalive_${name}`)?.statement?.value
      if (value?.kind === 'number') found[name] = value.number
    }
    return found
  }
})

describe('the reader of FreeBSD files agrees with the restatement of its parser', () => {
  const times = ['net.inet.tcp.keepidle', 'net.inet.tcp.keepintvl', 'net.inet.tcp.keepinit']

  it.each([100, 1_000])('at a clock of %i Hz', (hz) => {
    const start = readSysctlConf('', hz).values
    const wrong = oddFreebsdFiles(2_000).flatMap((text) => {
      const found: Record<string, number> = { ...start }
      for (const one of readFreebsdConf(bytesOf(text), 'x', TARGETS)) {
        if (!isStatement(one) || one.value.kind !== 'number' || one.name === undefined) continue
        const { number } = one.value
        const value = times.includes(one.name) ? throughClock(number, hz) : number
        if (value !== undefined) found[one.name] = value
      }
      const wanted = readSysctlConf(text, hz).values
      return JSON.stringify(found) === JSON.stringify(wanted) ? [] : [{ text, found, wanted }]
    })
    expect(wrong).toEqual([])
  })

  it('about every line with a problem', () => {
    const wrong = oddFreebsdFiles(2_000).filter((text) => {
      const lines = new Set(readSysctlConf(text, 1_000).problems.map((problem) => Number(/\d+/.exec(problem)?.[0])))
      const read = [...readFreebsdConf(bytesOf(text), 'x', TARGETS)]
      const said = new Set(read.filter((one) => !isStatement(one)).map(({ location }) => location?.line))
      const other = new Set(
        read.filter((one) => isStatement(one) && one.value.kind === 'other').map(({ location }) => location?.line),
      )
      return [...lines].some((line) => !said.has(line) && !other.has(line))
    })
    expect(wrong).toEqual([])
  })
})
