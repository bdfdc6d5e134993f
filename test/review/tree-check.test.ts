import { describe, expect, it } from 'vitest'
import type { FoundFile } from '../../src/core/plan.ts'
import { schemaWhenNeeded } from '../../src/core/profile-schema.ts'
import { VERSION } from '../../src/io/assets.ts'
import { checkTree } from '../../src/review/verify/tree.ts'
import { TARGETS } from '../../src/targets/index.ts'
import { templates } from '../support/build.ts'
import { LINE4 } from '../support/cli.ts'
import { cover, coverSums, edit, filesOf, outputOf, textOf, type Files } from '../support/outputs.ts'

const kit = { registry: TARGETS, schema: schemaWhenNeeded(TARGETS), template: templates, version: VERSION }
const SCRIPT = 'linux/install.sh'

/** The diagnostics of files, as `CODE FILE`. */
function said(files: Files, odd: readonly string[] = []): readonly string[] {
  const at = (path: string) => ({ file: path })
  return checkTree(kit, { files, odd, at }).diagnostics.map(({ code, location }) => `${code} ${location?.file}`)
}

function messages(files: Files): string {
  const at = (path: string) => ({ file: path })
  return checkTree(kit, { files, odd: [], at })
    .diagnostics.map(({ message }) => message)
    .join('\n')
}

const LINUX = filesOf(outputOf(LINE4, ['linux']))
const tampered = (change: (files: Files) => void): Files => {
  const files = new Map(LINUX)
  change(files)
  return files
}
const move = (files: Files, from: string, to: string) => {
  files.set(to, files.get(from) as FoundFile)
  files.delete(from)
}
const mode = (files: Files, path: string, bits: number) =>
  files.set(path, { ...(files.get(path) as FoundFile), mode: bits })
const manifest = (files: Files, change: (manifest: Record<string, unknown>) => object) =>
  files.set('manifest.json', {
    bytes: Buffer.from(
      `${JSON.stringify(change(JSON.parse(textOf(files, 'manifest.json')) as Record<string, unknown>), null, 2)}\n`,
    ),
    mode: 0o644,
  })
const listed = (files: Files, path: string, change: object) =>
  manifest(files, (all) => ({
    ...all,
    files: (all['files'] as { path: string }[]).map((file) => (file.path === path ? { ...file, ...change } : file)),
  }))

describe('an untouched output', () => {
  it.each([
    ['for all targets', LINE4, []],
    ['for some targets, chosen by --target', LINE4, ['windows', 'tcbsd']],
    ['for the only target of the profile', `${LINE4}targets: [windows-ce]\n`, []],
    ['for an alias', `${LINE4}targets: [freebsd, linux]\n`, ['tcbsd']],
    [
      'with overrides, options, title and comments',
      `# ours\n${LINE4}title: "Línea 4"\noverrides: {linux: {idle: 9s}}\noptions: {windows: {hive: X}}\n`,
      [],
    ],
    ['with fields that give warnings', `${LINE4}probes: 4\nalways: true\n`, []],
    ['with CRLF in its profile', LINE4.replaceAll('\n', '\r\n'), []],
  ])('passes: %s', (_what, profile, targets) => {
    expect(said(filesOf(outputOf(profile, targets)))).toEqual([])
  })

  it('passes on a file system without modes', () => {
    expect(said(new Map([...LINUX].map(([path, { bytes }]) => [path, { bytes }])))).toEqual([])
  })

  it('passes with the modes of another umask', () => {
    const files = new Map(
      [...LINUX].map(([path, { bytes, mode: bits }]) => [path, { bytes, mode: (bits ?? 0) & 0o750 }]),
    )
    expect(said(files)).toEqual([])
  })

  it('is made again, so that more than its files can be compared', () => {
    const report = checkTree(kit, { files: new Map(LINUX), odd: [], at: (file) => ({ file }) })
    expect(report.again?.artifacts.map(({ path }) => path)).toEqual([...LINUX.keys()])
  })
})

describe('one change', () => {
  it.each<[string, (files: Files) => void, readonly string[]]>([
    ['a byte of a script', (f) => edit(f, SCRIPT, (t) => t.replace('60', '61')), [`verify/changed ${SCRIPT}`]],
    ['a script cut', (f) => edit(f, SCRIPT, (t) => t.slice(0, 100)), [`verify/changed ${SCRIPT}`]],
    ['a line of README.txt', (f) => edit(f, 'README.txt', (t) => `${t}x`), ['verify/changed README.txt']],
    ['a comment in profile.yaml', (f) => edit(f, 'profile.yaml', (t) => `${t}# x\n`), ['verify/changed profile.yaml']],
    [
      'a value in profile.yaml',
      (f) => edit(f, 'profile.yaml', (t) => t.replace('20s', '30s')),
      ['verify/changed profile.yaml', 'verify/profile-differs profile.yaml'],
    ],
    [
      'an invalid profile.yaml',
      (f) => edit(f, 'profile.yaml', () => 'idle: ['),
      ['verify/bad-profile profile.yaml', 'verify/changed profile.yaml'],
    ],
    ['a missing file', (f) => f.delete(SCRIPT), [`verify/missing ${SCRIPT}`]],
    ['profile.yaml gone', (f) => f.delete('profile.yaml'), ['verify/missing profile.yaml']],
    ['SHA256SUMS gone', (f) => f.delete('SHA256SUMS'), ['verify/missing SHA256SUMS']],
    ['manifest.json gone', (f) => f.delete('manifest.json'), ['verify/no-manifest manifest.json']],
    [
      'an additional file',
      (f) => f.set('linux/x.sh', { bytes: Buffer.from('x'), mode: 0o755 }),
      ['verify/added linux/x.sh'],
    ],
    ['an additional file outside every folder', (f) => f.set('x', { bytes: Buffer.alloc(0) }), ['verify/added x']],
    ['another name', (f) => move(f, SCRIPT, 'linux/setup.sh'), ['verify/renamed linux/setup.sh']],
    ['a name in different case', (f) => move(f, SCRIPT, 'linux/Install.sh'), ['verify/renamed linux/Install.sh']],
    ['another folder', (f) => move(f, SCRIPT, 'install.sh'), ['verify/renamed install.sh']],
    ['profile.yaml under another name', (f) => move(f, 'profile.yaml', 'line4.yaml'), ['verify/renamed line4.yaml']],
    [
      'another name and another byte',
      (f) => (move(f, SCRIPT, 'linux/setup.sh'), edit(f, 'linux/setup.sh', (t) => `${t}x`)),
      [`verify/missing ${SCRIPT}`, 'verify/added linux/setup.sh'],
    ],
    ['a script that is not executable', (f) => mode(f, SCRIPT, 0o644), [`verify/mode ${SCRIPT}`]],
    ['a file that is executable', (f) => mode(f, 'README.txt', 0o755), ['verify/mode README.txt']],
    ['a script with setuid', (f) => mode(f, SCRIPT, 0o4755), [`verify/mode ${SCRIPT}`]],
    [
      'a space in manifest.json',
      (f) => edit(f, 'manifest.json', (t) => t.replace('{\n', '{ \n')),
      ['verify/manifest-changed manifest.json'],
    ],
    [
      'a permission in manifest.json',
      (f) => edit(f, 'manifest.json', (t) => t.replace('"awk"', '"gawk"')),
      ['verify/manifest-changed manifest.json'],
    ],
    [
      'a digest in manifest.json',
      (f) => listed(f, SCRIPT, { sha256: '0'.repeat(64) }),
      ['verify/manifest-changed manifest.json'],
    ],
    ['a size in manifest.json', (f) => listed(f, SCRIPT, { size: 1 }), ['verify/manifest-changed manifest.json']],
    ['a mode in manifest.json', (f) => listed(f, SCRIPT, { mode: '0644' }), ['verify/manifest-changed manifest.json']],
    [
      'the digest of profile.yaml in manifest.json',
      (f) => listed(f, 'profile.yaml', { sha256: '0'.repeat(64) }),
      ['verify/changed profile.yaml', 'verify/sums-differ SHA256SUMS'],
    ],
    [
      'a value in manifest.json',
      (f) => edit(f, 'manifest.json', (t) => t.replace('"20s"', '"30s"')),
      ['verify/profile-differs profile.yaml', 'verify/sums-differ SHA256SUMS'],
    ],
    [
      'the title in manifest.json',
      (f) => manifest(f, (m) => ({ ...m, profile: { ...(m['profile'] as object), title: 'x' } })),
      ['verify/profile-differs profile.yaml', 'verify/sums-differ SHA256SUMS'],
    ],
    [
      'a digest in SHA256SUMS',
      (f) => edit(f, 'SHA256SUMS', (t) => t.replace(/^./, (c) => (c === '0' ? '1' : '0'))),
      ['verify/sums-differ SHA256SUMS'],
    ],
    [
      'a missing line in SHA256SUMS',
      (f) => edit(f, 'SHA256SUMS', (t) => t.replace(/^.*\n/, '')),
      ['verify/sums-differ SHA256SUMS'],
    ],
    [
      'an additional line in SHA256SUMS',
      (f) => edit(f, 'SHA256SUMS', (t) => `${t}${'0'.repeat(64)}  x\n`),
      ['verify/sums-differ SHA256SUMS'],
    ],
    [
      'a repeated line in SHA256SUMS',
      (f) => edit(f, 'SHA256SUMS', (t) => `${t}${t.split('\n')[0]}\n`),
      ['verify/sums-differ SHA256SUMS'],
    ],
    ['an empty SHA256SUMS', (f) => edit(f, 'SHA256SUMS', () => ''), ['verify/sums-differ SHA256SUMS']],
  ])('%s has its code', (_what, change, wanted) => {
    expect([...said(tampered(change))].toSorted()).toEqual([...wanted].toSorted())
  })

  it.each<[string, (files: Files) => void, string]>([
    ['size', (f) => edit(f, SCRIPT, (t) => `${t}x`), 'linux/install.sh was changed: it has '],
    ['line ends', (f) => edit(f, SCRIPT, (t) => t.replaceAll('\n', '\r\n')), 'its line ends differ'],
    [
      'line ends the other way',
      (f) => edit(f, 'README.txt', (t) => t.replaceAll('\r\n', '\n')),
      'its line ends differ',
    ],
    ['content', (f) => edit(f, SCRIPT, (t) => t.replace('60', '61')), 'its content differs, with the same'],
    [
      'sums',
      (f) => edit(f, 'SHA256SUMS', (t) => t.replace(/^.*\n/, '')),
      'SHA256SUMS was changed: no line for README.txt',
    ],
    [
      'an additional line in sums',
      (f) => edit(f, 'SHA256SUMS', (t) => `${t}${'0'.repeat(64)}  x\n`),
      'SHA256SUMS was changed: a line for x, which is not a file here',
    ],
    [
      'the order of sums',
      (f) => edit(f, 'SHA256SUMS', (t) => t.split('\n').toReversed().join('\n')),
      'its lines differ from those',
    ],
    ['names', (f) => move(f, SCRIPT, 'x'), 'linux/install.sh was renamed to "x"'],
    ['values', (f) => edit(f, 'manifest.json', (t) => t.replace('"20s"', '"30s"')), 'they differ in idle'],
  ])('is reported by its kind: %s', (_what, change, wanted) => {
    expect(messages(tampered(change))).toContain(wanted)
  })

  it('is one warning if all files have the same mode', () => {
    const files = new Map([...LINUX].map(([path, { bytes }]) => [path, { bytes, mode: 0o755 }]))
    const { diagnostics } = checkTree(kit, { files, odd: [], at: (file) => ({ file }) })
    expect(diagnostics.map(({ code, severity }) => [code, severity])).toEqual([['verify/modes-lost', 'warning']])
  })

  it('of a file into a link is reported once', () => {
    const files = tampered((f) => f.delete(SCRIPT))
    expect(said(files, [SCRIPT])).toEqual([`verify/not-a-file ${SCRIPT}`])
  })

  it('of names is no finding if equal files swap them, and two if both are renamed', () => {
    const [a, b] = ['linux/60-keepalive.conf', 'linux/overlay/etc/sysctl.d/60-keepalive.conf']
    expect(textOf(LINUX, a)).toBe(textOf(LINUX, b))
    const both = tampered((f) => (move(f, a, 'linux/1'), move(f, b, 'linux/2')))
    expect(said(both)).toEqual(['verify/renamed linux/1', 'verify/renamed linux/2'])
  })
})

describe('a change with matching changes in manifest.json and SHA256SUMS', () => {
  it.each<[string, (files: Files) => void, string]>([
    ['a value in a script', (f) => edit(f, SCRIPT, (t) => t.replace('20', '90')), `verify/not-its-profile ${SCRIPT}`],
    [
      'a value in a data file',
      (f) => edit(f, 'linux/60-keepalive.conf', (t) => t.replace('20', '90')),
      'verify/not-its-profile linux/60-keepalive.conf',
    ],
    ['a line in README.txt', (f) => edit(f, 'README.txt', (t) => `${t}x\r\n`), 'verify/not-its-profile README.txt'],
    [
      'an additional file',
      (f) => f.set('linux/x.sh', { bytes: Buffer.from('x'), mode: 0o755 }),
      'verify/not-its-profile linux/x.sh',
    ],
    ['a missing file', (f) => f.delete('linux/check.sh'), 'verify/missing linux/check.sh'],
    ['another name', (f) => move(f, SCRIPT, 'linux/setup.sh'), `verify/missing ${SCRIPT}`],
    ['another mode', (f) => mode(f, SCRIPT, 0o644), `verify/mode ${SCRIPT}`],
    [
      'another value in profile.yaml',
      (f) => edit(f, 'profile.yaml', (t) => t.replace('20s', '30s')),
      'verify/profile-differs profile.yaml',
    ],
  ])('is found by making it again: %s', (_what, change, wanted) => {
    const files = tampered(change)
    cover(files)
    expect(said(files)).toContain(wanted)
  })

  it('of the targets is found by all files that they would make', () => {
    const files = tampered((f) => edit(f, 'manifest.json', (t) => t.replace('"linux"\n', '"tcbsd"\n')))
    cover(files)
    expect(said(files)).toEqual(
      expect.arrayContaining([`verify/not-its-profile ${SCRIPT}`, 'verify/missing tcbsd/install.sh']),
    )
  })

  it('that restores the file is no finding', () => {
    const files = tampered(cover)
    expect(said(files)).toEqual([])
  })

  it('is not found in the output of another version, which gives a warning', () => {
    const files = filesOf(outputOf(LINE4, ['linux'], '9.9.9'))
    const seen = () =>
      checkTree(kit, { files, odd: [], at: (file) => ({ file }) }).diagnostics.map(({ code, severity }) => [
        code,
        severity,
      ])
    expect(seen()).toEqual([['verify/other-version', 'warning']])
    edit(files, SCRIPT, (text) => `${text}x`)
    expect(seen()).toEqual([
      ['verify/other-version', 'warning'],
      ['verify/changed', 'error'],
    ])
    cover(files)
    expect(seen()).toEqual([['verify/other-version', 'warning']])
    edit(files, 'SHA256SUMS', (text) => `${text}x`)
    expect(seen()).toEqual([
      ['verify/other-version', 'warning'],
      ['verify/sums-differ', 'error'],
    ])
  })
})

describe('a manifest', () => {
  it.each<[string, string, string]>([
    ['of another kind of file', '{"name": "my web app"}', 'verify/not-ours'],
    ['of another program', '{"format": 1, "generator": "keepalive 1"}', 'verify/not-ours'],
    ['that is a list', '[]', 'verify/not-ours'],
    ['that is no JSON', 'hello', 'verify/bad-manifest'],
    ['that is cut', textOf(LINUX, 'manifest.json').slice(0, 500), 'verify/bad-manifest'],
    ['that is empty', '', 'verify/bad-manifest'],
    ['with brackets only', '['.repeat(2_000_000), 'verify/bad-manifest'],
    ['of a later format', '{"format": 2, "generator": "keepalive-kit 7.0.0"}', 'verify/unknown-format'],
    ['without a format', '{"generator": "keepalive-kit 0.1.0"}', 'verify/bad-manifest'],
    [
      'without files',
      '{"format": 1, "generator": "keepalive-kit 0.1.0", "profile": {"name": "a", "targets": ["linux"]}, "files": []}',
      'verify/bad-manifest',
    ],
  ])('%s is refused', (_what, text, code) => {
    expect(said(tampered((f) => f.set('manifest.json', { bytes: Buffer.from(text) })))).toEqual([
      `${code} manifest.json`,
    ])
  })

  it.each([
    '../x',
    '/etc/passwd',
    'C:\\x',
    'a//b',
    'con',
    'SHA256SUMS',
    'manifest.json',
    'LINUX/INSTALL.SH',
    'profile.yaml',
  ])('that lists %j is refused', (path) => {
    expect(said(tampered((f) => listed(f, 'linux/check.sh', { path })))).toEqual(['verify/bad-manifest manifest.json'])
  })

  it.each([{ sha256: 'x' }, { sha256: 5 }, { size: -1 }, { size: 1.5 }, { mode: '0777' }, { mode: 420 }])(
    'with %j for a file is refused',
    (change) => {
      expect(said(tampered((f) => listed(f, SCRIPT, change)))).toEqual(['verify/bad-manifest manifest.json'])
    },
  )

  it('with an endlessly nested profile is still compared', () => {
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`
    const files = tampered((f) => edit(f, 'manifest.json', (t) => t.replace('"20s"', deep)))
    expect(said(files)).toContain('verify/profile-differs profile.yaml')
  })

  it('may have new keys of a later version that made it', () => {
    const files = filesOf(outputOf(LINE4, ['linux'], '9.9.9'))
    manifest(files, (all) => ({ ...all, more: 1 }))
    coverSums(files)
    expect(said(files)).toEqual(['verify/other-version manifest.json'])
  })
})
