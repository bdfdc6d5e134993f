import { describe, expect, it } from 'vitest'
import { targetNames } from '../../src/core/target.ts'
import { TARGETS } from '../../src/targets/index.ts'
import { Desk, LINE4 } from '../support/cli.ts'
import { BAD_PROFILES } from '../source/bad-profiles.ts'

const first = (text: string) => text.split('\n')[0]

describe.each(['validate', 'explain', 'generate', 'bundle'])('%s of a wrong profile', (command) => {
  const wrong = BAD_PROFILES.filter(({ says }) => says.some((line) => line.includes(' error: ')))

  it.each(wrong)('$what: exit 1, the message with its place, and nothing written', async ({ text, says }) => {
    const desk = new Desk({ 'bad.yaml': text })
    const { code, out, err } = await desk.type(`${command} bad.yaml`)
    expect({ code, out, first: first(err) }).toEqual({ code: 1, out: '', first: `bad.yaml:${says[0]}` })
    for (const line of says) expect(err).toContain(`bad.yaml:${line}\n`)
    expect(desk.files()).toEqual(['bad.yaml'])
  })

  it('names standard input', async () => {
    const { code, err } = await new Desk().type(`${command} -`, { stdin: 'name: line4\n' })
    expect({ code, first: first(err) }).toEqual({
      code: 1,
      first:
        '<stdin>:1:1: error: idle is missing; write for example idle: 20s, or what you want, such as detect: 60s [profile/missing-key]',
    })
  })
})

describe('a wrong profile among right ones', () => {
  it('prevents all writing', async () => {
    const desk = new Desk({ 'good.yaml': LINE4, 'bad.yaml': 'name: x\n' })
    expect((await desk.type('generate good.yaml bad.yaml')).code).toBe(1)
    expect((await desk.type('bundle good.yaml bad.yaml')).code).toBe(1)
    expect(desk.files()).toEqual(['bad.yaml', 'good.yaml'])
  })

  it('may have the name of another profile', async () => {
    const desk = new Desk({ 'a.yaml': LINE4, 'b.yaml': LINE4 })
    const { code, err } = await desk.type('bundle a.yaml b.yaml')
    expect({ code, first: first(err) }).toEqual({
      code: 1,
      first:
        'b.yaml:1:7: error: the name line4 is taken by a.yaml; their output would overwrite each other [profile/duplicate-name]',
    })
    expect(desk.files()).toEqual(['a.yaml', 'b.yaml'])
  })
})

describe('the place of a problem', () => {
  it('is shown with its line and a caret', async () => {
    const { err } = await new Desk({ 'p.yaml': 'name: line4\nidle: 20 s\ninterval: 5s\n' }).type('validate p.yaml')
    expect(err).toBe(
      'p.yaml:2:7: error: idle cannot be "20 s": write number and unit without a blank between them, such as 20s [profile/bad-duration]\n' +
        '    idle: 20 s\n' +
        '          ^\n',
    )
  })

  it('is shown in a long line, without control characters', async () => {
    const { err } = await new Desk({
      'p.yaml': `{"title":"${'\u202e'.repeat(300)}","name":"line4","idle":"5","interval":"5s"}`,
    }).type('validate p.yaml')
    const [, line, caret] = err.split('\n')
    expect(line).toContain('\ufffd')
    expect(line).not.toContain('\u202e')
    expect(line?.[caret?.indexOf('^') ?? 0]).toBe('"')
  })

  it('is JSON when asked for', async () => {
    const { code, out, err } = await new Desk({ 'p.yaml': 'name: line4\nidle: 20\ninterval: 5s\n' }).type(
      'validate p.yaml --format json',
    )
    expect({ code, err }).toEqual({ code: 1, err: '' })
    expect(JSON.parse(out)).toEqual({
      artifacts: [],
      bundles: [],
      profiles: [],
      diagnostics: [
        {
          code: 'profile/unit-missing',
          severity: 'error',
          message: 'idle has no unit; write 20s for seconds or 20ms for milliseconds',
          file: 'p.yaml',
          line: 2,
          column: 7,
          path: ['idle'],
          data: { key: 'idle', text: '20' },
        },
      ],
    })
  })

  it('is an annotation for GitHub', async () => {
    const { err } = await new Desk({ 'p.yaml': 'name: line4\nidle: 20\ninterval: 5s\n' }).type(
      'validate p.yaml --format github',
    )
    expect(err).toBe(
      '::error file=p.yaml,line=2,col=7,title=profile/unit-missing::idle has no unit; write 20s for seconds or 20ms for milliseconds\n',
    )
  })

  it('is not listed a thousand times', async () => {
    const keys = Array.from({ length: 1_000 }, (_, i) => `key${i}: 1`).join('\n')
    const { err } = await new Desk({ 'p.yaml': `${LINE4}${keys}\n` }).type('validate p.yaml')
    expect(err.split('\n').length).toBeLessThan(200)
    expect(err).toContain('p.yaml: error: 900 more problems of kind profile/unknown-key are not shown; ')
    expect(err).toContain('p.yaml: and 51 more; --format json lists them\n')
  })
})

describe('wrong usage: exit 2, one line with the error, nothing written', () => {
  it.each([
    ['', 'keepalive-kit: name a command; keepalive-kit --help lists them'],
    ['validat a.yaml', 'keepalive-kit: there is no command "validat"; did you mean validate?'],
    ['validate', 'keepalive-kit: validate: missing PROFILE; write for example keepalive-kit validate line4.yaml'],
    ['frob a.yaml', 'keepalive-kit: there is no command "frob"; keepalive-kit --help lists them'],
    [
      'validate --colour a.yaml',
      'keepalive-kit: there is no option "--colour"; keepalive-kit validate --help lists them',
    ],
    ['generate a.yaml --chek', 'keepalive-kit: there is no option "--chek"; did you mean --check?'],
    ['generate a.yaml --check=maybe', 'keepalive-kit: --check takes no value'],
    ['generate a.yaml --out.x=y', 'keepalive-kit: there is no option "--out.x"; did you mean --out?'],
    ['generate a.yaml --out=', 'keepalive-kit: --out is empty; write --out DIR, or omit it for out'],
    ['bundle a.yaml --out -', 'keepalive-kit: --out takes a folder; - is standard output'],
    ['validate nothing.yaml', 'error: there is no file "nothing.yaml" [input/no-such-file]'],
    ['validate Beckhoff', 'error: there is no file "Beckhoff"; write preset:beckhoff [input/no-such-file]'],
    ['validate .', 'error: "." is a folder; name the profiles in it [input/folder]'],
    [
      'validate preset:bekhoff',
      'error: there is no preset "bekhoff"; did you mean beckhoff? Presets: beckhoff, google-cloud, sap, spectrum-protect, sql-server [input/no-such-preset]',
    ],
    [
      'generate a.yaml -t linuz',
      `keepalive-kit: there is no target "linuz"; did you mean linux? Targets: ${targetNames(TARGETS).join(', ')}`,
    ],
    [
      'generate a.yaml -t Win10',
      'keepalive-kit: there is no target "Win10"; write windows (Windows Vista and later: Embedded Standard 7, 7, 8, 10/11 IoT, Server)',
    ],
    [
      'explain a.yaml --target rtlinux',
      'keepalive-kit: there is no target "rtlinux"; write linux (Beckhoff RT Linux, Debian, any Linux)',
    ],
    ['generate a.yaml --check --dry-run', 'keepalive-kit: --check and --dry-run both write nothing; give one of them'],
    ['bundle a.yaml --out x --out y', 'keepalive-kit: --out is given twice; give it once'],
    ['bundle a.yaml --format xml', 'keepalive-kit: --format cannot be "xml"; write text, json or github'],
    ['completion ksh', 'keepalive-kit: completion: SHELL cannot be "ksh"; write bash, zsh, fish or powershell'],
    ['init a.yaml', 'keepalive-kit: a.yaml is there already; choose another name or remove it'],
  ])('%s', async (line, message) => {
    const desk = new Desk({ 'a.yaml': LINE4 })
    const { code, out, err } = await desk.type(line)
    expect({ code, out, first: first(err) }).toEqual({ code: 2, out: '', first: message })
    expect(desk.files()).toEqual(['a.yaml'])
  })

  it('a target outside the profile', async () => {
    const { code, err } = await new Desk({ 'a.yaml': `${LINE4}targets: [linux]\n` }).type('bundle a.yaml -t windows')
    expect({ code, first: first(err) }).toEqual({
      code: 1,
      first: 'a.yaml:4:10: error: profile line4 is not for windows; it is for linux [profile/no-such-target-selected]',
    })
  })
})

describe('warnings', () => {
  const probes = `${LINE4}probes: 9\ntargets: [windows]\n`

  it('do not stop the work', async () => {
    const { code, err } = await new Desk({ 'a.yaml': probes }).type('validate a.yaml')
    expect({ code, first: first(err) }).toEqual({
      code: 0,
      first: 'a.yaml:4:9: warning: windows has no setting for probes: it always sends 10 probes [setting/unsupported]',
    })
  })

  it('are errors with --strict', async () => {
    const desk = new Desk({ 'a.yaml': probes })
    const { code, err } = await desk.type('bundle a.yaml --strict')
    expect({ code, first: first(err) }).toEqual({
      code: 1,
      first: 'a.yaml:4:9: error: windows has no setting for probes: it always sends 10 probes [setting/unsupported]',
    })
    expect(desk.files()).toEqual(['a.yaml'])
  })
})
