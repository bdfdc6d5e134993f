import fc from 'fast-check'
import { dump } from 'js-yaml'
import { describe, expect, it } from 'vitest'
import { sha256 } from '#checksums'
import { createKit, type KitFile, type ProfileInput } from '../../src/index.ts'
import { readDocument } from '../../src/source/document.ts'
import { LINE4 } from '../support/cli.ts'

const kit = await createKit()
const codes = (diagnostics: readonly { readonly code: string }[]) => diagnostics.map(({ code }) => code)

describe('A profile', () => {
  const FORMS: readonly (readonly [string, ProfileInput])[] = [
    ['text', LINE4],
    ['JSON', '{ "name": "line4", "idle": "20s", "interval": "5s" }'],
    ['bytes', new TextEncoder().encode(LINE4)],
    ['a file', { path: 'line4.yaml', bytes: LINE4 }],
    ['an object', { name: 'line4', idle: '20s', interval: '5s' }],
  ]
  it.each(FORMS)('is the same as %s', (_, profile) => {
    expect(kit.check(profile)).toEqual(kit.check(LINE4))
  })

  it('goes into the bundle byte for byte as it was given', () => {
    const bytes = '# mine\r\nname: line4\r\nidle: 20s\r\ninterval: 5s\r\n'
    const own = kit.generate(bytes).files.find(({ path }) => path === 'line4/profile.yaml')
    expect(new TextDecoder().decode(own?.bytes)).toBe(bytes)
  })

  it('becomes YAML in the bundle if it is an object', () => {
    const { files } = kit.generate({ name: 'line4', idle: '20s', interval: '5s', title: 'a: b\n#' })
    const own = files.find(({ path }) => path === 'line4/profile.yaml')
    expect(new TextDecoder().decode(own?.bytes)).toBe('name: line4\nidle: 20s\ninterval: 5s\ntitle: |-\n  a: b\n  #\n')
  })

  it('means the same as an object and as YAML, with any texts and numbers', () => {
    const value = fc.oneof(
      fc.string(),
      fc.integer(),
      fc.boolean(),
      fc.constantFrom('0x10', 'yes', '~', '1_000', 'null'),
    )
    fc.assert(
      fc.property(fc.dictionary(fc.stringMatching(/^[a-z]+$/), fc.oneof(value, fc.array(value))), (object) => {
        const text = dump(object, { lineWidth: -1, noRefs: true })
        const { document, problems } = readDocument(new TextEncoder().encode(text), 'a.yaml')
        fc.pre(Object.keys(object).length > 0)
        expect(problems).toEqual([])
        expect({ ...(document?.value as object) }).toEqual(object)
      }),
    )
  })

  it('has diagnostics with a path and without lines if it is an object', () => {
    const [diagnostic] = kit.check({
      name: 'line4',
      idle: '20s',
      interval: '5s',
      overrides: { linux: { idle: '1500ms' } },
    }).diagnostics
    expect(diagnostic).toMatchObject({ code: 'setting/not-representable', path: ['overrides', 'linux', 'idle'] })
    expect(Object.keys(diagnostic ?? {}).toSorted()).toEqual(['code', 'data', 'file', 'message', 'path', 'severity'])
  })

  it('throws unless it is plain data', () => {
    const circle: Record<string, unknown> = { name: 'line4' }
    circle['self'] = circle
    expect(() => kit.check(circle)).toThrow(TypeError)
    expect(() => kit.check({ name: 'line4', idle: 20n })).toThrow(TypeError)
  })

  it('is an error if it names an unknown preset', () => {
    const { diagnostics, zip } = kit.bundle('preset:bekhoff')
    expect(zip).toBeUndefined()
    expect(diagnostics).toMatchObject([{ code: 'input/no-such-preset', data: { preset: 'bekhoff' } }])
  })

  it('makes nothing for an unknown target', () => {
    expect(kit.generate(LINE4, { targets: ['win10'] })).toMatchObject({
      files: [],
      diagnostics: [{ code: 'profile/unknown-target', data: { target: 'win10' } }],
    })
    expect(
      kit.generate(LINE4, { targets: ['freebsd'] }).files.some(({ path }) => path.startsWith('line4/tcbsd/')),
    ).toBe(true)
  })

  it('makes nothing with a warning if warnings are errors', () => {
    const profile = { name: 'line4', idle: '20s', interval: '5s', probes: 4, targets: ['windows'] }
    expect(kit.bundle(profile)).toMatchObject({ name: 'line4.zip', diagnostics: [{ severity: 'warning' }] })
    expect(kit.bundle(profile, { strict: true })).toMatchObject({
      zip: undefined,
      diagnostics: [{ severity: 'error' }],
    })
  })
})

describe('extends', () => {
  const profile = 'name: line4\nextends: base.yaml\nidle: 30s\n'
  const folder = (files: Readonly<Record<string, string>>) => (path: string) => files[path]

  it.each([
    ['line4.yaml', 'base.yaml', 'base.yaml'],
    ['lines/line4.yaml', 'base.yaml', 'lines/base.yaml'],
    ['lines/line4.yaml', '../base.yaml', 'base.yaml'],
    ['lines/line4.yaml', '../../base.yaml', '../base.yaml'],
    ['/plant/lines/line4.yaml', './base.yaml', '/plant/lines/base.yaml'],
  ])('asks from %s for %s as %s', (file, base, path) => {
    const asked: string[] = []
    kit.check(profile.replace('base.yaml', base), { file, resolve: (one) => void asked.push(one) })
    expect(asked).toEqual([path])
  })

  it('looks presets up in the kit, also below a file', () => {
    const resolve = folder({ 'base.yaml': 'name: base\nextends: preset:beckhoff\ntitle: Base\n' })
    expect(kit.check(profile, { resolve }).profiles).toMatchObject([
      {
        name: 'line4',
        title: undefined,
        profile: { idle: '30s', interval: '5s', overrides: { tcbsd: { idle: '4s' } } },
      },
    ])
    expect(kit.check('name: line4\nextends: preset:beckhoff\n').diagnostics).toEqual([])
  })

  it('is an error without such a file, without a way to ask for it, or in a circle', () => {
    expect(codes(kit.check(profile, { resolve: () => undefined }).diagnostics)).toEqual(['extends/missing'])
    expect(codes(kit.check(profile).diagnostics)).toContain('extends/not-here')
    const resolve = folder({ 'base.yaml': 'extends: other.yaml\n', 'other.yaml': 'extends: base.yaml\n' })
    expect(codes(kit.check(profile, { resolve }).diagnostics)).toEqual(['extends/cycle'])
  })

  it('is followed on both sides of a comparison, and in the profile that an output is compared with', () => {
    const resolve = folder({ 'base.yaml': 'name: base\ninterval: 5s\n' })
    const { difference } = kit.diff('preset:beckhoff', profile, { targets: ['linux'], resolve })
    expect(difference?.groups.map(({ changes }) => changes.map(({ after }) => after))).toEqual([[30]])
    const machine = 'net.ipv4.tcp_keepalive_time = 30\nnet.ipv4.tcp_keepalive_intvl = 5\n'
    expect(kit.verify(machine, { profile, resolve }).diagnostics).toEqual([])
  })
})

describe('Several files', () => {
  const zipped = (name: string): KitFile => {
    const { zip = new Uint8Array() } = kit.bundle({ name, idle: '20s', interval: '5s', targets: ['linux'] })
    return { path: `${name}.zip`, bytes: zip }
  }
  const made = (name: string) => kit.generate({ name, idle: '20s', interval: '5s', targets: ['linux'] }).files

  it('are verified output by output: folders, or zips', () => {
    for (const files of [
      [...made('a'), ...made('b')],
      [zipped('a'), zipped('b')],
    ]) {
      const { verified, diagnostics } = kit.verify(files)
      expect(verified.map(({ profile, madeAgain }) => ({ profile, madeAgain }))).toEqual([
        { profile: 'a', madeAgain: true },
        { profile: 'b', madeAgain: true },
      ])
      expect(diagnostics).toEqual([])
    }
  })

  it('without an output give no answer', () => {
    expect(codes(kit.verify([{ path: 'a.txt', bytes: 'x' }]).diagnostics)).toEqual(['verify/no-output'])
    expect(codes(kit.verify({ name: 'line4' }).diagnostics)).toEqual(['verify/no-output'])
    expect(codes(kit.verify('x').diagnostics)).toEqual(['zip/not-a-zip'])
  })

  it('are one output for import, or one machine, or one capture after the other', () => {
    expect(kit.import(made('a')).profiles).toMatchObject([{ name: 'a', target: 'linux', targets: ['linux'] }])
    const tree = [
      { path: 'etc/sysctl.d/10-a.conf', bytes: 'net.ipv4.tcp_keepalive_time = 20\nnet.ipv4.tcp_keepalive_intvl = 5\n' },
      { path: 'usr/lib/sysctl.d/10-a.conf', bytes: 'net.ipv4.tcp_keepalive_time = 99\n' },
    ]
    expect(kit.import(tree, { name: 'line4' }).profiles[0]?.yaml).toContain('idle: 20s')
    const captures = tree.map(({ bytes }, at) => ({ path: `${at}.conf`, bytes }))
    expect(kit.import(captures, { name: 'line4' }).profiles[0]?.yaml).toContain('idle: 99s')
  })

  it('are compared by the names of their profiles', () => {
    const changed = kit.generate({ name: 'b', idle: '30s', interval: '5s', targets: ['linux'] }).files
    const { difference } = kit.diff([...made('a'), ...made('b')], [...made('a'), ...changed])
    expect(difference).toMatchObject({ same: 1, groups: [{ profiles: ['b'], target: 'linux' }] })
  })
})

describe('An answer', () => {
  it('is the same for the same arguments, and is not changed by what a program does with an earlier one', () => {
    const digests = () =>
      kit.generate(LINE4).files.map(({ path, mode, bytes }) => ({ path, mode, sha256: sha256(bytes) }))
    const before = digests()
    expect(digests()).toEqual(before)
    for (const { bytes } of kit.generate(LINE4).files) bytes.fill(0)
    kit.bundle(LINE4).zip?.fill(0)
    expect(digests()).toEqual(before)
  })

  it('says which name a profile cannot have', () => {
    expect(kit.import({ path: 'a.conf', bytes: 'x' }, { name: 'Line 4' })).toMatchObject({
      profiles: [],
      diagnostics: [{ code: 'profile/bad-name', data: { name: 'Line 4' } }],
    })
  })

  it('names a policy that does not exist', () => {
    expect(codes(kit.explain(LINE4, { policies: ['nobody'] }).diagnostics)).toContain('policy/unknown')
  })

  it('is an error for two profiles with one name', () => {
    const { lock, diagnostics } = kit.lock([LINE4, { name: 'line4', idle: '30s', interval: '5s' }])
    expect(lock).toBeUndefined()
    expect(codes(diagnostics)).toEqual(['profile/duplicate-name'])
  })
})
