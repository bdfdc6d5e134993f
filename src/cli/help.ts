import { GROUPS, type Definition, type Option, type OptionSet, type Positional } from './definition.ts'
import { COMMON, META } from './options.ts'

const ABOUT =
  'Describe TCP keep-alive once; get tested files and installers for Windows, Windows CE, TC/BSD and Linux. The kit never touches the settings of the machine that runs it.'
const FIRST_STEPS: Definition['examples'] = [
  ['write a profile to start from', 'init line4.yaml'],
  ['see what it means on each target', 'explain line4.yaml'],
  ['zip its files and installers', 'bundle line4.yaml'],
]
const MORE = '"keepalive-kit COMMAND --help" shows the options and examples of a command.'
const EXIT_CODES =
  'Exit codes: 0 success or no difference, 1 invalid or different, 2 wrong usage, 3 system error or bug.'

/** The columns of a line if those of the terminal are not known, and their bounds if they are. */
const COLUMNS = { unknown: 80, least: 40, most: 100 }

/** The subject of a row, and the words beside it. */
type Row = readonly [subject: string, words: string]

interface Section {
  readonly title: string
  readonly rows: readonly Row[]
}

/** Help for the whole program: one line for each command. `columns` is the width of the terminal, if known. */
export function programHelp(all: readonly Definition[], columns?: number): string {
  const groups = GROUPS.map((group): Section => {
    const members = all.filter((one) => one.group === group)
    return { title: group, rows: members.map(({ name, takes, describe }) => [`${name} ${usage(takes)}`, describe]) }
  })
  const sections = [...groups, { title: 'Options', rows: optionRows({ ...COMMON, ...META }) }]
  return page(['COMMAND [ARG...] [options]', ABOUT], sections, FIRST_STEPS, [MORE, EXIT_CODES], widthFor(columns))
}

/** Help for one command, with all its words and options. */
export function commandHelp({ name, describe, takes, options, examples }: Definition, columns?: number): string {
  const others = Object.entries<Option>({ ...COMMON, ...META }).filter(([one]) => !Object.hasOwn(options, one))
  const sections: readonly Section[] = [
    { title: 'Arguments', rows: takes.map((one) => [one.value, about(one)]) },
    { title: 'Options', rows: optionRows(options) },
    { title: 'Options of every command', rows: optionRows(Object.fromEntries(others)) },
  ]
  const sentence = `${describe.charAt(0).toUpperCase()}${describe.slice(1)}.`
  return page([`${name} ${usage(takes)} [options]`, sentence], sections, examples, [EXIT_CODES], widthFor(columns))
}

/** The words after a command's name: `[FILE]`, `PROFILE...`, `A B`. */
export function usage(takes: readonly Positional[]): string {
  const forms = { one: '%', optional: '[%]', many: '%...' }
  return takes.map(({ count, value }) => forms[count].replace('%', value)).join(' ')
}

/** `a, b or c`. */
export function joined(words: readonly string[], last: 'and' | 'or'): string {
  return words.length < 2 ? words.join() : `${words.slice(0, -1).join(', ')} ${last} ${words.at(-1)}`
}

function optionRows(options: OptionSet): readonly Row[] {
  return Object.entries(options).map(([name, option]) => {
    const short = option.short === undefined ? '    ' : `-${option.short}, `
    return [`${short}--${name}${option.kind === 'flag' ? '' : ` ${option.value}`}`, about(option)]
  })
}

function about(one: Option | Positional): string {
  if ('kind' in one && one.kind === 'flag') return one.describe
  const choices = one.choices === undefined ? '' : `: ${joined(one.choices, 'or')}`
  const again = 'kind' in one && one.kind === 'list' ? '; may be given again' : ''
  const standard = 'defaultText' in one ? one.defaultText : 'default' in one ? one.default : undefined
  return `${one.describe}${choices}${again}${standard === undefined ? '' : ` [default: ${standard}]`}`
}

function page(
  [synopsis, summary]: readonly [string, string],
  sections: readonly Section[],
  examples: Definition['examples'],
  notes: readonly string[],
  width: number,
): string {
  const filled = sections.filter(({ rows }) => rows.length > 0)
  const subjects = Math.max(...filled.flatMap(({ rows }) => rows.map(([subject]) => subject.trimEnd().length)))
  const lines = examples.flatMap(([purpose, line]) => [`  # ${purpose}`, `  keepalive-kit ${line}`])
  return [
    `Usage: keepalive-kit ${synopsis.replace('  ', ' ')}`,
    wrapped(summary, width).join('\n'),
    ...filled.map(({ title, rows }) =>
      [`${title}:`, ...rows.flatMap((row) => rowLines(row, subjects, width))].join('\n'),
    ),
    ['Examples:', ...lines].join('\n'),
    ...notes.map((note) => wrapped(note, width).join('\n')),
  ].join('\n\n')
}

/** The words beside the subject, or below it if the terminal is too narrow for both. */
function rowLines([subject, words]: Row, subjects: number, width: number): readonly string[] {
  const beside = subjects + 4
  if (width - beside < 24) return [`  ${subject.trim()}`, ...wrapped(words, width - 6).map((line) => `      ${line}`)]
  const [first = '', ...rest] = wrapped(words, width - beside)
  return [`  ${subject.trimEnd().padEnd(subjects)}  ${first}`, ...rest.map((line) => `${' '.repeat(beside)}${line}`)]
}

/** Lines of at most `width` columns, broken between words; a longer word gets a line of its own. */
function wrapped(text: string, width: number): readonly string[] {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const longer = `${lines.at(-1)} ${word}`
    if (lines.length === 0 || longer.length > width) lines.push(word)
    else lines[lines.length - 1] = longer
  }
  return lines
}

function widthFor(columns = COLUMNS.unknown): number {
  return Math.min(Math.max(columns, COLUMNS.least), COLUMNS.most)
}
