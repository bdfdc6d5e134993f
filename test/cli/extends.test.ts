import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { Desk } from '../support/cli.ts'

const BASE = `title: Lines of hall 3
idle: 20s
interval: 5s
targets: [tcbsd, linux]
overrides:
  tcbsd: { idle: 4s, interval: 4s }
  linux: { idle: 30s }
`

/** The settings, as `KEY VALUE` for each target. */
async function set(desk: Desk, profile: string): Promise<readonly string[]> {
  const { code, out, err } = await desk.type(`explain ${profile} --format json`)
  expect({ code, err }).toEqual({ code: 0, err: '' })
  const { explanations } = JSON.parse(out) as {
    explanations: { target: string; settings: { field: string; value: number }[] }[]
  }
  return explanations.map(({ target, settings }) =>
    [target, ...settings.map(({ field, value }) => `${field} ${value}`)].join(' '),
  )
}

describe('a profile that extends another', () => {
  it('may name it by its whole path', async () => {
    const desk = new Desk({ 'base.yaml': BASE })
    const other = new Desk({ 'a.yaml': `name: a\nextends: ${join(desk.folder, 'base.yaml')}\n` })
    expect(await other.type('validate a.yaml')).toMatchObject({ code: 0, err: '' })
  })

  it.each([
    ['has all values of the other', '', ['linux idle 30 interval 5', 'tcbsd idle 4000 interval 4000']],
    ['overrides it, value by value', 'idle: 40s\n', ['linux idle 30 interval 5', 'tcbsd idle 4000 interval 4000']],
    [
      'overrides a value for all targets',
      'interval: 7s\n',
      ['linux idle 30 interval 7', 'tcbsd idle 4000 interval 4000'],
    ],
    [
      'overrides a value for one target',
      'overrides: { tcbsd: { idle: 9s } }\n',
      ['linux idle 30 interval 5', 'tcbsd idle 9000 interval 4000'],
    ],
    ['may add values', 'probes: 3\n', ['linux idle 30 interval 5 probes 3', 'tcbsd idle 4000 interval 4000 probes 3']],
    ['may have fewer targets, without a warning', 'targets: [linux]\n', ['linux idle 30 interval 5']],
    [
      'may have other targets',
      'targets: [windows-ce]\noptions: { windows-ce: { ipv6: true } }\n',
      ['windows-ce idle 20000 interval 5000'],
    ],
  ])('%s', async (_, own, wanted) => {
    const desk = new Desk({ 'base.yaml': BASE, 'a.yaml': `name: a\nextends: base.yaml\n${own}` })
    expect(await set(desk, 'a.yaml')).toEqual(wanted)
  })

  it('is resolved relative to its own folder, through any number of files, up to a preset', async () => {
    const desk = new Desk({
      'hall/a.yaml': 'name: a\nextends: ../plant.yaml\n',
      'plant.yaml': 'extends: company/base.yaml\ntargets: [tcbsd, linux]\n',
      'company/base.yaml': 'extends: preset:beckhoff\ninterval: 6s\n',
    })
    expect(await set(desk, 'hall/a.yaml')).toEqual(['linux idle 20 interval 6', 'tcbsd idle 4000 interval 4000'])
  })

  it('may come from standard input', async () => {
    const desk = new Desk({ 'base.yaml': BASE })
    const stdin = 'name: a\nextends: base.yaml\n'
    expect((await desk.type('validate -', { stdin })).code).toBe(0)
    const other = new Desk({ 'base.yaml': BASE, 'a.yaml': 'name: a\nextends: base.yaml\n' })
    expect(await other.type('diff - a.yaml', { stdin })).toMatchObject({ code: 0, out: '' })
  })

  it('is in its bundle as one equivalent file, from which the bundle can be made again', async () => {
    const desk = new Desk({ 'base.yaml': BASE, 'a.yaml': 'name: a\n# ours\nextends: base.yaml\ntitle: Line 4\n' })
    expect((await desk.type('generate a.yaml')).code).toBe(0)
    expect(readFileSync(join(desk.folder, 'out/a/profile.yaml'), 'utf8')).toBe(`name: a
title: Line 4
idle: 20s
interval: 5s
targets:
  - linux
  - tcbsd
overrides:
  linux:
    idle: 30s
  tcbsd:
    idle: 4s
    interval: 4s
`)
    expect(await desk.type('verify out/a')).toMatchObject({ code: 0 })
    expect(await desk.type('diff a.yaml out/a')).toMatchObject({ code: 0, out: '' })
    expect(await desk.type('generate out/a/profile.yaml --check')).toMatchObject({ code: 0 })
  })
})

describe('an error', () => {
  it.each([
    [
      'in the extended profile is reported there',
      { 'a.yaml': 'name: a\nextends: base.yaml\n', 'base.yaml': 'idle: 20\ninterval: 5s\nprobe: 3\n' },
      [
        'base.yaml:1:7: error: idle has no unit; write 20s for seconds or 20ms for milliseconds [profile/unit-missing]',
        'base.yaml:3:1: error: there is no key "probe"; did you mean probes?',
      ],
    ],
    [
      'in an inherited value is reported at that value',
      { 'a.yaml': 'name: a\nextends: base.yaml\ntargets: [linux]\n', 'base.yaml': 'idle: 1500ms\ninterval: 5s\n' },
      ['base.yaml:1:7: error: linux: net.ipv4.tcp_keepalive_time cannot hold 1500ms exactly'],
    ],
    [
      'in the name is not repaired by the other name',
      { 'a.yaml': 'extends: base.yaml\n', 'base.yaml': 'name: base\nidle: 20s\ninterval: 5s\n' },
      ['a.yaml:1:1: error: name is missing'],
    ],
    [
      'for a missing file is reported at the line with extends',
      { 'a.yaml': 'name: a\nextends: b.yaml\n', 'b.yaml': 'idle: 1s\nextends: nope.yaml\n' },
      ['b.yaml:2:10: error: the profile to extend cannot be read: there is no file "nope.yaml" [extends/missing]'],
    ],
    [
      'for a folder or an unknown preset is reported there too',
      { 'a.yaml': 'name: a\nextends: preset:bekhoff\n' },
      [
        'a.yaml:2:10: error: the profile to extend cannot be read: there is no preset "bekhoff"; did you mean beckhoff?',
      ],
    ],
    ...['beckhoff', 'Beckhoff.yaml', 'presets/beckhoff', 'Preset:beckhoff'].map(
      (name): [string, Record<string, string>, string[]] => [
        `when it is a preset that is written ${name} says how it is written`,
        { 'a.yaml': `name: a\nextends: ${name}\n` },
        [`a.yaml:2:10: error: the profile to extend cannot be read: there is no file "${name}"; write preset:beckhoff`],
      ],
    ),
    [
      'for a circle names every file in it',
      {
        'a.yaml': 'name: a\nextends: b.yaml\n',
        'b.yaml': 'extends: c.yaml\n',
        'c.yaml': 'idle: 5s\nextends: b.yaml\n',
      },
      [
        'c.yaml:2:10: error: b.yaml extends c.yaml extends b.yaml: a profile cannot extend itself; take the line out of one of them [extends/cycle]',
      ],
    ],
    [
      'for a profile that extends itself is that of a circle',
      { 'a.yaml': 'name: a\nextends: ./a.yaml\n' },
      ['a.yaml:2:10: error: a.yaml extends a.yaml: a profile cannot extend itself'],
    ],
    [
      'for a row of more profiles than anybody can follow names the most',
      Object.fromEntries(
        Array.from({ length: 8_000 }, (_, at) => [
          at === 0 ? 'a.yaml' : `b${at}.yaml`,
          `name: a\nextends: b${at + 1}.yaml\n`,
        ]),
      ),
      ['b100.yaml:2:10: error: more than 100 profiles extend each other in a row; join some of them in one file'],
    ],
    ...[
      ['a list of users', 'root:x:0:0:root:/root:/bin/bash\nhunter2:x:1:1::/:/bin/sh\n'],
      ['secrets in YAML', 'name: database\npassword: hunter2\n'],
      ['secrets in JSON', '{"token": "hunter2", "hunter2": 1}'],
      ['broken YAML', 'password: "hunter2\n- x: [\n'],
      ['a key', '-----BEGIN PRIVATE KEY-----\nhunter2\n-----END PRIVATE KEY-----\n'],
      ['variables', 'PATH=/usr/bin:/bin\u0000TOKEN=hunter2\u0000'],
      ['nothing', ''],
    ].map(([what, text]): [string, Record<string, string>, string[]] => [
      `for a file that is no profile, but ${what}, names the place and shows no line`,
      { 'a.yaml': 'name: a\nextends: secret\n', secret: text ?? '' },
      ['a.yaml:2:10: error: "secret" is no profile: it has no key of one, such as idle; name a profile'],
    ]),
    [
      'for a name with NUL in it says that there is no such file',
      { 'a.yaml': 'name: a\nextends: "b\\0.yaml"\n' },
      ['a.yaml:2:10: error: the profile to extend cannot be read: there is no file "b\\u0000.yaml" [extends/missing]'],
    ],
    [
      'for a list of files names the wrong type',
      { 'a.yaml': 'name: a\nextends: [b.yaml]\nidle: 5s\ninterval: 5s\n' },
      ['a.yaml:2:10: error: extends must be text, not a list [profile/wrong-type]'],
    ],
    [
      'reports that nothing can be extended',
      { 'a.yaml': 'name: a\nextends: ""\nidle: 5s\ninterval: 5s\n' },
      [
        'a.yaml:2:10: error: the profile to extend cannot be looked up here; write its values out instead [extends/not-here]',
      ],
    ],
  ])('%s', async (_, files, wanted) => {
    const { code, err } = await new Desk(files).type('validate a.yaml')
    expect(code).toBe(1)
    const lines = err.split('\n').filter((line) => line.includes(': error: '))
    expect(lines).toHaveLength(wanted.length)
    expect(err).not.toContain('hunter2')
    for (const [index, line] of lines.entries()) expect(line).toContain(wanted[index])
  })
})
