import { chmodSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, it } from 'vitest'
import { main } from '../../src/cli/main.ts'
import { DEFINITIONS } from '../../src/cli/parser.ts'
import { Desk, LINE4 } from '../support/cli.ts'
import { describeWithOracle, missingPrograms, run } from '../support/oracle.ts'

const BIN = fileURLToPath(new URL('../../dist/bin.cjs', import.meta.url))

/** A folder with an empty HOME and some files in it, and a PATH on which `keepalive-kit` is the built program. */
function surroundings() {
  const { folder } = new Desk({ 'line4.yaml': LINE4, 'my file.yaml': LINE4, 'plants/a.csv': '', 'bin/.keep': '' })
  const program = join(mkdtempSync(join(tmpdir(), 'keepalive-kit-path-')), 'keepalive-kit')
  writeFileSync(program, `#!/bin/sh\nexec '${process.execPath}' '${BIN}' "$@"\n`)
  chmodSync(program, 0o755)
  const home = mkdtempSync(join(tmpdir(), 'keepalive-kit-home-'))
  return { cwd: folder, env: { PATH: `${join(program, '..')}:${process.env['PATH']}`, HOME: home, TERM: 'xterm' } }
}

const COMMANDS = DEFINITIONS.map(({ name }) => name).toSorted()
const EVERYWHERE = ['--format', '--help', '--no-color', '--quiet', '--version']
const PRESETS = ['beckhoff', 'google-cloud', 'sap', 'spectrum-protect', 'sql-server'].map((name) => `preset:${name}`)
const PATHS = ['bin', 'line4.yaml', 'my file.yaml', 'plants']

/** A command line at whose end somebody presses TAB, and every possible word there, folders without a slash. */
const CASES: readonly (readonly [line: string, words: readonly string[]])[] = [
  ['', COMMANDS],
  ['val', ['validate']],
  ['help mi', ['middleboxes']],
  ['bundle ', [...PATHS, ...PRESETS].toSorted()],
  ['bundle p', ['plants', ...PRESETS]],
  ['bundle my', ['my file.yaml']],
  ['bundle preset:b', ['preset:beckhoff']],
  ['bundle preset:s', ['preset:sap', 'preset:spectrum-protect', 'preset:sql-server']],
  ['bundle preset:sap preset:s', ['preset:spectrum-protect', 'preset:sql-server']],
  ['diff line4.yaml preset:b', ['preset:beckhoff']],
  ['diff line4.yaml line4.yaml ', [...EVERYWHERE, '--target'].toSorted()],
  ['verify pl', ['plants']],
  ['verify line4.zip --profile preset:b', ['preset:beckhoff']],
  ['merge ', ['bin', 'plants']],
  ['bundle x --out p', ['plants']],
  ['bundle x --out=p', ['--out=plants']],
  ['targets ', EVERYWHERE],
  ['targets l', []],
  ['import x --name ', []],
  ['bundle x -t ', ['freebsd', 'linux', 'tcbsd', 'windows', 'windows-ce', 'windows-xp']],
  ['bundle x -t windows --target wind', ['windows-ce', 'windows-xp']],
  ['fleet x --select target:windows-', ['target:windows-ce', 'target:windows-xp']],
  ['explain x --policy s', ['sap', 'stig']],
  ['explain x --format ', ['github', 'html', 'json', 'text']],
  ['diff a b --format=m', ['--format=markdown']],
  ['git-setup --way ', ['encoding', 'textconv']],
  ['completion ', ['bash', 'fish', 'powershell', 'zsh']],
  ['bundle --t', ['--target']],
  ['bundle x --strict --s', []],
  ['bundle x -t linux --t', ['--target']],
  ['generate x --dry', ['--dry-run']],
  ['generate x --check --dry', []],
  ['verify x --lock y --p', []],
  ['bundle -- --', []],
]

describe('The words for TAB', () => {
  /** The words of an answer, and the kind of paths that the shell should add. */
  async function asked(line: string): Promise<readonly string[]> {
    const words = line.split(' ')
    let out = ''
    const world = { cwd: '/', env: {}, readStdin: () => Promise.reject(new Error()), err: () => {}, terminal: false }
    const argv = [`--complete=${words.at(-1) ?? ''}`, ...words.slice(0, -1)]
    expect(await main(argv, '0.0.0', { ...world, out: (text) => void (out += text) })).toBe(0)
    return out.split('\n').slice(0, -1)
  }

  it.each([
    ['bundle ', [...PRESETS, ':files']],
    ['bundle line4.yaml --out ', [':folders']],
    ['lock line4.yaml --lock ', [':files']],
    ['init ', [':files']],
    ['nope ', []],
    ['bundle --nope ', [...PRESETS, ':files']],
    ['bundle --constructor ', [...PRESETS, ':files']],
    ['bundle x --nope=', []],
    ['bundle x --check=', []],
    ['--format ', ['text', 'json', 'github']],
    ['-q val', ['validate']],
    ['help bundle ', EVERYWHERE],
  ] as const)('after "%s" are %j', async (line, words) => {
    const answered = (await asked(line)).map((word) => word.replace(/\t.*/, ''))
    expect(answered.toSorted()).toEqual([...words].toSorted())
  })

  it('come with a description', async () => {
    expect(await asked('generate x --c')).toEqual([
      '--check\tcompare with the files that exist; exit 1 if they differ; write nothing',
    ])
  })

  it.each(DEFINITIONS)('are every option of $name, by its long name', async ({ name, options }) => {
    const names = new Set(['format', 'help', 'no-color', 'quiet', 'version', ...Object.keys(options)])
    const answered = (await asked(`${name} -`)).map((line) => line.replace(/\t.*/, ''))
    expect(answered.toSorted()).toEqual([...names].map((one) => `--${one}`).toSorted())
  })
})

describe('A completion script', () => {
  it.each(['bash', 'zsh', 'fish', 'powershell'])('for %s asks the program', async (shell) => {
    const { code, out, err } = await new Desk().type(`completion ${shell}`)
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(out).toContain('keepalive-kit "--complete=$')
  })
})

/** Creates a test for each line of {@link CASES}; the shell answers all lines at once, which saves starts. */
function offersOf(
  ask: (lines: readonly string[]) => ReadonlyMap<string, unknown>,
  wanted: (line: string, words: readonly string[]) => unknown,
) {
  let answers: ReadonlyMap<string, unknown>
  beforeAll(() => {
    answers = ask(CASES.map(([line]) => line))
  })
  it.each(CASES)('offers at "%s" %j', (line, words) => {
    expect(answers.get(line)).toEqual(wanted(line, words))
  })
}

/** The paragraphs of a file, one for each command line, by that line: the lines of each without duplicates, sorted. */
function paragraphs(text: string, lines: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const found = text.split('END\n').map((one) => [...new Set(one.split('\n').filter(Boolean))].toSorted())
  return new Map(lines.map((line, at) => [line, found[at] ?? []]))
}

describeWithOracle('bash with its line editor', missingPrograms('bash'), () => {
  /** The lines after a key was pressed at the end of each. */
  function press(key: string, lines: readonly string[]): ReadonlyMap<string, string> {
    const { cwd, env } = surroundings()
    const [setup, answers] = [join(env.HOME, 'setup'), join(env.HOME, 'answers')]
    const all = [
      'source <(keepalive-kit completion bash)',
      `bind '"\\C-t": insert-completions'`,
      `bind -x '"\\C-g": printf "%s\\n" "$READLINE_LINE" >>${answers}'`,
    ]
    writeFileSync(setup, all.join('\n'))
    const keys = lines.map((line) => `keepalive-kit ${line}${key}\x07\x15`).join('')
    run('bash', ['--rcfile', setup, '-i'], { cwd, env, input: keys })
    const read = readFileSync(answers, 'utf8').split('\n')
    return new Map(lines.map((line, at) => [line, (read[at] ?? '').replace('keepalive-kit ', '')]))
  }
  const TAB = '\t'
  /** Inserts every possible word into the line. */
  const INSERT = '\x14'

  offersOf(
    (lines) => press(INSERT, lines),
    (line, words) => {
      // bash replaces the text after the last blank, colon or equals sign.
      const fixed = /^.*[ :=]/.exec(line)?.[0] ?? ''
      const word = /[^ ]*$/.exec(fixed)?.[0] ?? ''
      const put = words.map((one) => `${one.slice(word.length).replaceAll(' ', '\\ ')} `).join('')
      return words.length === 0 ? line : `${fixed}${put}`
    },
  )

  it('completes at TAB', () => {
    const expected = new Map([
      ['val', 'validate '],
      ['bundle pr', 'bundle preset:'],
      ['bundle preset:b', 'bundle preset:beckhoff '],
      ['bundle "preset:b', 'bundle "preset:beckhoff" '],
      ['  bundle   preset:b', '  bundle   preset:beckhoff '],
      ['bundle my', 'bundle my\\ file.yaml '],
      ['bundle "my', 'bundle "my file.yaml" '],
      ['bundle x --out=pl', 'bundle x --out=plants/'],
      ['diff a b --format=mar', 'diff a b --format=markdown '],
      ['bundle x -t wi', 'bundle x -t windows'],
    ])
    expect(press(TAB, [...expected.keys()])).toEqual(expected)
  })
})

describeWithOracle('zsh with its line editor', missingPrograms('zsh'), () => {
  const TYPIST = `
zmodload zsh/zpty
zpty kit zsh -f -i
zpty -w kit 'PS1=; source $HOME/setup; print REA''DY'
zpty -r kit text '*READY*'
for line; do
    zpty -w -n kit "keepalive-kit $line"$'\\t\\a'
    zpty -r kit text '*SHOWN*'
done
zpty -d kit
`
  const SETUP = `
fpath=($HOME/functions $fpath)
autoload -Uz compinit && compinit -u -D
zstyle ':completion:*' menu no
LISTMAX=1000
compadd() { local -a all; builtin compadd -O all "$@"; print -rC1 -- $all >>$HOME/words; builtin compadd "$@" }
show() { print -r -- $BUFFER >>$HOME/lines; print END >>$HOME/words; print -n SHOWN; BUFFER= }
zle -N show
bindkey '^I' complete-word '^G' show
`

  /** Presses TAB at the end of each line: the words that zsh finds there, and the lines after it. */
  function press(lines: readonly string[], load: 'by name' | 'at start') {
    const { cwd, env } = surroundings()
    const at = (name: string) => join(env.HOME, name)
    const script = run('keepalive-kit', ['completion', 'zsh'], { env }).stdout
    mkdirSync(at('functions'))
    writeFileSync(at('functions/_keepalive-kit'), load === 'by name' ? script : '')
    writeFileSync(at('setup'), `${SETUP}${load === 'by name' ? '' : 'source <(keepalive-kit completion zsh)\n'}`)
    expect(run('zsh', ['-f', '-c', TYPIST, 'zsh', ...lines], { cwd, env })).toMatchObject({ code: 0, stderr: '' })
    const after = readFileSync(at('lines'), 'utf8').split('\n')
    return {
      words: paragraphs(readFileSync(at('words'), 'utf8').replaceAll('\\', ''), lines),
      lines: new Map(lines.map((line, index) => [line, after[index]?.replace('keepalive-kit ', '')])),
    }
  }

  offersOf(
    (lines) => press(lines, 'at start').words,
    // zsh gets the path alone.
    (_line, words) => words.map((word) => word.replace('--out=', '')),
  )

  it.each(['by name', 'at start'] as const)('completes at TAB, loaded %s', (load) => {
    const expected = new Map([
      ['val', 'validate '],
      ['bundle pr', 'bundle preset:'],
      ['bundle preset:b', 'bundle preset:beckhoff '],
      ['bundle "preset:b', 'bundle "preset:beckhoff" '],
      ['bundle my', 'bundle my\\ file.yaml '],
      ['bundle x --out=pl', 'bundle x --out=plants/'],
      ['diff a b --format=mar', 'diff a b --format=markdown '],
      ['bundle x -t wi', 'bundle x -t windows'],
    ])
    expect(press([...expected.keys()], load).lines).toEqual(expected)
  })
})

describeWithOracle('fish', missingPrograms('fish'), () => {
  offersOf(
    (lines) => {
      const { cwd, env } = surroundings()
      const script =
        'keepalive-kit completion fish | source; for line in $argv; complete -C "keepalive-kit $line"; echo END; end'
      const { stdout, stderr } = run('fish', ['--no-config', '-c', script, ...lines], { cwd, env })
      expect(stderr).toBe('')
      return paragraphs(stdout.replaceAll(/\/?(?:\t.*)?$/gm, ''), lines)
    },
    (_line, words) => words,
  )
})
