import { describe, expect, it } from 'vitest'
import type { Diagnostic } from '../../src/core/diagnostic.ts'
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

  it('with 40 000 unknown keys is answered key by key, soon', () => {
    const keys = Array.from({ length: 40_000 }, (_, i) => `key${i}: 1`).join('\n')
    expect(diagnose(`name: line4\nidle: 20s\ninterval: 5s\n${keys}\n`)).toHaveLength(40_000)
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
      overrides: new Map([['tcbsd', { idle: 4_000 }]]),
    })
  })

  it('may have any text as title', () => {
    const title = 'Línea 4 — "q" \'q\' `x` $(x) %PATH% ] \u202e \u2028'
    expect(read(JSON.stringify({ name: 'a', title, idle: '20s', interval: '5s' }))?.title).toBe(title)
  })
})
