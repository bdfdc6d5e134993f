import { chmodSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { sha256 } from '../../src/core/artifact.ts'
import { Desk, LINE4 } from '../support/cli.ts'

const TREE = [
  'out/line4/README.txt',
  'out/line4/SHA256SUMS',
  'out/line4/linux/60-keepalive.conf',
  'out/line4/linux/install.sh',
  'out/line4/linux/uninstall.sh',
  'out/line4/linux/verify.sh',
  'out/line4/manifest.json',
  'out/line4/profile.yaml',
]
const desk = () => new Desk({ 'line4.yaml': LINE4 })

describe('generate', () => {
  it('writes the tree, says what it wrote, and what to do next', async () => {
    const here = desk()
    const { code, out, err } = await here.type('generate line4.yaml -t linux')
    expect(code).toBe(0)
    expect(out).toBe(TREE.map((path) => `new      ${path}\n`).join(''))
    expect(err).toBe('out/line4: 8 files, 8 written anew\nnext: read out/line4/README.txt\n')
    expect(here.files()).toEqual(['line4.yaml', ...TREE])
  })

  it('run again changes nothing, not even a time', async () => {
    const here = desk()
    await here.type('generate line4.yaml -t linux')
    const { out, err } = await here.type('generate line4.yaml -t linux')
    expect({ out, err }).toEqual({
      out: '',
      err: 'out/line4: 8 files, all as they should be\nnext: read out/line4/README.txt\n',
    })
  })

  it('removes what an older run wrote and the profile no longer asks for', async () => {
    const here = desk()
    await here.type('generate line4.yaml')
    const { out } = await here.type('generate line4.yaml -t linux')
    expect(out).toContain('removed  out/line4/windows/keepalive.reg\n')
    expect(here.files()).toEqual(['line4.yaml', ...TREE])
  })

  it('never removes a file that it did not write', async () => {
    const here = desk()
    await here.type('generate line4.yaml -t linux')
    writeFileSync(join(here.folder, 'out/line4/notes.txt'), 'mine')
    symlinkSync('notes.txt', join(here.folder, 'out/line4/linux/link'))
    const { code, err } = await here.type('generate line4.yaml')
    expect(code).toBe(1)
    expect(err).toBe(
      'error: out/line4 holds linux/link, notes.txt, which keepalive-kit did not write; move it away or choose another folder with --out [output/foreign-file]\n',
    )
    expect(here.files()).toContain('out/line4/notes.txt')
    expect(here.files()).not.toContain('out/line4/windows/keepalive.reg')
  })

  it('does not take a folder for its own because of its name', async () => {
    const here = desk()
    mkdirSync(join(here.folder, 'out/line4'), { recursive: true })
    writeFileSync(join(here.folder, 'out/line4/README.txt'), 'mine')
    expect((await here.type('generate line4.yaml')).code).toBe(1)
    expect(readFileSync(join(here.folder, 'out/line4/README.txt'), 'utf8')).toBe('mine')
  })

  it('with --dry-run says what would be written, and writes nothing', async () => {
    const here = desk()
    const { code, out, err } = await here.type('generate line4.yaml -t linux -n')
    expect({ code, err }).toEqual({
      code: 0,
      err: 'out/line4: 8 files, 8 would change\ndry run: nothing was written\n',
    })
    expect(out).toContain('new      out/line4/linux/install.sh\n')
    expect(here.files()).toEqual(['line4.yaml'])
  })

  it.each([
    ['nothing', () => {}, 0, ''],
    [
      'a changed byte',
      (folder: string) => writeFileSync(join(folder, 'out/line4/linux/install.sh'), '#!/bin/sh\n'),
      1,
      'linux/install.sh is not what its profile says',
    ],
    [
      'a lost executable bit',
      (folder: string) => chmodSync(join(folder, 'out/line4/linux/install.sh'), 0o644),
      1,
      'linux/install.sh is not what its profile says',
    ],
    [
      'a foreign file',
      (folder: string) => writeFileSync(join(folder, 'out/line4/x'), ''),
      1,
      'x is not part of its profile',
    ],
    [
      'another profile',
      (folder: string) => writeFileSync(join(folder, 'line4.yaml'), LINE4.replace('20s', '30s')),
      1,
      '60-keepalive.conf is not what its profile says',
    ],
  ] as const)('with --check finds %s', async (_what, spoil, wanted, message) => {
    const here = desk()
    await here.type('generate line4.yaml -t linux')
    spoil(here.folder)
    const before = here.files()
    const { code, err } = await here.type('generate line4.yaml -t linux --check')
    expect(code).toBe(wanted)
    expect(err).toContain(message)
    expect(here.files()).toEqual(before)
  })

  it('reports every file as JSON', async () => {
    const here = desk()
    const { out, err } = await here.type('generate line4.yaml -t windows --format json')
    expect(err).toBe('')
    const { artifacts } = JSON.parse(out) as { artifacts: { path: string }[] }
    expect(artifacts.find(({ path }) => path.endsWith('/keepalive.reg'))).toEqual({
      profile: 'line4',
      target: 'windows',
      path: 'out/line4/windows/keepalive.reg',
      sha256: 'aef83c931db44d76a800d0df2e1dea70ff056c044e3f692b1dec0d3e77db58a7',
      bytes: 368,
      mode: '0644',
    })
  })

  it('stops with exit 3 where it may not write, and leaves nothing half done', async () => {
    const here = desk()
    writeFileSync(join(here.folder, 'out'), 'a file')
    const { code, err } = await here.type('generate line4.yaml')
    expect({ code, err }).toEqual({ code: 3, err: `keepalive-kit: ${here.folder}/out: it is there already\n` })
    expect(here.files()).toEqual(['line4.yaml', 'out'])
  })
})

describe('bundle', () => {
  it('writes the zip, names it on stdout, and says what to do next', async () => {
    const here = desk()
    const { code, out, err } = await here.type('bundle line4.yaml')
    expect({ code, out }).toEqual({ code: 0, out: 'out/line4.zip\n' })
    const bytes = readFileSync(join(here.folder, 'out/line4.zip'))
    expect(err).toContain(`out/line4.zip: 25 files, ${bytes.length} bytes, sha256 ${sha256(bytes)}\n`)
    expect(err).toContain('next: unpack it on the machine and open README.txt')
    expect(here.files()).toEqual(['line4.yaml', 'out/line4.zip'])
  })

  it('with --check says whether the zip is what the profile says', async () => {
    const here = desk()
    expect((await here.type('bundle line4.yaml --check')).err).toContain(
      'out/line4.zip is missing; run bundle without --check',
    )
    await here.type('bundle line4.yaml')
    expect((await here.type('bundle line4.yaml --check')).code).toBe(0)
    writeFileSync(join(here.folder, 'out/line4.zip'), 'x')
    const { code, err } = await here.type('bundle line4.yaml --check')
    expect(code).toBe(1)
    expect(err).toContain('out/line4.zip is not what its profile says; run bundle without --check [output/differs]')
  })

  it('with --dry-run writes nothing', async () => {
    const here = desk()
    const { code, out } = await here.type('bundle line4.yaml --dry-run')
    expect({ code, out }).toEqual({ code: 0, out: 'out/line4.zip\n' })
    expect(here.files()).toEqual(['line4.yaml'])
  })

  it('says nothing but the result with --quiet', async () => {
    expect(await desk().type('bundle line4.yaml -q')).toEqual({ code: 0, out: 'out/line4.zip\n', err: '' })
  })

  it('takes a profile from standard input, and a preset', async () => {
    const here = desk()
    const { code, out } = await here.type('bundle - preset:beckhoff', { stdin: LINE4 })
    expect({ code, out }).toEqual({ code: 0, out: 'out/line4.zip\nout/beckhoff.zip\n' })
  })

  it('holds the profile as it was given, so that it can be made again', async () => {
    const here = new Desk({ 'p.yaml': '# mine\r\n{name: line4, idle: 20s, interval: 5s}' })
    await here.type('generate p.yaml -t linux -t tcbsd')
    const [, again] =
      /MAKE IT AGAIN\r\n {2}keepalive-kit bundle profile.yaml(.*)\r\n/.exec(
        readFileSync(join(here.folder, 'out/line4/README.txt'), 'utf8'),
      ) ?? []
    expect((await here.type(`generate out/line4/profile.yaml ${again} --check`)).code).toBe(0)
  })
})

describe('init', () => {
  it('writes a profile that is right, named for its file', async () => {
    const here = new Desk()
    expect(await here.type('init line4.yaml')).toEqual({
      code: 0,
      out: 'line4.yaml\n',
      err: 'next: edit it, then run keepalive-kit validate line4.yaml\n',
    })
    expect(await here.type('validate line4.yaml --strict')).toMatchObject({ code: 0, err: '' })
    expect(readFileSync(join(here.folder, 'line4.yaml'), 'utf8')).toContain('\nname: line4\n')
  })

  it('stays right when every comment that holds a setting is taken away', async () => {
    const { out } = await new Desk().type('init -')
    const all = out.replace(/^# (title|probes|overrides): ?/gm, '$1: ').replace(/^# {3}tcbsd/m, '  tcbsd')
    expect(await new Desk({ 'p.yaml': all }).type('validate p.yaml')).toMatchObject({ code: 0 })
    expect(all).not.toBe(out)
  })

  it('writes profile.yaml when no file is named', async () => {
    const here = new Desk()
    await here.type('init')
    expect(existsSync(join(here.folder, 'profile.yaml'))).toBe(true)
  })
})

describe('explain', () => {
  it('tells the story of each target', async () => {
    const { code, out } = await desk().type('explain line4.yaml -t windows')
    expect(code).toBe(0)
    expect(out).toBe(
      [
        'line4 on windows (Windows Vista and later: Embedded Standard 7, 7, 8, 10/11 IoT, Server)',
        '  KeepAliveTime      20000 ms  0x4e20  20 s  (default 2 h)',
        '  KeepAliveInterval  5000 ms   0x1388  5 s   (default 1 s)',
        '  a dead peer is noticed 70 s after its last sign of life; with nothing set it would be 7210 s',
        '  A restart of the machine puts it in force.',
        '  source: Microsoft: KeepAliveTime: https://learn.microsoft.com/previous-versions/windows/it-pro/windows-server-2003/cc782936(v=ws.10)',
        '  source: Beckhoff: TF6510, TCP Keep-Alive Messages: https://infosys.beckhoff.com/content/1033/tf6510_tc3_iec61850/11328746507.html',
        '  source: Microsoft: KeepAliveInterval: https://learn.microsoft.com/previous-versions/windows/it-pro/windows-server-2003/cc758083(v=ws.10)',
        '',
      ].join('\n'),
    )
  })

  it('does so as JSON', async () => {
    const { out } = await desk().type('explain line4.yaml -t windows-ce --format json')
    const { explanations } = JSON.parse(out) as { explanations: object[] }
    expect(explanations).toMatchObject([
      {
        target: 'windows-ce',
        detectionMs: null,
        settings: [{ key: 'KeepAliveTime', value: 20_000, hex: '0x4e20', unit: 'ms' }, {}],
      },
    ])
  })
})

describe('the lists', () => {
  it('targets names every system', async () => {
    const { out } = await desk().type('targets')
    expect(out.split('\n').map((line) => line.trim().split('  ')[0])).toEqual([
      'linux',
      'tcbsd, freebsd',
      'windows',
      'windows-ce',
      'windows-xp',
      '',
    ])
  })

  it('presets names every preset, and each is right', async () => {
    const here = desk()
    const { out } = await here.type('presets --format json')
    const { presets } = JSON.parse(out) as { presets: { preset: string }[] }
    expect(presets.map(({ preset }) => preset)).toEqual(['preset:beckhoff'])
    for (const { preset } of presets)
      expect(await here.type(`validate ${preset} --strict`)).toMatchObject({ code: 0, err: '' })
  })

  it('--help and --version answer on stdout', async () => {
    expect(await desk().type('--version')).toEqual({ code: 0, out: '0.0.0\n', err: '' })
    const { code, out, err } = await desk().type('--help')
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(out).toContain('keepalive-kit bundle <profiles...>')
    expect(out.split('\n').every((line) => line.length <= 100)).toBe(true)
  })
})

describe('colour', () => {
  const bad = () => new Desk({ 'p.yaml': 'name: 1\n' })
  it.each([
    ['on a terminal', 'validate p.yaml', { terminal: true }, true],
    ['not with --no-color', 'validate p.yaml --no-color', { terminal: true }, false],
    ['not with NO_COLOR', 'validate p.yaml', { terminal: true, env: { NO_COLOR: '1' } }, false],
    ['not on a dumb terminal', 'validate p.yaml', { terminal: true, env: { TERM: 'dumb' } }, false],
    ['not into a file', 'validate p.yaml', {}, false],
  ])('%s', async (_when, line, options, wanted) => {
    expect((await bad().type(line, options)).err.includes('\u001b[')).toBe(wanted)
  })
})
