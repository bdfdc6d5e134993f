import { readFileSync } from 'node:fs'
import { load } from 'js-yaml'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { textOf } from '../../src/formats/text.ts'
import { buildBundle } from '../support/build.ts'
import { importFrom, TCPIP } from '../support/captures.ts'
import { inOwnNetwork, missingNamespaces } from '../support/netns.ts'
import { describeWithOracle, missingPrograms } from '../support/oracle.ts'
import { type Wine, describeInWine, newWine } from '../support/wine.ts'

/** The data file that the kit generates from the imported profile. */
const generated = (profile: string | undefined, path: string): string =>
  textOf(Buffer.from(buildBundle(profile ?? '').find((one) => one.path === path)?.bytes ?? []))

describeInWine('the registry of Wine', () => {
  const rows: Record<string, { readonly query: string; readonly export: Uint8Array }> = {}
  let wine: Wine
  const add = (name: string, type: string, data: string): void => {
    expect(wine.run('reg', ['add', TCPIP, '/v', name, '/t', type, '/d', data, '/f']).code).toBe(0)
  }
  const capture = (row: string): void => {
    expect(wine.run('reg', ['export', TCPIP, 'C:\\out.reg', '/y']).code).toBe(0)
    rows[row] = {
      query: wine.run('reg', ['query', TCPIP, '/s']).stdout,
      export: readFileSync(wine.driveC('out.reg')),
    }
  }
  beforeAll(() => {
    wine = newWine()
    for (const name of ['KeepAliveTime', 'KeepAliveInterval']) wine.run('reg', ['delete', TCPIP, '/v', name, '/f'])
    add('Hostname', 'REG_SZ', 'plc 7')
    capture('no keep-alive values')
    add('KeepAliveTime', 'REG_DWORD', '20000')
    add('KeepAliveInterval', 'REG_DWORD', '5000')
    add('DefaultTTL', 'REG_DWORD', '64')
    capture('both')
    add('KeepAliveTime', 'REG_SZ', '20000')
    capture('a text')
  }, 600_000)
  afterAll(() => wine.remove())

  it.each(['query', 'export'] as const)('becomes a profile with the same values, from reg %s', (by) => {
    const { profile, diagnostics } = importFrom({ 'capture.txt': rows['both']?.[by] ?? '' }, ['windows'])
    expect(load(profile ?? '')).toMatchObject({ idle: '20s', interval: '5s', targets: ['windows'] })
    expect(diagnostics).toEqual([])
    const file = generated(profile, 'windows/keepalive.reg')
    expect(file).toContain(`[${TCPIP}]`)
    expect(file).toContain('"KeepAliveTime"=dword:00004e20')
    expect(file).toContain('"KeepAliveInterval"=dword:00001388')
  })

  it.each(['query', 'export'] as const)('has other settings, which are named, from reg %s', (by) => {
    const { findings } = importFrom({ 'capture.txt': rows['both']?.[by] ?? '' }, ['windows'])
    expect(findings.others).toEqual(expect.arrayContaining(['Hostname', 'DefaultTTL']))
    expect(findings.others).not.toContain('KeepAliveTime')
  })

  it.each(['query', 'export'] as const)('gives no profile without keep-alive values, from reg %s', (by) => {
    expect(importFrom({ 'capture.txt': rows['no keep-alive values']?.[by] ?? '' }).profile).toBeUndefined()
  })

  it.each(['query', 'export'] as const)('reports a text in place of a number, from reg %s', (by) => {
    const { findings, diagnostics } = importFrom({ 'capture.txt': rows['a text']?.[by] ?? '' }, ['windows'])
    expect(findings.readings[0]?.settings.map(({ field, value }) => [field, value])).toEqual([['interval', 5_000]])
    expect(diagnostics.map(({ code }) => code)).toContain('suspect/wrong-type')
  })
})

describeWithOracle('the settings of the kernel', missingPrograms('sysctl', 'busybox') ?? missingNamespaces(), () => {
  const settings = { time: 61, intvl: 11, probes: 6 }
  const set = Object.entries(settings).map(([name, value]) => `echo ${value} >/proc/sys/net/ipv4/tcp_keepalive_${name}`)
  let all: string
  beforeAll(() => {
    all = inOwnNetwork([...set, 'sysctl -a 2>&1'].join('\n')).stdout
  })

  it.each(['sysctl -a', 'sysctl -a -r keepalive', 'busybox sysctl -a'])(
    'become a profile with the same values, from %s',
    (command) => {
      const { stdout } = inOwnNetwork([...set, `${command} 2>&1`].join('\n'))
      const { profile } = importFrom({ 'capture.txt': stdout })
      expect(load(profile ?? '')).toMatchObject({ idle: '61s', interval: '11s', probes: 6, targets: ['linux'] })
      const path = 'linux/60-keepalive.conf'
      const lines = generated(profile, path)
        .split('\n')
        .filter((line) => line.startsWith('net.'))
      expect(lines).toEqual(
        Object.entries(settings).map(([name, value]) => `net.ipv4.tcp_keepalive_${name} = ${value}`),
      )
    },
  )

  it('are found among all other settings', () => {
    const { findings } = importFrom({ 'capture.txt': all })
    expect(all.split('\n').length).toBeGreaterThan(300)
    expect(findings.matched).toHaveLength(3)
    expect(findings.strays).toEqual([])
  })
})
