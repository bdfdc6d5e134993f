import * as z from 'zod'
import { formatDuration, parseDuration } from '../duration.ts'
import { duration, DURATION_PATTERN, durationFinding } from '../duration-schema.ts'
import { finding, report, type Finding } from '../finding.ts'
import { findMiddlebox, MIDDLEBOXES } from '../middlebox.ts'
import type { Registry } from '../target.ts'
import type { Intent, PathLimit } from './ask.ts'

/** An item of `path` as a person writes it: the name of a row of the kit's data, or a name and a limit of their own. */
const pathItem = (registry: Registry) =>
  z
    .unknown()
    .check((context) => report(context, pathFinding(registry, context.value)))
    .meta({
      description: 'Something that forgets silent connections: one that the kit knows, or a name and its idle limit.',
      anyOf: [
        { type: 'string', enum: [...MIDDLEBOXES.keys()] },
        {
          type: 'object',
          properties: {
            name: { type: 'string', minLength: 1 },
            'idle-limit': { type: 'string', pattern: DURATION_PATTERN },
          },
          required: ['name', 'idle-limit'],
          additionalProperties: false,
        },
      ],
    })

const tolerate = z
  .number()
  .check((context) => report(context, tolerateFinding(context.value)))
  .meta({
    type: 'integer',
    minimum: 0,
    description: 'So many lost probes in a row must not end a healthy connection; 2 when left out.',
    examples: [2],
  })

/** The keys of a profile that say what is wanted. */
export const intentSchema = (registry: Registry) => ({
  detect: duration('detect', 'A dead peer is noticed at the latest after this, on every target.', registry).optional(),
  path: z
    .array(pathItem(registry))
    .check((context) => report(context, context.value.length > 0 ? undefined : EMPTY_PATH))
    .meta({ description: 'What lies between the machines and forgets connections that are silent.', minItems: 1 })
    .optional(),
  tolerate: tolerate.optional(),
})

const EMPTY_PATH = finding('intent/bad-path', {
  text: '[]',
  why: 'name at least one thing on it, or leave the line out',
})

interface Parsed {
  readonly detect?: number | undefined
  readonly path?: readonly unknown[] | undefined
  readonly tolerate?: number | undefined
}

/** Puts what the schema accepted into the form of {@link Intent}. */
export function intentFrom({ detect, path = [], tolerate: lost }: Parsed): Intent {
  return { detect, path: path.flatMap((item) => readPathItem(item) ?? []), tolerate: lost }
}

/** An intent as plain data in one fixed form. */
export function canonicalIntent({ detect, path, tolerate: lost }: Intent): Record<string, unknown> {
  const items = path.map(({ name, limit }) =>
    findMiddlebox(name)?.idleLimit === limit ? name : { name, 'idle-limit': formatDuration(limit) },
  )
  return {
    ...(detect === undefined ? {} : { detect: formatDuration(detect) }),
    ...(items.length === 0 ? {} : { path: items }),
    ...(lost === undefined ? {} : { tolerate: lost }),
  }
}

function readPathItem(item: unknown): PathLimit | undefined {
  if (typeof item === 'string') {
    const known = findMiddlebox(item)
    return known && { name: item, limit: known.idleLimit }
  }
  const { name, 'idle-limit': text } = item as { readonly name: string; readonly 'idle-limit': string }
  const limit = parseDuration(text)
  return typeof limit === 'number' ? { name, limit } : undefined
}

function pathFinding(registry: Registry, item: unknown): Finding | undefined {
  const bad = (text: string, why: string) => finding('intent/bad-path', { text, why })
  const example = 'write { name: plant firewall, idle-limit: 30min }'
  if (typeof item === 'string')
    return findMiddlebox(item) === undefined
      ? finding('middlebox/unknown', { middlebox: item, known: [...MIDDLEBOXES.keys()] })
      : undefined
  if (typeof item !== 'object' || item === null || Array.isArray(item)) return bad(String(item), example)
  const { name, 'idle-limit': limit, ...rest } = item as Readonly<Record<string, unknown>>
  const [unknown] = Object.keys(rest)
  if (unknown !== undefined) return bad(unknown, `it has a name and an idle-limit only; ${example}`)
  if (typeof name !== 'string' || name === '') return bad('name', `it is missing, or no text; ${example}`)
  if (typeof limit !== 'string' && typeof limit !== 'number')
    return bad(name, `its idle-limit is missing, or no time; ${findMiddlebox(name) ? `write ${name} alone` : example}`)
  return durationFinding('idle-limit', String(limit), registry)
}

function tolerateFinding(count: number): Finding | undefined {
  return Number.isSafeInteger(count) && count >= 0 ? undefined : finding('intent/bad-tolerate', { text: String(count) })
}
