import { describe, expect, it } from 'vitest'
import { FIELDS } from '../../src/core/target.ts'
import { nativeKey } from '../../src/source/key-hint.ts'
import { TARGETS } from '../../src/targets/index.ts'
import { diagnose } from '../support/build.ts'

const natives = [...TARGETS.values()].flatMap(({ id, settings }) =>
  FIELDS.flatMap((field) => {
    const setting = settings[field]
    return setting.kind === 'unsupported' ? [] : [{ id, field, setting, key: setting.key }]
  }),
)

describe.each(natives)('$key of $id, as a key of a profile', ({ field, setting, key }) => {
  const last = key.split('.').at(-1) ?? key

  it.each([key, key.toUpperCase(), key.replaceAll('.', '/'), last, last.toLowerCase()])('is known as %s', (written) => {
    expect(nativeKey(TARGETS, { key: written, value: 60, text: '60' })).toMatchObject({ kind: 'native', field })
  })

  it('is written with the unit of its system', () => {
    const write = {
      duration: `${field}: 60${'unit' in setting ? setting.unit : ''}`,
      count: 'probes: 60',
      switch: 'always: true',
    }
    expect(nativeKey(TARGETS, { key, value: 60, text: '60' })?.write).toEqual([write[setting.kind]])
  })
})

describe('A key that a profile does not have', () => {
  it.each(['keepalive', 'keep', 'tcp', '', '.', 'x'.repeat(10_000)])('is no name of a setting: "%s"', (key) => {
    expect(nativeKey(TARGETS, { key, value: 1, text: '1' })).toBeUndefined()
  })

  it('says in its data what it means, for programs', () => {
    const [found] = diagnose('name: line4\nKeepAliveTime: 20000\ninterval: 5s\n')
    expect(found).toMatchObject({
      code: 'profile/unknown-key',
      data: {
        key: 'KeepAliveTime',
        meant: {
          kind: 'native',
          field: 'idle',
          families: ['Windows'],
          unit: 'ms',
          example: false,
          write: ['idle: 20000ms'],
        },
      },
    })
    const [target] = diagnose('name: line4\nidle: 20s\ninterval: 5s\nwin10: { idle: 4s }\n')
    expect(target).toMatchObject({ data: { meant: { kind: 'target', target: 'windows', group: 'overrides' } } })
  })
})
