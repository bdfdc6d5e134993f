import { describe, expect, it } from 'vitest'
import { CODES, type Diagnostic } from '../../src/core/diagnostic.ts'
import { readProfile } from '../../src/source/profile.ts'
import { TARGETS } from '../../src/targets/index.ts'
import { diagnose } from '../support/build.ts'
import { BAD_PROFILES } from './bad-profiles.ts'

const line = ({ location, severity, message, code }: Diagnostic) =>
  `${location?.line}:${location?.column}: ${severity}: ${message} [${code}]`

describe('a profile that is wrong', () => {
  it.each(BAD_PROFILES)('$what', ({ text, says }) => {
    expect(diagnose(text).map(line)).toEqual(says)
  })

  it.each([
    ['duplicates', `{${'a,'.repeat(30_000)}}`],
    ['ambiguous numbers', `[${'00,'.repeat(20_000)}]`],
    ['aliases', `[${'*a,'.repeat(20_000)}]`],
    ['unknown targets', `{name: a, idle: 1s, interval: 1s, targets: [${'x,'.repeat(30_000)}]}`],
    ['empty keys', 'a:\n'.repeat(20_000)],
  ])('with tens of thousands of %s gets a hundred messages of each kind', (_what, text) => {
    const count = diagnose(text).length
    expect(count).toBeGreaterThan(100)
    expect(count).toBeLessThan(300)
  })
})

const read = (text: string) => readProfile(TARGETS, Buffer.from(text), 'test.yaml').read?.profile

describe('a profile that is right', () => {
  const plain = read('name: line4\nidle: 20s\ninterval: 5s\n')

  it.each([
    ['with CRLF', 'name: line4\r\nidle: 20s\r\ninterval: 5s\r\n'],
    ['with a BOM', '\ufeffname: line4\nidle: 20s\ninterval: 5s\n'],
    ['as JSON', '{ "name": "line4", "idle": "20s", "interval": "5s" }'],
    ['with quotes, comments and a start mark', '---\n# mine\nname: "line4" # x\nidle: \'20s\'\ninterval: 5s\n'],
    ['in other units', 'name: line4\nidle: 20000ms\ninterval: 5000ms\n'],
    ['in another order', 'interval: 5s\nname: line4\nidle: 20s\n'],
    ['with an end mark, and nothing after it', 'name: line4\nidle: 20s\ninterval: 5s\n---\n'],
    ['after an empty document', '---\n---\nname: line4\nidle: 20s\ninterval: 5s\n'],
    ['with CR only', 'name: line4\ridle: 20s\rinterval: 5s\r'],
    ['with no newline at its end', 'name: line4\nidle: 20s\ninterval: 5s'],
  ])('reads the same %s', (_what, text) => {
    expect(read(text)).toEqual(plain)
  })

  it('is for every target when it names none', () => {
    expect(plain?.targets).toEqual([...TARGETS.keys()])
  })

  it('may call a target by another name, in any order', () => {
    expect(
      read('name: a\nidle: 20s\ninterval: 5s\ntargets: [windows, freebsd]\noverrides: { freebsd: { idle: 4s } }'),
    ).toMatchObject({
      targets: ['tcbsd', 'windows'],
      overrides: new Map([['tcbsd', { typed: 'freebsd', values: { idle: 4_000 } }]]),
    })
  })

  it('may have any text as title', () => {
    const title = 'Línea 4 — "q" \'q\' `x` $(x) %PATH% ] \u202e \u2028'
    expect(read(JSON.stringify({ name: 'a', title, idle: '20s', interval: '5s' }))?.title).toBe(title)
  })
})

describe('the catalogue of problems', () => {
  it('has an example here for everything that can be wrong with a profile', () => {
    const seen = new Set(BAD_PROFILES.flatMap(({ says }) => says.map((one) => /\[([^\]]+)\]$/.exec(one)?.[1])))
    const ofProfiles = CODES.filter((code) => /^(?:document|profile|setting)\//.test(code))
    const ofRuns = ['profile/duplicate-name', 'profile/no-such-target-selected']
    expect(ofProfiles.filter((code) => !seen.has(code) && !ofRuns.includes(code))).toEqual([])
  })
})
