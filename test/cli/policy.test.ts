import { describe, expect, it } from 'vitest'
import { MIDDLEBOXES } from '../../src/core/middlebox.ts'
import { POLICIES } from '../../src/core/policy.ts'
import { loadPresets } from '../../src/io/assets.ts'
import { Desk } from '../support/cli.ts'

const FIVE = 'name: five\nidle: 5min\ninterval: 75s\noverrides: { windows-xp: { idle: 2h } }\n'
const desk = () => new Desk({ 'five.yaml': FIVE, 'line4.yaml': 'name: line4\nidle: 20s\ninterval: 5s\n' })
const SAP_COPY = 'https://www.scribd.com/document/821023041/1410736-E-20240702-TCP-IP-setting-keepalive-interval'

describe('explain --policy', () => {
  it('passes, with the numbers and the sources', async () => {
    const { code, out, err } = await desk().type('explain five.yaml -t linux --policy sap')
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(out).toContain(
      [
        '  policy sap: passes (SAP Note 1410736, recommended for application servers)',
        '    passes: net.ipv4.tcp_keepalive_time is 300 s (5 min), wanted 300 s (5 min)',
        '    passes: net.ipv4.tcp_keepalive_intvl is 75 s, wanted 75 s',
        '    passes: net.ipv4.tcp_keepalive_probes is 9 probes, wanted 9 probes',
        '  source: ',
      ].join('\n'),
    )
    expect(out).toContain(`  source: SAP Note 1410736, version 6 (a copy): ${SAP_COPY}\n`)
  })

  it('fails with exit 1, at the place in the profile, with the correction', async () => {
    const { code, out, err } = await desk().type('explain line4.yaml -t windows --policy cis')
    expect(code).toBe(1)
    expect(out).toContain(
      [
        '  policy cis: fails (CIS Benchmarks for Windows, MSS: (KeepAliveTime), level 2)',
        '    fails: KeepAliveTime is 20000 ms (20 s), wanted 300000 ms (5 min)',
        '',
      ].join('\n'),
    )
    expect(err).toBe(
      [
        'line4.yaml:2:7: error: windows: KeepAliveTime is 20000 ms (20 s), and cis wants 300000 ms (5 min). Write idle: 5min [policy/fails]',
        '    idle: 20s',
        '          ^',
        '',
      ].join('\n'),
    )
  })

  it('points at the override if that fails', async () => {
    const { code, err } = await desk().type('explain five.yaml -t windows -t windows-xp --policy stig')
    expect(code).toBe(1)
    expect(err).toBe(
      [
        'five.yaml:4:34: error: windows-xp: KeepAliveTime is 7200000 ms (2 h), and stig wants at most 300000 ms (5 min). Write idle: 5min [policy/fails]',
        '    overrides: { windows-xp: { idle: 2h } }',
        '                                     ^',
        '',
      ].join('\n'),
    )
  })

  it('points at the file if the profile does not set the number', async () => {
    const here = new Desk({ 'p.yaml': 'name: p\nidle: 60s\ninterval: 60s\n' })
    const { code, err } = await here.type('explain p.yaml -t linux --policy google-cloud')
    expect(code).toBe(1)
    expect(err).toContain(
      'error: linux: net.ipv4.tcp_keepalive_probes is 9 probes, and google-cloud wants 5 probes. Write probes: 5 [policy/fails]\n',
    )
    expect(err).toMatch(/^p\.yaml/)
  })

  it('reports a target that the policy does not cover, and passes', async () => {
    const { code, out, err } = await desk().type('explain line4.yaml -t linux --policy cis')
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(out).toContain(
      '  policy cis does not apply to linux (CIS Benchmarks for Windows, MSS: (KeepAliveTime), level 2)\n',
    )
  })

  it('names two policies that contradict each other, once, and fails', async () => {
    const { code, err } = await desk().type('explain five.yaml line4.yaml -t windows --policy cis --policy exchange')
    expect(code).toBe(1)
    expect(err.split('\n').filter((line) => line.includes('policy/conflict'))).toEqual([
      'error: windows: idle must be 300000 ms (5 min) for cis and 900000 to 1800000 ms (15 min to 30 min) for exchange; no value satisfies both, so check windows against one of them [policy/conflict]',
    ])
  })

  it('finds no contradiction for a target that only one of them covers', async () => {
    const { code, err } = await desk().type('explain line4.yaml -t windows-xp --policy cis --policy exchange')
    expect({ code, err }).toEqual({ code: 0, err: '' })
  })

  it('takes a repeated policy once', async () => {
    const { out } = await desk().type('explain five.yaml -t linux --policy sap --policy sap')
    expect(out.match(/policy sap/g)).toHaveLength(1)
  })

  it('with two in one word shows how to name two', async () => {
    const { code, err } = await desk().type('explain five.yaml --policy cis,stig')
    expect({ code, err }).toEqual({
      code: 2,
      err: 'keepalive-kit: --policy takes one policy; write --policy cis --policy stig\n',
    })
  })

  it('for an unknown policy is wrong usage, with the nearest name', async () => {
    expect(await desk().type('explain five.yaml --policy ciss')).toEqual({
      code: 2,
      out: '',
      err: 'keepalive-kit: there is no policy "ciss"; did you mean cis? Policies: beckhoff, cis, exchange, google-cloud, sap, stig\n',
    })
  })

  it('has exit code 2 if a profile is missing, and 1 if one is wrong', async () => {
    expect((await desk().type('explain nothing.yaml line4.yaml -t windows --policy cis')).code).toBe(2)
    const wrong = new Desk({ 'p.yaml': 'name: p\nidle: 20\ninterval: 5s\n' })
    expect((await wrong.type('explain p.yaml --policy cis')).code).toBe(1)
  })

  it('answers as JSON, and only if policies are given', async () => {
    const { code, out } = await desk().type('explain line4.yaml -t linux -t windows --policy exchange --format json')
    expect(code).toBe(1)
    expect(JSON.parse(out)).toMatchObject({
      diagnostics: [
        { code: 'policy/fails', severity: 'error', file: 'line4.yaml', line: 2, column: 7, path: ['idle'] },
      ],
      explanations: [
        { target: 'linux', policies: [{ policy: 'exchange', verdict: 'silent', checks: [] }] },
        {
          target: 'windows',
          policies: [
            {
              policy: 'exchange',
              verdict: 'fails',
              checks: [{ field: 'idle', found: '20000 ms (20 s)', passes: false, instead: '15min' }],
            },
          ],
        },
      ],
    })
    expect((await desk().type('explain line4.yaml --format json')).out).not.toContain('"policies"')
  })

  it('annotates for GitHub', async () => {
    const { err } = await desk().type('explain line4.yaml -t windows --policy cis --format github')
    expect(err).toBe(
      '::error file=line4.yaml,line=2,col=7,title=policy/fails::windows: KeepAliveTime is 20000 ms (20 s), and cis wants 300000 ms (5 min). Write idle: 5min\n',
    )
  })

  it('is a table on the page, and a number in its summary', async () => {
    const { code, out } = await desk().type(
      'explain line4.yaml -t linux -t windows --policy cis --policy beckhoff --format html',
    )
    expect(code).toBe(1)
    const rows = [...out.matchAll(/<tr><th scope="row">(?:cis|beckhoff) .*<\/tr>/g)].map(([row]) =>
      row
        .replace(/<span.*?<\/span>/g, '')
        .replace(/<[^>]*>/g, '|')
        .replace(/\|+/g, '|'),
    )
    expect(rows).toEqual([
      '|cis |nothing for this target|',
      '|beckhoff |nothing for this target|',
      '|cis |300000 ms (5 min)|KeepAliveTime 20000 ms (20 s)|fails|',
      '|beckhoff |20000 ms (20 s)|KeepAliveTime 20000 ms (20 s)|passes|',
      '|beckhoff |5000 ms (5 s)|KeepAliveInterval 5000 ms (5 s)|passes|',
    ])
    expect(out).toContain('<li><b>1</b> policy is violated</li>')
    expect(out).toContain('>Tenable: CIS Windows Server 2022 v3.0.0, 18.5.5</a>')
    expect((await desk().type('explain line4.yaml --format html')).out).not.toMatch(/policy is violated|>Policy</)
  })
})

describe('the lists', () => {
  it('policies has a line for each rule, with its source', async () => {
    const { code, out } = await desk().type('policies')
    expect(code).toBe(0)
    expect(out.split('\n').length - 1).toBe([...POLICIES.values()].flatMap(({ rules }) => rules).length)
    expect(out.replace(/ {2,}/g, ' | ')).toContain(
      ` | sap | SAP Note 1410736, recommended for application servers | linux | idle 5min, interval 75s, probes 9 | ${SAP_COPY}\n`,
    )
    expect(out).toContain('idle 15min to 30min')
    expect(out).toContain('idle at most 5min')
  })

  it('middleboxes has a line for each, with its source', async () => {
    const { code, out } = await desk().type('middleboxes')
    expect(code).toBe(0)
    const rows = out.replace(/ {2,}/g, ' | ').split('\n').slice(0, -1)
    expect(rows.length).toBe(MIDDLEBOXES.size)
    expect(rows).toContain(
      ' | azure-lb | Azure Load Balancer | 4min | can be set: 4min to 100min | https://learn.microsoft.com/azure/load-balancer/load-balancer-tcp-idle-timeout',
    )
    expect(out).toContain('can be set: at least 5min')
    expect(out).toContain('fixed')
  })

  it.each([
    ['policies', [...POLICIES.values()]],
    ['middleboxes', [...MIDDLEBOXES.values()]],
  ])('%s are available as data', async (command, wanted) => {
    const answer = JSON.parse((await desk().type(`${command} --format json`)).out) as Record<string, unknown>
    expect(answer[command]).toEqual(JSON.parse(JSON.stringify(wanted)))
  })
})

describe('a preset', () => {
  it.each([
    ['beckhoff', ['linux', 'tcbsd', 'windows', 'windows-ce', 'windows-xp'], 'beckhoff'],
    ['google-cloud', ['linux'], 'google-cloud'],
    ['sap', ['linux', 'windows'], 'sap'],
    ['spectrum-protect', ['linux', 'windows'], 'stig'],
    ['sql-server', ['windows', 'windows-xp'], 'stig'],
  ])('%s is for %j, and passes %s', async (preset, targets, policy) => {
    const { code, out, err } = await desk().type(`explain preset:${preset} --policy ${policy} --format json`)
    expect({ code, err }).toEqual({ code: 0, err: '' })
    const { explanations } = JSON.parse(out) as { explanations: { target: string }[] }
    expect(explanations.map(({ target }) => target)).toEqual(targets)
  })

  it.each([
    ['google-cloud', 'linux', [60, 60, 5]],
    ['sap', 'linux', [300, 75, 9]],
    ['sap', 'windows', [300_000, 75_000]],
    ['spectrum-protect', 'linux', [300, 30]],
    ['spectrum-protect', 'windows', [300_000, 30_000]],
    ['sql-server', 'windows', [30_000, 1_000]],
    ['sql-server', 'windows-xp', [30_000, 1_000]],
  ])('%s gives %s %j', async (preset, target, wanted) => {
    const { out } = await desk().type(`explain preset:${preset} -t ${target} --format json`)
    const { explanations } = JSON.parse(out) as { explanations: { settings: { value: number }[] }[] }
    expect(explanations[0]?.settings.map(({ value }) => value)).toEqual(wanted)
  })

  it.each([...loadPresets()])('%s names its source', (_name, text) => {
    expect(text).toMatch(/^# .*https:\/\//m)
  })
})
