import { Ajv } from 'ajv'
import { load } from 'js-yaml'
import { describe, expect, it } from 'vitest'
import { profileJsonSchema } from '../../src/core/schema.ts'
import { TARGETS } from '../../src/targets/index.ts'

// Problems that an editor shows in a profile, found by a validator that is not ours.

const schema = profileJsonSchema(TARGETS)
const accepts = new Ajv({ strict: true }).compile(schema)

const PLAIN = 'name: line4\nidle: 20s\ninterval: 5s\n'

describe('the JSON Schema', () => {
  it('is of the draft that editors take, and explains every key', () => {
    const { $schema, properties } = schema as { $schema: string; properties: Record<string, { description?: string }> }
    expect($schema).toBe('http://json-schema.org/draft-07/schema#')
    expect(Object.entries(properties).filter(([, { description }]) => description === undefined)).toEqual([])
  })

  it.each([
    PLAIN,
    `${PLAIN}title: Any text\nprobes: 9\ninit: 75s\nalways: true\n`,
    `${PLAIN}targets: [linux, freebsd]\noverrides: { freebsd: { idle: 4s } }\n`,
    `${PLAIN}options: { windows: { hive: IMAGE, control-set: 2 }, windows-ce: { ipv6: true } }\n`,
  ])('takes %j', (text) => {
    expect({ accepted: accepts(load(text)), errors: accepts.errors }).toEqual({ accepted: true, errors: null })
  })

  it.each([
    `${PLAIN}options: { windows: { hive: 'A B' } }\n`,
    `${PLAIN}options: { windows: { control-set: 0 } }\n`,
    `${PLAIN}options: { linux: { ipv6: true } }\n`,
    'name: line4\nidle: 20s\n',
    'name: line4\nidle: 20\ninterval: 5s\n',
    'name: line4\nidle: 0s\ninterval: 5s\n',
    'name: line4\nidle: 1.5s\ninterval: 5s\n',
    'name: con\nidle: 20s\ninterval: 5s\n',
    'name: Line 4\nidle: 20s\ninterval: 5s\n',
    `${PLAIN}prbes: 9\n`,
    `${PLAIN}probes: 0\n`,
    `${PLAIN}probes: 1.5\n`,
    `${PLAIN}always: yes\n`,
    `${PLAIN}targets: []\n`,
    `${PLAIN}targets: [linux, linux]\n`,
    `${PLAIN}targets: [windoze]\n`,
    `${PLAIN}overrides: { tcbsd: { idel: 4s } }\n`,
    `${PLAIN}overrides: { tcbds: { idle: 4s } }\n`,
  ])('refuses %j', (text) => {
    expect(accepts(load(text))).toBe(false)
  })
})
