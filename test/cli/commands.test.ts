import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { sha256 } from '#checksums'
import { TARGETS } from '../../src/targets/index.ts'
import { Desk, LINE4 } from '../support/cli.ts'
import { PRESETS } from '../support/profiles.ts'
import { zipOf } from '../support/zips.ts'

const TREE = [
  'out/line4/README.txt',
  'out/line4/SHA256SUMS',
  'out/line4/linux/60-keepalive.conf',
  'out/line4/linux/check.sh',
  'out/line4/linux/containers/compose.yaml',
  'out/line4/linux/containers/kubernetes.yaml',
  'out/line4/linux/install.sh',
  'out/line4/linux/overlay/etc/sysctl.d/60-keepalive.conf',
  'out/line4/linux/shared.sh',
  'out/line4/linux/uninstall.sh',
  'out/line4/manifest.json',
  'out/line4/profile.yaml',
]
const desk = () => new Desk({ 'line4.yaml': LINE4 })

/** A file of eight gigabytes that takes no room. */
function sparse(path: string): void {
  writeFileSync(path, '')
  truncateSync(path, 8 * 1024 ** 3)
}

describe('generate', () => {
  it('writes the tree, lists it, and names the next step', async () => {
    const here = desk()
    const { code, out, err } = await here.type('generate line4.yaml -t linux')
    expect(code).toBe(0)
    expect(out).toBe(TREE.map((path) => `new      ${path}\n`).join(''))
    expect(err).toBe('out/line4: 12 files: 12 new\nnext: read out/line4/README.txt\n')
    expect(here.files()).toEqual(['line4.yaml', ...TREE])
  })

  it('changes nothing in a second run, not even a time', async () => {
    const here = desk()
    await here.type('generate line4.yaml -t linux')
    const before = statSync(join(here.folder, 'out/line4/README.txt'))
    const { out, err } = await here.type('generate line4.yaml -t linux')
    const { ino, mtimeMs } = statSync(join(here.folder, 'out/line4/README.txt'))
    expect({ ino, mtimeMs }).toEqual({ ino: before.ino, mtimeMs: before.mtimeMs })
    expect({ out, err }).toEqual({
      out: '',
      err: 'out/line4: 12 files: all as they should be\nnext: read out/line4/README.txt\n',
    })
  })

  it('removes files of an earlier run that the profile no longer makes', async () => {
    const here = desk()
    await here.type('generate line4.yaml')
    const { out } = await here.type('generate line4.yaml -t linux')
    expect(out).toContain('removed  out/line4/windows/keepalive.reg\n')
    expect(here.files()).toEqual(['line4.yaml', ...TREE])
  })

  it('never removes a foreign file', async () => {
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

  it('does not treat a folder as its own because of its name', async () => {
    const here = desk()
    mkdirSync(join(here.folder, 'out/line4'), { recursive: true })
    writeFileSync(join(here.folder, 'out/line4/README.txt'), 'mine')
    expect((await here.type('generate line4.yaml')).code).toBe(1)
    expect(readFileSync(join(here.folder, 'out/line4/README.txt'), 'utf8')).toBe('mine')
  })

  it.each([
    ['a manifest of something else', '{"name":"my web app"}'],
    [
      'the manifest of another profile',
      '{"format":1,"generator":"keepalive-kit 0.0.0","profile":{"name":"other"},"files":[]}',
    ],
    ['a manifest that is no JSON', 'hello'],
  ])('does not treat a folder as its own because of %s', async (_what, manifest) => {
    const here = desk()
    mkdirSync(join(here.folder, 'out/line4'), { recursive: true })
    writeFileSync(join(here.folder, 'out/line4/manifest.json'), manifest)
    expect((await here.type('generate line4.yaml')).code).toBe(1)
    expect(readFileSync(join(here.folder, 'out/line4/manifest.json'), 'utf8')).toBe(manifest)
  })

  it('removes no file that somebody changed, even if the kit wrote it', async () => {
    const here = desk()
    await here.type('generate line4.yaml')
    writeFileSync(join(here.folder, 'out/line4/windows/install.cmd'), 'mine')
    const { code, err } = await here.type('generate line4.yaml -t linux')
    expect({ code, err }).toMatchObject({ code: 1, err: expect.stringContaining('windows/install.cmd') as string })
    expect(readFileSync(join(here.folder, 'out/line4/windows/install.cmd'), 'utf8')).toBe('mine')
  })

  it.each<[string, (folder: string) => void, RegExp]>([
    [
      'gigabytes of somebody else',
      (folder) => sparse(join(folder, 'backup.img')),
      /^error: out\/line4 holds backup\.img but no manifest\.json .* \[output\/foreign-file\]\n$/,
    ],
    [
      'gigabytes beside a manifest',
      (folder) => (sparse(join(folder, 'backup.img')), writeFileSync(join(folder, 'manifest.json'), '{}')),
      /^error: out\/line4 holds more than 16777216 bytes .*; move it away or choose another folder with --out \[output\/too-large\]\n$/,
    ],
    [
      'thousands of files',
      (folder) => {
        for (let index = 0; index < 2_000; index += 1) writeFileSync(join(folder, `${index}`), '')
      },
      /^error: out\/line4 holds more than .* or 1000 files.* \[output\/too-large\]\n$/,
    ],
  ])('reads no folder with %s, and writes nothing there', async (_what, fill, message) => {
    const here = desk()
    mkdirSync(join(here.folder, 'out/line4'), { recursive: true })
    fill(join(here.folder, 'out/line4'))
    const before = here.files()
    for (const option of ['', ' --dry-run']) {
      const { code, out, err } = await here.type(`generate line4.yaml${option}`)
      expect({ code, out }).toEqual({ code: 1, out: '' })
      expect(err).toMatch(message)
    }
    expect((await here.type('generate line4.yaml --check')).code).toBe(1)
    expect(here.files()).toEqual(before)
  })

  it.each([
    ['generate', 'out/line4'],
    ['bundle', 'out/line4.zip'],
  ])('and bundle follow no link out of the folder: %s', async (command, link) => {
    const here = desk()
    mkdirSync(join(here.folder, 'out'))
    mkdirSync(join(here.folder, 'elsewhere'))
    symlinkSync('../elsewhere', join(here.folder, link))
    expect(await here.type(`${command} line4.yaml`)).toMatchObject({
      code: 1,
      err: `error: ${link} is a link; move it away or choose another folder with --out [output/in-the-way]\n`,
    })
    expect(here.files()).toEqual(['line4.yaml', link])
  })

  it('with --dry-run lists the changes, and writes nothing', async () => {
    const here = desk()
    const { code, out, err } = await here.type('generate line4.yaml -t linux -n')
    expect({ code, err }).toEqual({
      code: 0,
      err: 'out/line4: 12 files: 12 new\ndry run: nothing was written\n',
    })
    expect(out).toContain('new      out/line4/linux/install.sh\n')
    expect(here.files()).toEqual(['line4.yaml'])
  })

  it.each([
    ['nothing', () => {}, 0, 'out/line4: 12 files: all as they should be'],
    [
      'a changed byte',
      (folder: string) => writeFileSync(join(folder, 'out/line4/linux/install.sh'), '#!/bin/sh\n'),
      1,
      'linux/install.sh: error: is not what its profile says',
    ],
    [
      'a lost executable bit',
      (folder: string) => chmodSync(join(folder, 'out/line4/linux/install.sh'), 0o644),
      1,
      'linux/install.sh: error: is right, but its executable bit is not',
    ],
    [
      'a foreign file',
      (folder: string) => writeFileSync(join(folder, 'out/line4/x'), ''),
      1,
      'out/line4/x: error: was not written by keepalive-kit; move it away',
    ],
    [
      'another profile',
      (folder: string) => writeFileSync(join(folder, 'line4.yaml'), LINE4.replace('20s', '30s')),
      1,
      '60-keepalive.conf: error: is not what its profile says',
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

  it('stops with exit 3 if it cannot write, and leaves nothing half done', async () => {
    const here = desk()
    writeFileSync(join(here.folder, 'out'), 'a file')
    const { code, err } = await here.type('generate line4.yaml')
    expect({ code, err }).toEqual({
      code: 3,
      err: `keepalive-kit: ${here.folder}/out/line4: a part of the path is a file, not a folder\n`,
    })
    expect(here.files()).toEqual(['line4.yaml', 'out'])
  })
})

describe('bundle', () => {
  it.each([
    ['a text', 'mine'],
    ['an empty file', ''],
    ['a zip of something else', zipOf([{ name: 'photos/1.jpg' }])],
  ])('replaces only zips of the kit, and not %s', async (_, mine) => {
    const here = new Desk({ 'line4.yaml': LINE4, 'line5.yaml': LINE4.replace('line4', 'line5') })
    mkdirSync(join(here.folder, 'out'))
    writeFileSync(join(here.folder, 'out/line4.zip'), mine)
    for (const option of ['', '--dry-run']) {
      const { code, err } = await here.type(`bundle line5.yaml line4.yaml --quiet ${option}`)
      expect({ code, err }).toEqual({
        code: 1,
        err: 'error: out/line4.zip exists and is not a zip that the kit wrote; move it away or choose another folder with --out [output/foreign-zip]\n',
      })
    }
    expect((await here.type('bundle line4.yaml --check')).err).toContain(
      'is not a zip that the kit wrote; move it away',
    )
    expect(readFileSync(join(here.folder, 'out/line4.zip')).equals(Buffer.from(mine))).toBe(true)
    expect(here.files().filter((path) => path.startsWith('out/'))).toEqual(['out/line4.zip'])
  })

  it('reads no file of gigabytes in the place of the zip', async () => {
    const here = desk()
    mkdirSync(join(here.folder, 'out'))
    sparse(join(here.folder, 'out/line4.zip'))
    const { code, err } = await here.type('bundle line4.yaml')
    expect(code).toBe(1)
    expect(err).toContain('out/line4.zip exists and is not a zip that the kit wrote')
    expect(statSync(join(here.folder, 'out/line4.zip')).size).toBe(8 * 1024 ** 3)
  })

  it('writes the zip, prints its path on stdout, and names the next step', async () => {
    const here = desk()
    const { code, out, err } = await here.type('bundle line4.yaml')
    expect({ code, out }).toEqual({ code: 0, out: 'out/line4.zip\n' })
    const bytes = readFileSync(join(here.folder, 'out/line4.zip'))
    expect(err).toMatch(/^out\/line4\.zip: \d+ files, /)
    expect(err).toContain(` files, ${bytes.length} bytes, sha256 ${sha256(bytes)}\n`)
    expect(err).toContain('next: unpack it on the machine and follow line4/README.txt')
    expect(here.files()).toEqual(['line4.yaml', 'out/line4.zip'])
  })

  it('with --check compares the zip with the profile', async () => {
    const here = desk()
    expect((await here.type('bundle line4.yaml --check')).err).toContain(
      'out/line4.zip: error: is missing; run bundle without --check',
    )
    await here.type('bundle line4.yaml')
    expect((await here.type('bundle line4.yaml --check')).code).toBe(0)
    writeFileSync(join(here.folder, 'line4.yaml'), LINE4.replace('20s', '21s'))
    const { code, err } = await here.type('bundle line4.yaml --check')
    expect(code).toBe(1)
    expect(err).toContain(
      'out/line4.zip: error: is not what its profile says; run bundle without --check [output/differs]',
    )
  })

  it('with --dry-run writes nothing', async () => {
    const here = desk()
    const { code, out } = await here.type('bundle line4.yaml --dry-run')
    expect({ code, out }).toEqual({ code: 0, out: 'new      out/line4.zip\n' })
    expect(here.files()).toEqual(['line4.yaml'])
  })

  it('prints only the result with --quiet', async () => {
    expect(await desk().type('bundle line4.yaml -q')).toEqual({ code: 0, out: 'out/line4.zip\n', err: '' })
  })

  it('takes a profile from standard input, and a preset', async () => {
    const here = desk()
    const { code, out } = await here.type('bundle - preset:beckhoff', { stdin: LINE4 })
    expect({ code, out }).toEqual({ code: 0, out: 'out/line4.zip\nout/beckhoff.zip\n' })
  })

  it('contains the unchanged profile, so that it can be made again', async () => {
    const here = new Desk({ 'p.yaml': '# mine\r\n{name: line4, idle: 20s, interval: 5s}' })
    await here.type('generate p.yaml -t linux -t tcbsd')
    const [, again] =
      /Again: keepalive-kit bundle profile.yaml(.*)\r\n/.exec(
        readFileSync(join(here.folder, 'out/line4/README.txt'), 'utf8'),
      ) ?? []
    expect((await here.type(`generate out/line4/profile.yaml ${again} --check`)).code).toBe(0)
  })
})

describe('JSON', () => {
  it.each([
    ['validate --format json', 'usage', 2],
    ['nope --format=json', 'usage', 2],
    ['validate nothing.yaml --format json', 'input/no-such-file', 2],
    ['generate line4.yaml --out line4.yaml/x --format json', 'machine', 3],
  ])('is one document even after a failure: %s', async (line, diagnostic, wanted) => {
    const { code, out, err } = await desk().type(line)
    expect({ code, err }).toEqual({ code: wanted, err: '' })
    const { diagnostics } = JSON.parse(out) as { diagnostics: { code: string }[] }
    expect(diagnostics.map((one) => one.code)).toEqual([diagnostic])
  })

  it('lists the bundles with their digests', async () => {
    const here = desk()
    const { out } = await here.type('bundle line4.yaml --format json')
    const bytes = readFileSync(join(here.folder, 'out/line4.zip'))
    expect((JSON.parse(out) as { bundles: object[] }).bundles).toEqual([
      { profile: 'line4', path: 'out/line4.zip', sha256: sha256(bytes), bytes: bytes.length },
    ])
  })

  it('lists no missing bundle', async () => {
    const { out } = await desk().type('bundle line4.yaml --check --format json')
    expect(JSON.parse(out)).toMatchObject({
      bundles: [],
      diagnostics: [{ code: 'output/differs', file: 'out/line4.zip' }],
    })
  })

  it('lists the valid profiles, and the one that init wrote', async () => {
    const right = JSON.parse((await desk().type('validate line4.yaml -t linux --format json')).out) as object
    expect(right).toMatchObject({ profiles: [{ file: 'line4.yaml', name: 'line4', targets: ['linux'] }] })
    const written = JSON.parse((await desk().type('init new.yaml --format json')).out) as object
    expect(written).toMatchObject({ profiles: [{ file: 'new.yaml', name: 'new' }] })
  })

  it('lists every setting of every target', async () => {
    const { targets } = JSON.parse((await desk().type('targets --format json')).out) as {
      targets: { id: string; settings: object[] }[]
    }
    const linux = targets.find(({ id }) => id === 'linux')
    expect(linux?.settings[0]).toMatchObject({
      field: 'idle',
      key: 'net.ipv4.tcp_keepalive_time',
      unit: 's',
      default: 7200,
    })
  })
})

describe('a name from somebody else', () => {
  it.each(['validate', 'generate', 'bundle', 'init'])('does not move the cursor: %s', async (command) => {
    const name = 'a\u001b[31m\u202e.yaml'
    const here = new Desk(command === 'init' ? {} : { [name]: LINE4 })
    const { out, err } = await here.type(
      `${command} ${name} ${command === 'generate' || command === 'bundle' ? '--out o\u001b[31m' : ''}`,
    )
    expect(`${out}${err}`).not.toMatch(/[\u001b\u202e]/)
    expect(`${out}${err}`).toContain('\\u001b')
  })

  it('cannot become a command of GitHub', async () => {
    const here = new Desk({ 'a%b,c:d.yaml': 'name: x\n' })
    const { err } = await here.type('validate a%b,c:d.yaml --format github')
    expect(err).toMatch(/^::error file=a%25b%2Cc%3Ad\.yaml,line=1,col=1,/)
  })

  it.each([
    ['validate ::stop-commands::x.yaml --format github', {}],
    ['validate ::stop-commands::x.yaml', { GITHUB_ACTIONS: 'true' }],
    ['validate ::stop-commands::bad.yaml', { GITHUB_ACTIONS: 'true' }],
    ['generate ::stop-commands::x.yaml --dry-run --out ::stop-commands::o', { GITHUB_ACTIONS: 'true' }],
    ['validate ##[add-mask]x.yaml', { GITHUB_ACTIONS: 'true' }],
    ['validate line.yaml', { GITHUB_ACTIONS: 'true' }],
  ])('cannot stop the commands of GitHub: %s', async (line, env) => {
    const here = new Desk({
      '::stop-commands::x.yaml': LINE4,
      '::stop-commands::bad.yaml': 'name: x\n',
      '##[add-mask]x.yaml': LINE4,
      'line.yaml': `${LINE4}::stop-commands::x: 1\n`,
    })
    const { out, err } = await here.type(line, { env })
    expect(`${out}${err}`).not.toBe('')
    // The rules of its runner: a line that begins with the first one, blanks left out, or has the second one.
    const obeyed = `${out}${err}`
      .split('\n')
      .filter((one) => /^::(?!error|warning)/.test(one.trimStart()) || one.includes('##['))
    expect(obeyed).toEqual([])
  })

  it('stays as it is where no runner reads it', async () => {
    const { out } = await new Desk({ '::stop-commands::x.yaml': LINE4 }).type('validate ::stop-commands::x.yaml')
    expect(out).toMatch(/^::stop-commands::x\.yaml: line4 is valid/)
  })
})

describe('init', () => {
  it('writes a valid profile, named after its file', async () => {
    const here = new Desk()
    expect(await here.type('init line4.yaml')).toEqual({
      code: 0,
      out: 'line4.yaml\n',
      err: 'next: edit it, then run keepalive-kit validate line4.yaml\n',
    })
    expect(await here.type('validate line4.yaml --strict')).toMatchObject({ code: 0, err: '' })
    expect(readFileSync(join(here.folder, 'line4.yaml'), 'utf8')).toContain('\nname: line4\n')
  })

  it('stays valid with every commented setting enabled', async () => {
    const { out } = await new Desk().type('init -')
    const all = out.replace(/^# (title|probes|overrides): ?/gm, '$1: ').replace(/^# {3}tcbsd/m, '  tcbsd')
    expect(await new Desk({ 'p.yaml': all }).type('validate p.yaml')).toMatchObject({ code: 0 })
    expect(all).not.toBe(out)
  })

  it('writes profile.yaml if no file is named', async () => {
    const here = new Desk()
    await here.type('init')
    expect(existsSync(join(here.folder, 'profile.yaml'))).toBe(true)
  })
})

describe('explain', () => {
  it.each([
    ['linux', 'with the system defaults it would be 2 h 11 min 15 s'],
    ['tcbsd', 'with the system defaults it would be 2 h 10 min'],
    ['windows-xp', 'with the system defaults it would be 2 h 5 s'],
    ['windows-ce', 'the number of probes of this system is not known'],
  ])('knows the default detection time of %s', async (target, wanted) => {
    expect((await desk().type(`explain line4.yaml -t ${target}`)).out).toContain(wanted)
  })

  it('names fields without a setting on a system', async () => {
    const { out } = await new Desk({ 'p.yaml': `${LINE4}probes: 9\n` }).type('explain p.yaml -t windows')
    expect(out).toContain('  no setting for probes: it always sends 10 probes\n')
  })

  it('tells the story of each target', async () => {
    const { code, out } = await desk().type('explain line4.yaml -t windows')
    expect(code).toBe(0)
    expect(out).toBe(
      [
        'line4 on windows (Windows Vista and later: Embedded Standard 7, 7, 8, 10/11 IoT, Server)',
        '  KeepAliveTime      20000 ms  0x4e20  20 s  (default 2 h)',
        '  KeepAliveInterval  5000 ms   0x1388  5 s   (default 1 s)',
        '  last sign of life -> 20 s: probe 1 -> 25 s: probe 2 -> 30 s: probe 3 -> ... -> 65 s: probe 10 -> 70 s: dropped',
        '  a dead peer is noticed 70 s after its last sign of life; with the system defaults it would be 2 h 10 s',
        '  A connection on which nothing else is sent costs 8640 packets a day, probes and answers.',
        '  Sockets without SO_KEEPALIVE are not probed.',
        '  SIO_KEEPALIVE_VALS overrides these settings for the socket that sets it.',
        '  The settings take effect when the machine restarts.',
        '  source: Microsoft: KeepAliveTime: https://learn.microsoft.com/previous-versions/windows/it-pro/windows-server-2003/cc782936(v=ws.10)',
        '  source: Microsoft: SIO_KEEPALIVE_VALS control code: https://learn.microsoft.com/windows/win32/winsock/sio-keepalive-vals',
        '  source: Beckhoff: TF6510, TCP Keep-Alive Messages: https://infosys.beckhoff.com/content/1033/tf6510_tc3_iec61850/11328746507.html',
        '  source: Microsoft: KeepAliveInterval: https://learn.microsoft.com/previous-versions/windows/it-pro/windows-server-2003/cc758083(v=ws.10)',
        '  source: Microsoft: SO_KEEPALIVE socket option: https://learn.microsoft.com/windows/win32/winsock/so-keepalive',
        '  source: Microsoft: SetKeepAliveTime of Win32_NetworkAdapterConfiguration: https://learn.microsoft.com/windows/win32/cimwin32prov/setkeepalivetime-method-in-class-win32-networkadapterconfiguration',
        '',
      ].join('\n'),
    )
  })

  it('prints the same as JSON', async () => {
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
  it('targets lists every system', async () => {
    const { out } = await desk().type('targets')
    const names = out.split('\n').map((line) => line.trim().split('  ')[0])
    expect(names).toEqual([...[...TARGETS.values()].map(({ id, aliases }) => [id, ...aliases].join(', ')), ''])
  })

  it('presets lists every preset, and each is valid', async () => {
    const here = desk()
    const { out } = await here.type('presets --format json')
    const { presets } = JSON.parse(out) as { presets: { preset: string }[] }
    expect(presets.map(({ preset }) => preset)).toEqual(PRESETS)
    for (const { preset } of presets)
      expect(await here.type(`validate ${preset} --strict`)).toMatchObject({ code: 0, err: '' })
  })

  it('--help and --version answer on stdout', async () => {
    expect(await desk().type('--version')).toEqual({ code: 0, out: '0.0.0\n', err: '' })
    const { code, out, err } = await desk().type('--help')
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(out).toContain('  bundle PROFILE... ')
    expect(out.split('\n').every((line) => line.length <= 80)).toBe(true)
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
    // https://no-color.org: only if it is not empty.
    ['also with an empty NO_COLOR', 'validate p.yaml', { terminal: true, env: { NO_COLOR: '' } }, true],
    ['into a file with FORCE_COLOR', 'validate p.yaml', { env: { FORCE_COLOR: '1' } }, true],
    ['on a dumb terminal with FORCE_COLOR', 'validate p.yaml', { env: { FORCE_COLOR: '1', TERM: 'dumb' } }, true],
    ['not with an empty FORCE_COLOR', 'validate p.yaml', { env: { FORCE_COLOR: '' } }, false],
    ['not on a terminal with FORCE_COLOR=0', 'validate p.yaml', { terminal: true, env: { FORCE_COLOR: '0' } }, false],
    ['not with both', 'validate p.yaml', { env: { FORCE_COLOR: '1', NO_COLOR: '1' } }, false],
    ['not with FORCE_COLOR and --no-color', 'validate p.yaml --no-color', { env: { FORCE_COLOR: '1' } }, false],
  ])('%s', async (_when, line, options, wanted) => {
    expect((await bad().type(line, options)).err.includes('\u001b[')).toBe(wanted)
  })
})
