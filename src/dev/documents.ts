import { formatDuration } from '../core/duration.ts'
import { configurableText, type Middlebox } from '../core/middlebox.ts'
import { POLICY_FIELDS, type Policy, type PolicyField } from '../core/policy.ts'
import { valueText } from '../core/profile.ts'
import { helpers } from '../core/quote.ts'
import { defaultText } from '../core/setting.ts'
import { boundsText, type Bounds, type Source, type Sourced } from '../core/sourced.ts'
import { FIELDS, type Registry, type Setting, type Target } from '../core/target.ts'

/** `A | B` rows as a Markdown table. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}

/** The systems and their artifacts; a folder is named for all files in it. */
export function targetsTable(registry: Registry): string {
  const rows = [...registry.values()].map(({ id, aliases, systems, outputs }) => [
    [id, ...aliases].map((name) => `\`${name}\``).join(', '),
    systems,
    [...new Set(outputs.map(({ path }) => path.replace(/\/.*/, '/')))].map((name) => `\`${name}\``).join(', '),
  ])
  return table(['target', 'systems', 'files'], rows)
}

/** Every option of every system. */
export function optionsTable(registry: Registry): string {
  const rows = [...registry.values()].flatMap(({ id, options }) =>
    Object.entries(options).map(([name, option]) => [
      `\`${id}: { ${name}: ${option.default} }\``,
      option.summary,
      option.kind === 'number' ? `${option.range.min} to ${option.range.max}` : VALUES_OF[option.kind],
    ]),
  )
  return table(['under `options`, with its default', 'meaning', 'values'], rows)
}
const VALUES_OF = { switch: '`true`, `false`', name: 'letters, digits, `_`, `-`; first a letter' }

/** Every setting of every system: a table for each system, and below it the sources of its numbers. */
export function settingsTables(registry: Registry): string {
  return [...registry.values()].map(settingsOf).join('\n\n')
}

function settingsOf(target: Target): string {
  const { id, systems, settings, activation } = target
  const sources = [...new Map(FIELDS.flatMap((field) => settings[field].sources).map((one) => [one.url, one])).values()]
  const numbers = (of: readonly Source[]) => of.map(({ url }) => sources.findIndex((one) => one.url === url) + 1)
  const rows = FIELDS.map((field) => {
    const setting = settings[field]
    const read = numbers(setting.sources).join(', ')
    if (setting.kind === 'unsupported') return [field, `none: ${setting.instead}`, '', '', read]
    return [field, `\`${setting.key}\``, rangeText(setting), defaultText(setting), read]
  })
  return [
    `### \`${id}\`: ${systems}`,
    activation.text,
    table(['field', 'native name', 'range', 'default', 'sources'], rows),
    sources.map(({ title, url }, index) => `${index + 1}. [${title}](${url})`).join('\n'),
  ].join('\n\n')
}

function rangeText(setting: Setting): string {
  if (setting.kind === 'switch') return '0 or 1'
  const { min, max } = setting.range
  const unit = setting.kind === 'duration' ? ` ${setting.unit}` : ''
  const step = setting.kind === 'duration' && setting.step.size > 1 ? `, in steps of ${setting.step.size}` : ''
  return `${min} to ${max}${unit}${step}`
}

/** The policies with their numbers, each with its source. */
export function policiesTable(policies: Iterable<Policy>): string {
  const rules = [...policies].flatMap(({ name, title, rules: all }) => all.map((rule) => ({ name, title, ...rule })))
  const rows = rules.map(({ name, title, targets, wants, source }, index) => [
    `\`${name}\``,
    title,
    targets.map((target) => `\`${target}\``).join(', '),
    ...POLICY_FIELDS.map((field) => wantedText(field, wants[field])),
    `[${source.title}][policy-${index + 1}]`,
  ])
  const head = ['policy', 'required or recommended by', 'targets', ...POLICY_FIELDS, 'source']
  return `${table(head, rows)}\n\n${references('policy', rules)}`
}

function wantedText(field: PolicyField, wanted: Bounds | undefined): string {
  return wanted === undefined ? '' : boundsText(wanted, (value) => String(valueText(field, value)))
}

/** The time for which each middlebox remembers a silent connection, with its source. */
export function middleboxesTable(middleboxes: readonly Middlebox[]): string {
  const rows = middleboxes.map((one, index) => [
    `\`${one.name}\``,
    one.title,
    formatDuration(one.idleLimit),
    configurableText(one),
    `[${one.source.title}][middlebox-${index + 1}]`,
  ])
  const head = ['middlebox', 'is', 'idle limit', 'another limit', 'source']
  return `${table(head, rows)}\n\n${references('middlebox', middleboxes)}`
}

/** The addresses, apart from the table that links to them, so that its lines stay short. */
function references(kind: string, rows: readonly Sourced[]): string {
  return rows.map(({ source }, index) => `[${kind}-${index + 1}]: ${source.url}`).join('\n')
}

/** The profiles that ship with the kit, from the output of `presets --format json`. */
export function presetsTable(presets: readonly Preset[]): string {
  const rows = presets.map(({ preset, title, targets }) => [
    `[\`${preset}\`](../src/presets/${preset.replace('preset:', '')}.yaml)`,
    title,
    targets.map((target) => `\`${target}\``).join(', '),
  ])
  return table(['preset', 'origin', 'targets'], rows)
}

/** A preset, as `presets --format json` prints it. */
export interface Preset {
  readonly preset: string
  readonly title: string
  readonly targets: readonly string[]
}

/** The help of each command. */
export function commandsHelp(helps: readonly { readonly name: string; readonly text: string }[]): string {
  return helps.map(({ name, text }) => `### \`${name}\`\n\n${textBlock(text)}`).join('\n\n')
}

/** A text as a fenced block. */
export function textBlock(text: string): string {
  return `\`\`\`text\n${text.trimEnd()}\n\`\`\``
}

/** Every helper of the templates, from the comments in its source. */
export function helpersTable(source: string): string {
  const rows = Object.keys(helpers).map((name) => {
    const match = new RegExp(`/\\*\\* ([^]*?) \\*/\\n  ${name}:`).exec(source)
    const about = match?.[1]
      ?.split('/** ')
      .at(-1)
      ?.replace(/\s+\*?\s*/g, ' ')
    return [`\`{{${name} value}}\``, about ?? '']
  })
  return table(['helper', 'makes'], rows)
}

/** Replaces the text between `<!-- begin generated: NAME -->` and its end. */
export function replaceBlock(document: string, name: string, content: string): string {
  const begin = `<!-- begin generated: ${name} -->`
  const end = `<!-- end generated: ${name} -->`
  const [before, rest] = document.split(begin)
  const after = rest?.split(end)[1]
  if (before === undefined || after === undefined) throw new Error(`the block "${name}" is missing: ${begin} … ${end}`)
  return `${before}${begin}\n\n${content}\n\n${end}${after}`
}

/** The module with all targets, from the names of their folders. */
export function registryModule(ids: readonly string[]): string {
  const names = ids.map((id) => ({ id, name: id.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase()) }))
  return `// Generated by \`npm run generate\` from the folders beside this file; do not edit.
import type { Registry } from '../core/target.ts'
${names.map(({ id, name }) => `import { ${name} } from './${id}/target.ts'`).join('\n')}

/** Every target by its id. */
export const TARGETS: Registry = new Map([${names.map(({ name }) => name).join(', ')}].map((target) => [target.id, target]))
`
}
