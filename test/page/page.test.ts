import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { differencePage } from '../../src/review/page/page.ts'
import { Desk, LINE4 } from '../support/cli.ts'
import { templates } from '../support/build.ts'
import { CE, DIFFERENCE, WINDOWS } from './differences.ts'

const page = (difference: Partial<typeof DIFFERENCE> = {}) =>
  differencePage(templates, { ...DIFFERENCE, ...difference })
const HOSTILE = `</title><script>alert('a')</script>"&\u202e\u200b\n`

describe('the page of a difference', () => {
  it('has the same bytes for the same difference', () => {
    expect(page()).toBe(page())
  })

  it.each([
    ['a label', { before: HOSTILE }],
    ['the other label', { after: HOSTILE }],
    ['a device', { groups: [{ ...WINDOWS, devices: [HOSTILE] }] }],
    ['one of many devices', { groups: [{ ...WINDOWS, devices: [HOSTILE, 'b', 'c', 'd'] }] }],
    ['a target', { groups: [{ ...WINDOWS, target: HOSTILE }] }],
    ['its systems', { groups: [{ ...WINDOWS, systems: HOSTILE }] }],
    ['a key', { groups: [{ ...WINDOWS, changes: [{ key: HOSTILE, summary: '', before: '', after: '' }] }] }],
    ['a summary', { groups: [{ ...WINDOWS, changes: [{ key: '', summary: HOSTILE, before: '', after: '' }] }] }],
    ['an old value', { groups: [{ ...WINDOWS, changes: [{ key: '', summary: '', before: HOSTILE, after: '' }] }] }],
    ['a new value', { groups: [{ ...WINDOWS, changes: [{ key: '', summary: '', before: '', after: HOSTILE }] }] }],
    ['a consequence', { groups: [{ ...WINDOWS, consequences: [HOSTILE] }] }],
    ['a path', { groups: [{ ...WINDOWS, files: [{ path: HOSTILE, how: '' }] }] }],
    ['how it changed', { groups: [{ ...WINDOWS, files: [{ path: '', how: HOSTILE }] }] }],
  ])('shows %s as text, whatever it contains', (_what, difference) => {
    const html = page(difference)
    expect(html).toContain(
      '&#60;/title&#62;&#60;script&#62;alert(&#39;a&#39;)&#60;/script&#62;&#34;&#38;\\u202e\\u200b\\u000a',
    )
    expect(html).not.toContain("alert('a')")
    expect(html).not.toMatch(/[\u202e\u200b]/)
  })

  it('allows its own style and script by their digests, and nothing else', () => {
    const html = page()
    const digest = (element: string) => {
      const [, text] = new RegExp(`<${element}>([^]*)</${element}>`).exec(html) as unknown as [string, string]
      return `sha256-${createHash('sha256').update(text).digest('base64')}`
    }
    const policy = /Content-Security-Policy" content="([^"]*)"/.exec(html)?.[1]?.replaceAll('&#39;', "'")
    expect(policy).toBe(
      `default-src 'none'; style-src '${digest('style')}'; script-src '${digest('script')}'; base-uri 'none'; form-action 'none'`,
    )
  })

  it('counts a device once, even if it is in several groups', () => {
    const html = page({ groups: [WINDOWS, { ...CE, devices: WINDOWS.devices }], unchanged: 0 })
    expect(html).toContain('<li><b>1</b> device changes</li>')
    expect(html).toContain('<li><b>2</b> groups of equal changes</li>')
    expect(html).toContain('<li><b>0</b> devices stay as they are</li>')
  })

  it.each([
    ['before', { before: { idle: 20_000, interval: 5_000, probes: 9 } }, ['before']],
    ['after', { after: { idle: 20_000, interval: 5_000, probes: 9 } }, ['after']],
    ['neither', {}, []],
  ])('draws only what is known: %s', (_what, timeline, wanted) => {
    const html = page({ groups: [{ ...WINDOWS, timeline }] })
    expect([...html.matchAll(/>(before|after): first probe/g)].map(([, label]) => label)).toEqual(wanted)
    expect(html.includes('<svg')).toBe(wanted.length > 0)
  })

  it('says that there is no difference, and has no filter', () => {
    const html = page({ groups: [] })
    expect(html).toContain('There is no difference.')
    expect(html).not.toMatch(/<form|<script|<article/)
  })
})

describe('explain --format html', () => {
  it('prints one page with every target, the same each time', async () => {
    const { code, out, err } = await new Desk({ 'line4.yaml': LINE4 }).type('explain line4.yaml --format html')
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(out).toMatch(/^<!doctype html>\n[^]*<\/html>\n$/)
    expect([...out.matchAll(/<h3>(.*?)<\/h3>/g)].map(([, heading]) => heading)).toEqual(
      ['linux', 'tcbsd', 'windows', 'windows-ce', 'windows-xp'].map((target) => `line4 on ${target}`),
    )
    expect((await new Desk({ 'other.yaml': LINE4 }).type('explain other.yaml --format html')).out).toBe(out)
  })

  it('has the native values, the detection time and the sources', async () => {
    const { out } = await new Desk({ 'line4.yaml': LINE4 }).type('explain line4.yaml -t windows --format html')
    const text = out.replace(/<style>[^]*?<\/style>|<script>[^]*?<\/script>|<[^>]*>/g, ' ').replace(/\s+/g, ' ')
    expect(text).toContain('KeepAliveTime idle 20 000 ms 0x4e20 20 s 2 h')
    expect(text).toContain(
      'A dead peer is noticed 70 s after its last sign of life. With the system defaults it would be 2 h 10 s.',
    )
    expect(text).toContain('this profile: first probe 20 s, drop 70 s')
    expect(out).toContain('<a href="https://learn.microsoft.com/')
  })

  it('says that the time of the drop is not known without a number of probes', async () => {
    const { out } = await new Desk({ 'line4.yaml': LINE4 }).type('explain line4.yaml -t windows-ce --format html')
    expect(out).toContain('this profile: first probe 20 s, drop time not known')
  })

  it('prints the errors of a wrong profile as text, and no page', async () => {
    const desk = new Desk({ 'line5.yaml': 'name: line5\nidle: 20\ninterval: 5s\n' })
    const { code, out, err } = await desk.type('explain line5.yaml --format html')
    expect({ code, out }).toEqual({ code: 1, out: '' })
    expect(err).toContain('line5.yaml:2:7: error:')
  })

  it('is not a format of validate', async () => {
    const { code, err } = await new Desk({ 'line4.yaml': LINE4 }).type('validate line4.yaml --format html')
    expect(code).toBe(2)
    expect(err).toContain('--format cannot be "html"; write text, json or github\n')
  })
})
