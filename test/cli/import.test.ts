import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import fc from 'fast-check'
import { load } from 'js-yaml'
import { describe, expect, it } from 'vitest'
import { problem } from '../../src/core/diagnostic.ts'
import { readerOf } from '../../src/formats/capture-file.ts'
import { storedZip } from '../../src/core/zip.ts'
import { profileOf } from '../../src/review/import/import.ts'
import { interpret } from '../../src/review/import/reading.ts'
import { sarif } from '../../src/cli/report/sarif.ts'
import { suspects } from '../../src/review/import/suspects.ts'
import { TARGETS } from '../../src/targets/index.ts'
import { artifact, profileText } from '../support/build.ts'
import { dword, reg, regAt, TCPIP } from '../support/captures.ts'
import { Desk, LINE4, type Answer } from '../support/cli.ts'
import { filesOf, outputOf } from '../support/outputs.ts'
import { timesOf } from '../support/depth.ts'

const GOOD = reg(dword('KeepAliveTime', 20_000), dword('KeepAliveInterval', 5_000))
const DECIMAL = reg('"KeepAliveTime"=dword:30000', dword('KeepAliveInterval', 5_000))
const UNIX = 'net.ipv4.tcp_keepalive_time = 60\nnet.ipv4.tcp_keepalive_intvl = 5\n'

/** Any answer is one for people: no stack, and no exit code for a bug. */
function expectPlain({ code, err }: Answer): void {
  expect(err).not.toMatch(/\n\s+at .*\.[jt]s:\d+/)
  expect(code).toBeLessThan(3)
}

async function type(
  line: string,
  files: Readonly<Record<string, string | Uint8Array>> = {},
  stdin?: string,
): Promise<Answer> {
  const answer = await new Desk(files).type(`import ${line}`, stdin === undefined ? {} : { stdin })
  expectPlain(answer)
  return answer
}

describe('import prints a profile on stdout and oddities on stderr', () => {
  it('for a normal file', async () => {
    expect(await type('line4.reg', { 'line4.reg': GOOD })).toEqual({
      code: 0,
      out: 'name: line4\nidle: 20s\ninterval: 5s\ntargets:\n  - windows\n',
      err: '',
    })
  })

  it('for a file with a suspect, at its line', async () => {
    const { code, out, err } = await type('line4.reg', { 'line4.reg': DECIMAL })
    expect(code).toBe(0)
    expect(load(out)).toMatchObject({ idle: '196608ms' })
    expect(err).toMatch(
      /^line4\.reg:4:17: warning: KeepAliveTime: .* \[suspect\/decimal-as-hex\]\n {4}"KeepAliveTime"=dword:30000\n {20}\^\n$/,
    )
  })

  it.each([
    ['--strict', 1],
    ['', 0],
  ])('with %s warnings are errors', async (option, code) => {
    const answer = await type(`line4.reg ${option}`, { 'line4.reg': DECIMAL })
    expect(answer.code).toBe(code)
    expect(answer.out === '').toBe(code === 1)
  })

  it.each([
    ['-', 'imported', { stdin: GOOD }],
    ['LINE-4.reg', 'line-4', {}],
    ['60-keepalive.reg', 'keepalive', {}],
    ['Presse_4_(2).reg', 'presse-4-2', {}],
    ['con.reg', 'imported', {}],
    ['4.reg', 'imported', {}],
    ['a.reg --name packaging-line-4', 'packaging-line-4', {}],
  ])('of %s, called %s', async (line, name, { stdin }: { readonly stdin?: string }) => {
    const [file = ''] = line.split(' ')
    const { code, out } = await type(line, stdin === undefined ? { [file]: GOOD } : {}, stdin)
    expect([code, (load(out) as { name: string }).name]).toEqual([0, name])
  })

  it('for a script of the kit, with the name of its profile', async () => {
    const script = artifact(profileText({ name: 'line4' }), 'windows', 'install.ps1')
    const { out } = await type('install.ps1', { 'install.ps1': script })
    expect(out).toBe('name: line4\nidle: 20s\ninterval: 5s\ntargets:\n  - windows\n')
  })

  it('for the targets of --target', async () => {
    const { out } = await type('a.reg -t windows-xp -t windows', { 'a.reg': GOOD })
    expect(load(out)).toMatchObject({ targets: ['windows', 'windows-xp'] })
    const other = await type('a.reg -t linux', { 'a.reg': GOOD })
    expect([other.code, other.out]).toEqual([1, ''])
    expect(other.err).toContain('[import/nothing-found]')
  })

  it('for several files together', async () => {
    const { code, out } = await type('a.reg b.conf', { 'a.reg': GOOD, 'b.conf': UNIX })
    expect(code).toBe(0)
    expect(load(out)).toEqual({
      name: 'a',
      idle: '1min',
      interval: '5s',
      targets: ['linux', 'windows'],
      overrides: { windows: { idle: '20s' } },
    })
  })

  it('and names settings that a profile cannot have', async () => {
    const { err } = await type('a.reg', {
      'a.reg': reg(dword('KeepAliveTime', 20_000), dword('KeepAliveInterval', 5_000), dword('EnableICMPRedirect', 0)),
    })
    expect(err).toBe(
      'a.reg: warning: it also sets EnableICMPRedirect, which a profile cannot express [import/not-said]\n',
    )
  })

  it('and names ignored places', async () => {
    const copy = 'HKEY_LOCAL_MACHINE\\SYSTEM\\ControlSet001\\Services\\Tcpip\\Parameters'
    const { err } = await type('a.reg', { 'a.reg': `${GOOD}[${copy}]\r\n${dword('KeepAliveTime', 30_000)}\r\n` })
    expect(err).toContain(`values in ${copy} were not imported [import/elsewhere]`)
  })
})

describe('import reports why there is no profile:', () => {
  it.each([
    ['a.reg', { 'a.reg': regAt('HKEY_LOCAL_MACHINE\\SOFTWARE\\X', dword('Y', 1)) }, 1, 'import/nothing-found'],
    ['a.bin', { 'a.bin': Buffer.from([0, 1, 2, 3]) }, 1, 'import/unknown-kind'],
    ['a.yaml', { 'a.yaml': LINE4 }, 1, 'import/unknown-kind'],
    ['a.reg', { 'a.reg': reg('"KeepAliveTime"=-') }, 1, 'import/removes'],
    ['a.conf', { 'a.conf': 'net.ipv4.tcp_keepalive_time = 0\n' }, 1, 'profile/zero'],
    ['none.reg', {}, 2, 'input/no-such-file'],
  ])('%s', async (file, files, code, wrong) => {
    const answer = await type(file, files)
    expect([answer.code, answer.out]).toEqual([code, ''])
    expect(answer.err).toContain(`[${wrong}]`)
  })

  it.each(['', 'a.reg --name CON', 'a.reg --target beos', 'a.reg --format xml'])('usage: import %s', async (line) => {
    const { code, out } = await type(line, { 'a.reg': GOOD })
    expect([code, out]).toEqual([2, ''])
  })
})

describe('an output of the kit becomes its profile.yaml', () => {
  const bundle = outputOf(LINE4)

  it('from its folder', async () => {
    const desk = new Desk()
    for (const [path, { bytes }] of filesOf(bundle)) {
      const file = join(desk.folder, 'line4', path)
      mkdirSync(dirname(file), { recursive: true })
      writeFileSync(file, bytes)
    }
    expect(await desk.type('import line4')).toEqual({ code: 0, out: LINE4, err: '' })
  })

  it('from its zip', async () => {
    expect(await type('line4.zip', { 'line4.zip': storedZip(bundle) })).toEqual({ code: 0, out: LINE4, err: '' })
  })
})

describe('for programs', () => {
  it('--format json is one document with the profile and the diagnostics', async () => {
    const { out, err } = await type('a.reg --format json', { 'a.reg': DECIMAL })
    expect(err).toBe('')
    expect(JSON.parse(out)).toMatchObject({
      artifacts: [],
      profiles: [{ yaml: 'name: a\nidle: 196608ms\ninterval: 5s\ntargets:\n  - windows\n' }],
      diagnostics: [{ code: 'suspect/decimal-as-hex', severity: 'warning', file: 'a.reg', line: 4, column: 17 }],
    })
    const none = await type('a.reg --format json', { 'a.reg': reg() })
    expect([none.code, JSON.parse(none.out)]).toMatchObject([1, { profiles: [] }])
  })

  it('--format github is an annotation for each', async () => {
    const { out, err } = await type('a.reg --format github', { 'a.reg': DECIMAL })
    expect(load(out)).toMatchObject({ name: 'a' })
    expect(err).toMatch(/^::warning file=a\.reg,line=4,col=17,title=suspect\/decimal-as-hex::KeepAliveTime: [^\n]*\n$/)
  })

  it('--format sarif is a SARIF 2.1.0 log', async () => {
    const { code, out, err } = await type('a.reg --format sarif', { 'a.reg': DECIMAL })
    expect([code, err]).toEqual([0, ''])
    const log: unknown = JSON.parse(out)
    expect(log).toMatchObject({
      $schema: expect.stringContaining('sarif-2.1.0') as string,
      version: '2.1.0',
      runs: [
        {
          tool: { driver: { name: 'keepalive-kit', rules: [{ id: 'suspect/decimal-as-hex' }] } },
          columnKind: 'utf16CodeUnits',
          results: [
            {
              ruleId: 'suspect/decimal-as-hex',
              level: 'warning',
              message: { text: expect.stringContaining('dword:00007530') as string },
              locations: [
                {
                  physicalLocation: {
                    artifactLocation: { uri: 'a.reg' },
                    region: { startLine: 4, startColumn: 17, snippet: { text: '"KeepAliveTime"=dword:30000' } },
                  },
                },
              ],
            },
          ],
        },
      ],
    })
  })

  it.each([
    ['C:\\plant\\line 4.reg', 'C:/plant/line%204.reg'],
    ['line#4?.reg', 'line%234%3F.reg'],
    ['half \ud800.reg', 'half%20%EF%BF%BD.reg'],
  ])('SARIF names the file %j by a URI', (file, uri) => {
    const log = sarif([problem('reg/no-bom', {}, { location: { file } })], '0')
    expect(log).toMatchObject({
      runs: [{ results: [{ locations: [{ physicalLocation: { artifactLocation: { uri } } }] }] }],
    })
  })
})

const RUNS = Number(process.env['FUZZ_RUNS'] ?? timesOf(2_000, 500))

describe('import never throws', () => {
  const seeds = [GOOD, DECIMAL, UNIX, `${TCPIP}\r\n    KeepAliveTime    REG_DWORD    0x4e20\r\n`]
  const scripts = ['windows/install.ps1', 'windows/check.cmd', 'linux/install.sh', 'linux/containers/kubernetes.yaml']
  const own = filesOf(outputOf(LINE4))
  const whole = fc.constantFrom(
    ...seeds.map((text) => Buffer.from(text)),
    Buffer.from(`\ufeff${GOOD}`, 'utf16le'),
    ...scripts.map((path) => Buffer.from(own.get(path)?.bytes ?? [])),
  )
  const pieces = [
    '"KeepAliveTime"=dword:',
    'net.inet.tcp.keepidle',
    'net.ipv4.tcp_keepalive_time',
    '[-',
    `[${TCPIP}]`,
    '\n',
    '=',
    ': ',
    'sysctls:\n',
    '- name: ',
    'value: ',
    '-1',
    '99999999999999999999',
    '30000',
    '"',
    '\0',
    '\ud83d',
    '#!/bin/sh\n',
    '# TCP keep-alive profile x',
    'data() {\n',
    'HKEY_LOCAL_MACHINE\\1\\ControlSet001\\Services\\Tcpip\\Parameters',
  ]
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 200 }).map((some) => Buffer.from(some)),
    fc.array(fc.constantFrom(...pieces), { maxLength: 30 }).map((parts) => Buffer.from(parts.join(''))),
    fc
      .tuple(whole, fc.nat(4_000), fc.nat(20), fc.array(fc.constantFrom(...pieces), { maxLength: 3 }))
      .map(([text, at, length, put]) =>
        Buffer.concat([text.subarray(0, at), Buffer.from(put.join('')), text.subarray(at + length)]),
      ),
  )

  it('for any bytes', () => {
    fc.assert(
      fc.property(bytes, fc.constantFrom('a.reg', 'a.conf', 'a'), (content, file) => {
        const read = readerOf(content, file)
        if (read === undefined) return
        const findings = interpret(TARGETS, read(content, file, TARGETS), { possible: [...TARGETS.keys()] })
        const { text, diagnostics } = profileOf(TARGETS, 'fuzz', undefined, findings)
        const told = [...findings.diagnostics, ...suspects(TARGETS, findings), ...diagnostics]
        expect(text === undefined || diagnostics.every(({ severity }) => severity !== 'error')).toBe(true)
        expect(JSON.stringify(sarif(told, '0'))).not.toContain('undefined')
      }),
      { numRuns: RUNS },
    )
  })

  it.each([
    ['blanks in YAML', (n: number) => `sysctls:\n${' '.repeat(n)}x\n`],
    ['blanks before a name', (n: number) => `sysctls:\n-${' '.repeat(n)}name${' '.repeat(n)}\n`],
    [
      'keys that are deleted',
      (n: number) => `REGEDIT4\n\n${`[-${TCPIP}]\n[${TCPIP}]\n"KeepAliveTime"=dword:1\n`.repeat(n / 100)}`,
    ],
    ['values of one name', (n: number) => `REGEDIT4\n\n[${TCPIP}]\n${'"KeepAliveTime"=dword:30000\n'.repeat(n / 20)}`],
  ])('%s take proportional time', (_what, of) => {
    const content = Buffer.from(of(400_000))
    const from = performance.now()
    const read = readerOf(content, 'a')
    const findings = interpret(TARGETS, read?.(content, 'a', TARGETS) ?? [], { possible: [...TARGETS.keys()] })
    suspects(TARGETS, findings)
    profileOf(TARGETS, 'fuzz', undefined, findings)
    expect(performance.now() - from).toBeLessThan(5_000)
  })
})
