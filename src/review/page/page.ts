import { sha256 } from '#checksums'
import { durationText } from '../../core/duration.ts'
import type { Explanation } from '../../core/explain.ts'
import type { Explained, Judgement } from '../../core/policy.ts'
import type { RenderTemplate } from '../../core/render.ts'
import { implicationSentences } from '../../core/implications.ts'
import { some } from '../../core/words.ts'
import { timelineSvg } from './drawing.ts'
import type { Timing } from './timeline.ts'

/** A result of `diff`, in the words of a page. Groups, changes and devices keep their order on the page. */
export interface PageDifference {
  /** The name of the old side, such as a path. */
  readonly before: string
  readonly after: string
  readonly groups: readonly PageGroup[]
  /** The number of devices that are the same on both sides. */
  readonly unchanged: number
}

/** Devices that change in the same way on one target. */
export interface PageGroup {
  /** The names of profiles; there may be ten thousand. */
  readonly devices: readonly string[]
  readonly target: string
  /** The systems of the target, as in its descriptor. */
  readonly systems: string
  readonly changes: readonly PageChange[]
  /** The consequences, each a sentence: "a dead peer is noticed after 250 s instead of 310 s". */
  readonly consequences: readonly string[]
  /** A state that is not known or does not exist is left out. */
  readonly timeline: { readonly before?: Timing | undefined; readonly after?: Timing | undefined }
  readonly files: readonly { readonly path: string; readonly how: string }[]
}

/**
 * One setting: native name, description, and old and new value as texts: `7 200 000 ms (2 h, 0x6ddd00)`, `not set
 * (default 2 h)`.
 */
export interface PageChange {
  readonly key: string
  readonly summary: string
  readonly before: string
  readonly after: string
}

/** The most devices of a group that its heading names; more become a list that opens on demand. */
const NAMED = 3

/** The browser lays out a longer list as it is scrolled to, {@link CHUNK} entries at a time. */
const FEW = 50
const CHUNK = 20
/** Later entries are in `noscript`: a browser with scripts reads them as text and adds them to the page bit by bit. */
const AT_ONCE = 500

/** The page of a difference: one self-contained HTML file. The same difference gives the same bytes. */
export function differencePage(render: RenderTemplate, difference: PageDifference): string {
  const { before, after, groups, unchanged } = difference
  const devices = new Set(groups.flatMap((group) => group.devices)).size
  return render('page/difference.html', {
    ...frame(render, `Changes: ${before} → ${after}`, groups.length),
    before,
    after,
    counts: [
      fact(devices, 'device changes', 'devices change'),
      fact(groups.length, 'group of equal changes', 'groups of equal changes'),
      fact(new Set(groups.map(({ target }) => target)).size, 'target', 'targets'),
      fact(unchanged, 'device stays as it is', 'devices stay as they are'),
    ],
    members: groups.reduce((sum, group) => sum + group.devices.length, 0),
    overview: groups.length === 0 ? [] : [{ rows: overview(groups) }],
    nothing: groups.length === 0 ? ['There is no difference.'] : [],
    chunks: chunks(groups.map((group, index) => groupView(render, group, index + 1))),
  })
}

/**
 * The page of what each target does for each profile, in the given order. The same explanations give the same bytes.
 */
export function explanationPage(render: RenderTemplate, explanations: readonly Explained[]): string {
  const profiles = [...new Set(explanations.map(({ profile }) => profile))]
  const judgements = explanations.flatMap(({ policies = [] }) => policies)
  const failed = judgements.filter(({ verdict }) => verdict === 'fails').length
  return render('page/explanation.html', {
    ...frame(render, `TCP keep-alive: ${some(profiles)}`, explanations.length),
    heading: `TCP keep-alive of ${some(profiles)}`,
    counts: [
      fact(profiles.length, 'profile', 'profiles'),
      fact(new Set(explanations.map(({ target }) => target)).size, 'target', 'targets'),
      ...(judgements.length === 0 ? [] : [fact(failed, 'policy is violated', 'policies are violated')]),
    ],
    members: 0,
    overview: explanations.map(({ profile, target, detectionMs }, index) => ({
      link: `#n${index + 1}`,
      name: `${profile} on ${target}`,
      noticed: detectionMs === null ? 'not known' : durationText(detectionMs),
    })),
    chunks: chunks(explanations.map((one, index) => explanationView(render, one, index + 1))),
  })
}

/** The frame of every page. It allows style and script by their digest and forbids everything else. */
function frame(render: RenderTemplate, title: string, entries: number): object {
  const style = render('page/page.css', {})
  const script = render('page/page.js', {})
  const policy = [
    "default-src 'none'",
    `style-src '${digest(style)}'`,
    `script-src '${digest(script)}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ')
  return {
    title,
    style,
    policy,
    search: entries === 0 ? [] : [{ script }],
    entries,
    length: entries > FEW ? 'long' : 'short',
  }
}

/** The digest of a text as a content security policy names it. */
function digest(text: string): string {
  const bytes = (sha256(text).match(/../g) ?? []).map((pair) => Number.parseInt(pair, 16))
  return `sha256-${btoa(String.fromCharCode(...bytes))}`
}

/** Entries in chunks: a browser handles five hundred parts of a page more easily than ten thousand. */
function chunks(entries: readonly object[]): readonly object[] {
  return Array.from({ length: Math.ceil(entries.length / CHUNK) }, (_, index) => {
    const own = entries.slice(index * CHUNK, (index + 1) * CHUNK)
    return index * CHUNK < AT_ONCE ? { now: own, later: [] } : { now: [], later: [own] }
  })
}

function groupView(render: RenderTemplate, group: PageGroup, number: number): object {
  const { devices, target, systems, changes, consequences, timeline, files } = group
  return {
    id: `n${number}`,
    number: grouped(number),
    size: devices.length,
    name: devices.length <= NAMED ? devices.join(', ') : counted(devices.length, 'device', 'devices'),
    target,
    systems,
    tables: changes.length === 0 ? [] : [{ changes }],
    consequences,
    drawing: timelineSvg(render, [
      ...(timeline.before === undefined ? [] : [{ kind: 'old', label: 'before', timing: timeline.before } as const]),
      ...(timeline.after === undefined ? [] : [{ kind: 'new', label: 'after', timing: timeline.after } as const]),
    ]),
    files: files.length === 0 ? [] : [{ summary: counted(files.length, 'file changes', 'files change'), files }],
    devices: devices.length <= NAMED ? [] : [{ summary: counted(devices.length, 'device', 'devices'), devices }],
  }
}

/** The number of groups and devices of each target. */
function overview(groups: readonly PageGroup[]): readonly object[] {
  const targets = [...new Set(groups.map(({ target }) => target))]
  return targets.map((target) => {
    const own = groups.filter((group) => group.target === target)
    return {
      target,
      systems: own[0]?.systems,
      groups: grouped(own.length),
      devices: grouped(new Set(own.flatMap(({ devices }) => devices)).size),
    }
  })
}

function explanationView(render: RenderTemplate, one: Explained, number: number): object {
  const { profile, target, systems, settings, unsupported, detectionMs, defaultDetectionMs, activation, files } = one
  const { policies = [] } = one
  const sources = [
    ...[...settings, ...unsupported, one.implications].flatMap((row) => row.sources),
    ...policies.flatMap(({ source }) => source ?? []),
  ]
  return {
    id: `n${number}`,
    profile,
    target,
    systems,
    settings: settings.map(({ key, field, value, unit, hex, text, defaultText }) => ({
      key,
      field: one.implications.chosen.includes(field) ? `${field}, chosen` : field,
      native: unit === 'ms' || unit === 's' ? `${grouped(value)} ${unit}` : String(value),
      hex,
      text,
      default: defaultText,
    })),
    facts: [
      noticed(detectionMs, defaultDetectionMs),
      ...atLatest(one),
      ...implicationSentences(one.implications),
      activation,
      ...unsupported.map(({ field, instead }) => `There is no setting for ${field}: ${instead}.`),
    ],
    policies: policies.length === 0 ? [] : [{ rows: policies.flatMap(judgementRows) }],
    drawing: timelineSvg(render, [
      { kind: 'old', label: 'nothing set', timing: timingOf(one, 'default') },
      { kind: 'new', label: 'this profile', timing: timingOf(one, 'value') },
    ]),
    filesSummary: counted(files.length, 'file', 'files'),
    files,
    sources: [...new Map(sources.map((source) => [source.url, source])).values()],
  }
}

/** A row for each number that a policy requires, or one row that says that it requires none. */
function judgementRows({ policy, title, verdict, checks }: Judgement): readonly object[] {
  if (verdict === 'silent') return [{ policy, title, is: '', wanted: 'nothing for this target', answer: '' }]
  return checks.map(({ key, found, wanted, passes }) => ({
    policy,
    title,
    is: `${key} ${found}`,
    wanted,
    answer: passes ? 'passes' : 'fails',
  }))
}

/** The latest possible detection, if it is known and differs. */
function atLatest({ detectionMs, implications: { detectionAtLatestMs: ms, timers } }: Explanation): readonly string[] {
  return ms === null || ms === detectionMs ? [] : [`At the latest that is after ${durationText(ms)}: ${timers}.`]
}

function noticed(ms: number | null, defaultMs: number | null): string {
  const now =
    ms === null
      ? 'The detection time is not known, because the number of probes is not known.'
      : `A dead peer is noticed ${durationText(ms)} after its last sign of life.`
  return defaultMs === null || ms === null
    ? now
    : `${now} With the system defaults it would be ${durationText(defaultMs)}.`
}

/** The times of an explanation; the number of probes follows from its detection time, idle + probes x interval. */
function timingOf({ settings, detectionMs, defaultDetectionMs }: Explanation, which: 'value' | 'default'): Timing {
  const time = (field: string) => {
    const setting = settings.find((one) => one.field === field)
    if (setting === undefined) throw new Error(`bug: an explanation without ${field}`)
    return setting[which] * (setting.unit === 's' ? 1_000 : 1)
  }
  const [idle, interval] = [time('idle'), time('interval')]
  const detection = which === 'value' ? detectionMs : defaultDetectionMs
  return { idle, interval, probes: detection === null ? undefined : (detection - idle) / interval }
}

function fact(number: number, one: string, many: string): object {
  return { number: grouped(number), what: number === 1 ? one : many }
}

function counted(number: number, one: string, many: string): string {
  return `${grouped(number)} ${number === 1 ? one : many}`
}

/** Digits in threes, held together: `10 000`. */
function grouped(number: number): string {
  return String(number).replace(/(?<=\d)(?=(?:\d{3})+$)/g, '\u00a0')
}
