import { mkdirSync, mkdtempSync, readFileSync, writeFileSync, existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { NOWHERE, type Permissions } from '../../src/core/target.ts'
import { fileChanges, unifiedPatch, type OutputFile, type Outputs } from '../../src/review/compare/file-changes.ts'
import { textOf } from '../../src/formats/text.ts'
import { profileText, buildBundle } from '../support/build.ts'
import { describeWithOracle, missingPrograms, run } from '../support/oracle.ts'

const file = (text: string, more: Partial<OutputFile> = {}): OutputFile => ({ bytes: Buffer.from(text), ...more })
const wide = (text: string): OutputFile => ({ bytes: Buffer.from(`\ufeff${text}`, 'utf16le') })
const effects = (of: Partial<Permissions>): Permissions => ({ commands: [], reads: NOWHERE, writes: NOWHERE, ...of })

type Files = Readonly<Record<string, OutputFile>>
const output = (files: Files) => new Map(Object.entries(files))
const one = (files: Files): Outputs => new Map([['line4', output(files)]])

/** The changes reported for one file. */
const said = (was: OutputFile | undefined, is: OutputFile | undefined) => {
  const side = (of: OutputFile | undefined) => one(of === undefined ? {} : { 'linux/install.sh': of })
  return fileChanges(side(was), side(is)).flatMap(({ files }) => files.flatMap(({ how }) => how))
}

describe('the reported changes of a file', () => {
  it.each<readonly [string, OutputFile | undefined, OutputFile | undefined, readonly string[]]>([
    ['the same', file('a'), file('a'), []],
    ['new', undefined, file('a'), ['new']],
    ['gone', file('a'), undefined, ['removed']],
    ['other text', file('a\nb\nc\n'), file('a\nB\nc\nd\n'), ['text: 1 line out, 2 in']],
    ['its mode', file('a', { mode: 0o644 }), file('a', { mode: 0o755 }), ['now executable']],
    ['its mode, the other way', file('a', { mode: 0o755 }), file('a', { mode: 0o644 }), ['no longer executable']],
    ['irrelevant bits of its mode', file('a', { mode: 0o755 }), file('a', { mode: 0o700 }), []],
    ['a mode that one side does not have', file('a', { mode: 0o755 }), file('a'), []],
    [
      'text and mode',
      file('a\n', { mode: 0o644 }),
      file('b\n', { mode: 0o755 }),
      ['text: 1 line out, 1 in', 'now executable'],
    ],
    ['its encoding', file('a\r\n'), wide('a\r\n'), ['the encoding or the line ends changed']],
    ['its line ends', file('a\r\n'), file('a\n'), ['the encoding or the line ends changed']],
    ['a byte order mark', file('a\n'), file('\ufeffa\n'), ['the encoding or the line ends changed']],
    ['text in UTF-16', wide('a\r\nb\r\n'), wide('a\r\nc\r\n'), ['text: 1 line out, 1 in']],
  ])('%s', (_what, was, is, wanted) => {
    expect(said(was, is)).toEqual(wanted)
  })

  it('begin with the permissions of a script, then its text', () => {
    const was = effects({
      commands: ['cp', 'rm'],
      reads: { ...NOWHERE, files: ['/etc/hosts'] },
      writes: { files: ['/etc/sysctl.d/60-keepalive.conf'], keys: ['net.ipv4.tcp_keepalive_time'], values: [] },
    })
    const is = effects({
      commands: ['cp', 'curl', 'sh'],
      reads: { ...NOWHERE, files: ['/etc/hosts'] },
      writes: { files: ['/etc/passwd', '/etc/sysctl.d/60-keepalive.conf'], keys: [], values: [] },
    })
    expect(said(file('a\n', { permissions: was }), file('b\n', { permissions: is }))).toEqual([
      'may now run curl, sh',
      'may no longer run rm',
      'may now change /etc/passwd',
      'may no longer change net.ipv4.tcp_keepalive_time',
      'text: 1 line out, 1 in',
    ])
  })

  it.each<readonly [string, Permissions | undefined, Permissions | undefined]>([
    ['are equal', effects({ commands: ['cp'] }), effects({ commands: ['cp'] })],
    ['were unknown', undefined, effects({ commands: ['cp'] })],
    ['are unknown', effects({ commands: ['cp'] }), undefined],
  ])('include only the text of a script whose permissions %s', (_what, was, is) => {
    const [a, b] = [was === undefined ? {} : { permissions: was }, is === undefined ? {} : { permissions: is }]
    expect(said(file('a\n', a), file('b\n', b))).toEqual(['text: 1 line out, 1 in'])
  })
})

describe('changed files of outputs', () => {
  it('omit files that follow from the others', () => {
    const side = (text: string) =>
      one({ 'manifest.json': file(text), SHA256SUMS: file(text), 'README.txt': file(text) })
    expect(fileChanges(side('a\n'), side('b\n'))).toEqual([
      { profiles: ['line4'], files: [{ path: 'README.txt', how: ['text: 1 line out, 1 in'] }] },
    ])
  })

  it('form one group if they changed alike, and omit outputs that one side does not have', () => {
    const side = (text: string, ...names: readonly string[]): Outputs =>
      new Map(names.map((name) => [name, output({ z: file('same'), b: file(text), a: file(text) })]))
    const how = ['text: 1 line out, 1 in']
    expect(fileChanges(side('1\n', 'q', 'p', 'gone'), side('2\n', 'new', 'p', 'q'))).toEqual([
      { profiles: ['p', 'q'], files: ['a', 'b'].map((path) => ({ path, how })) },
    ])
  })
})

describe('the text of a file', () => {
  it.each([
    ['UTF-16', wide('a\r\nä'), 'a\nä'],
    ['UTF-8', file('a\r\nä'), 'a\nä'],
    ['UTF-8 with a mark', file('\ufeffa\n'), 'a\n'],
  ])('in %s', (_encoding, { bytes }, wanted) => {
    expect(textOf(bytes)).toBe(wanted)
  })
})

/** Writes the outputs into a new folder. */
function written(outputs: Outputs): string {
  const folder = mkdtempSync(join(tmpdir(), 'keepalive-kit-patch-'))
  for (const [name, files] of outputs)
    for (const [path, { bytes }] of files) {
      mkdirSync(dirname(join(folder, name, path)), { recursive: true })
      writeFileSync(join(folder, name, path), bytes)
    }
  return folder
}

const textFiles = (idle: number): Files =>
  Object.fromEntries(
    buildBundle(profileText({ name: 'line4', idle }), 'linux', 'tcbsd')
      .filter(({ bytes }) => !bytes.includes(0x0d))
      .map((artifact) => [artifact.path, artifact]),
  )

describe.each<readonly [string, string, readonly string[]]>([
  ['git', 'git', ['apply', '-']],
  ['patch', 'patch', ['-p1', '--batch', '--silent']],
])('a unified patch for %s', (_name, program, args) => {
  describeWithOracle('applied', missingPrograms(program), () => {
    it.each<readonly [string, Files, Files]>([
      ['of files of the kit', textFiles(20_000), textFiles(30_000)],
      ['with a new file', { a: file('1\n') }, { a: file('1\n'), 'linux/b': file('2\n3\n') }],
      ['with a removed file', { a: file('1\n'), 'linux/b': file('2\n3\n') }, { a: file('1\n') }],
      ['without a final line end', { a: file('1\n2\n3') }, { a: file('1\n2\n4') }],
      ['that adds a final line end', { a: file('1\n2') }, { a: file('1\n2\n') }],
      ['with changes far apart', { a: file('1\n'.repeat(99)) }, { a: file(`0\n${'1\n'.repeat(98)}2\n`) }],
    ])('%s', (_what, before, after) => {
      const folder = written(one(before))
      const input = unifiedPatch(one(before), one(after))
      expect(run(program, args, { cwd: folder, input })).toMatchObject({ code: 0, stderr: '' })
      for (const path of new Set([...Object.keys(before), ...Object.keys(after)])) {
        const at = join(folder, 'line4', path)
        const wanted = after[path]
        if (wanted === undefined) expect(existsSync(at), path).toBe(false)
        else expect(readFileSync(at).equals(wanted.bytes), path).toBe(true)
      }
    })
  })
})

describe('a unified patch', () => {
  it('has the text of .reg files, and nothing if only bytes differ', () => {
    const patch = unifiedPatch(
      one({ 'windows/keepalive.reg': wide('"KeepAliveTime"=dword:00004e20\r\n'), b: file('x\r\n') }),
      one({ 'windows/keepalive.reg': wide('"KeepAliveTime"=dword:00007530\r\n'), b: file('x\n') }),
    )
    expect(patch.split('\n').filter((line) => /^[-+]/.test(line))).toEqual([
      '--- a/line4/windows/keepalive.reg',
      '+++ b/line4/windows/keepalive.reg',
      '-"KeepAliveTime"=dword:00004e20',
      '+"KeepAliveTime"=dword:00007530',
    ])
  })

  it('has /dev/null for a new or removed file', () => {
    const names = (patch: string) => patch.split('\n').filter((line) => /^(?:---|\+\+\+) /.test(line))
    const [with_, without] = [one({ a: file('1\n') }), one({})]
    expect(names(unifiedPatch(without, with_))).toEqual(['--- /dev/null', '+++ b/line4/a'])
    expect(names(unifiedPatch(with_, without))).toEqual(['--- a/line4/a', '+++ /dev/null'])
  })

  it('is empty for equal outputs', () => {
    expect(unifiedPatch(one(textFiles(20_000)), one(textFiles(20_000)))).toBe('')
  })
})
