import * as z from 'zod'
import { duration, whyNotZero } from './duration-schema.ts'
import { DEVICES, badName, PROFILE_NAME } from './file-name.ts'
import { finding, report, type Finding } from './finding.ts'
import { intentSchema, intentFrom } from './intent/schema.ts'
import { optionsSchema } from './options.ts'
import type { Profile } from './profile.ts'
import { FIELDS, targetNames, findTarget, type Field, type OptionValues, type Registry, type Values } from './target.ts'
import { unknownTarget } from './target-words.ts'
import { listed } from './words.ts'

const TITLE_MAX = 4096

/** The values that a profile may have, in the order of its fields. */
function valuesSchema(registry: Registry) {
  const time = (field: 'idle' | 'interval' | 'init', description: string) =>
    duration(
      field,
      `${description}: a whole number and ms, s, min or h.${support(registry, field)}`,
      registry,
    ).optional()
  return {
    idle: time('idle', 'Quiet time before the first probe'),
    interval: time('interval', 'Time between unanswered probes'),
    probes: z
      .number()
      .check((context) => report(context, probesFinding(registry, context.value)))
      .meta({
        type: 'integer',
        minimum: 1,
        description: `Unanswered probes before the connection is dropped.${support(registry, 'probes')}`,
        examples: [9],
      })
      .optional(),
    init: time('init', 'Time to establish a connection'),
    always: z
      .boolean()
      .meta({
        description: `Keep-alive also on sockets whose program did not ask for it.${support(registry, 'always')}`,
      })
      .optional(),
  }
}

/** Names the targets that have a setting for a field, unless all have one. */
function support(registry: Registry, field: Field): string {
  const all = [...registry.values()]
  const own = all.filter(({ settings }) => settings[field].kind !== 'unsupported')
  if (own.length === all.length) return ''
  return ` Only ${listed(own.map(({ id }) => id))} ${own.length === 1 ? 'has' : 'have'} this setting.`
}

/** The one schema of profiles: text of a person goes in, {@link Profile} without its targets' order comes out. */
export function profileSchema(registry: Registry) {
  const names = targetNames(registry)
  const values = valuesSchema(registry)
  const override = z.strictObject(values).meta({ description: 'Values for this target only.' })
  return z
    .strictObject({
      name: z
        .string()
        .check((context) => report(context, nameFinding(context.value)))
        .meta({
          description: 'Names the output folder, the zip and the record on the machine: a-z, 0-9 and -, at most 63.',
          pattern: `^(?!${DEVICES})${PROFILE_NAME.source.slice(1)}`,
          examples: ['packaging-line-4'],
        }),
      title: z
        .string()
        .check((context) => report(context, titleFinding(context.value)))
        .meta({
          description: 'Free text for people. It reaches README.txt, manifest.json and profile.yaml only.',
          maxLength: TITLE_MAX,
          examples: ['Packaging line 4'],
        })
        .optional(),
      extends: z
        .string()
        .meta({
          description:
            'A profile that this one extends: a file, relative to this one, or preset:NAME. Values here win, one by one; name and title are not inherited.',
          minLength: 1,
          examples: ['line.yaml', '../plant.yaml'],
        })
        .optional(),
      ...intentSchema(registry),
      ...values,
      targets: z
        .array(z.string().meta({ enum: names }))
        .check((context) =>
          targetFindings(registry, context.value).forEach((found) => report(context, found, found.path)),
        )
        .meta({
          description: 'The systems to make artifacts for; all of them when left out.',
          minItems: 1,
          uniqueItems: true,
        })
        .optional(),
      overrides: z
        .strictObject(Object.fromEntries(names.map((name) => [name, override.optional()])))
        .meta({ description: 'Values for one target, by its id.' })
        .optional(),
      options: optionsSchema(registry),
    })
    .meta({
      title: 'keepalive-kit profile',
      description: 'How TCP keep-alive shall behave, for every system at once.',
      anyOf: [['idle', 'interval'], ['detect'], ['path'], ['extends']].map((required) => ({
        properties: Object.fromEntries(required.map((key) => [key, true])),
        required,
      })),
    })
}

/** The schema of profiles. Building it takes longer than using it, so whoever reads many profiles keeps it. */
export type ProfileSchema = ReturnType<typeof profileSchema>
type Parsed = z.output<ProfileSchema>

/** Returns a function that builds the schema of a registry at its first call, and returns the same one at later calls. */
export function schemaWhenNeeded(registry: Registry): () => ProfileSchema {
  let schema: ProfileSchema | undefined
  return () => (schema ??= profileSchema(registry))
}

/** Puts what the schema accepted into the form of {@link Profile}. */
export function profileFrom(registry: Registry, parsed: Parsed): Profile {
  const wanted = new Set((parsed.targets ?? [...registry.keys()]).map((name) => findTarget(registry, name)?.id))
  const overrides = Object.entries(parsed.overrides ?? {}).flatMap(([name, given]) => {
    const id = findTarget(registry, name)?.id
    return id === undefined || given === undefined
      ? []
      : [[id, { typed: name, values: given as Partial<Values> }] as const]
  })
  const given = Object.fromEntries(
    FIELDS.flatMap((field) => (parsed[field] === undefined ? [] : [[field, parsed[field]]])),
  ) as Partial<Values>
  return {
    name: parsed.name,
    title: parsed.title,
    intent: intentFrom(parsed),
    values: given,
    targets: [...registry.keys()].filter((id) => wanted.has(id)),
    overrides: new Map(overrides),
    options: new Map(Object.entries(parsed.options ?? {}) as [string, OptionValues][]),
  }
}

function probesFinding(registry: Registry, count: number): Finding | undefined {
  if (count === 0) return finding('profile/zero', { key: 'probes', why: whyNotZero('probes', registry), least: '1' })
  return Number.isSafeInteger(count) && count > 0 ? undefined : finding('profile/bad-probes', { text: String(count) })
}

function nameFinding(name: string): Finding | undefined {
  const wrong = badName(name)
  return wrong && finding('profile/bad-name', wrong)
}

function titleFinding(title: string): Finding | undefined {
  if (!title.isWellFormed())
    return finding('profile/bad-title', { why: 'holds half of a character (an unpaired surrogate)' })
  if (title.length > TITLE_MAX)
    return finding('profile/bad-title', { why: `has ${title.length} characters; at most ${TITLE_MAX}` })
  return undefined
}

function targetFindings(registry: Registry, names: readonly string[]): (Finding & { path: PropertyKey[] })[] {
  if (names.length === 0) return [{ ...finding('profile/no-targets', {}), path: [] }]
  const seen = new Map<string, string>()
  return names.flatMap((target, index): (Finding & { path: PropertyKey[] })[] => {
    const id = findTarget(registry, target)?.id
    if (id === undefined)
      return [{ ...finding('profile/unknown-target', unknownTarget(registry, target)), path: [index] }]
    const first = seen.get(id)
    if (first === undefined) seen.set(id, target)
    return first === undefined ? [] : [{ ...finding('profile/duplicate-target', { target, first }), path: [index] }]
  })
}
