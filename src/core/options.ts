import * as z from 'zod'
import { finding, report, type Finding } from './finding.ts'
import type { Option, Registry } from './target.ts'

/** The schema of `options` in a profile: the options of each target that has any. */
export function optionsSchema(registry: Registry) {
  const targets = [...registry.values()].filter(({ options }) => Object.keys(options).length > 0)
  return z
    .strictObject(
      Object.fromEntries(
        targets.map(({ id, options }) => [
          id,
          z
            .strictObject(
              Object.fromEntries(Object.entries(options).map(([name, option]) => [name, schemaOf(name, option)])),
            )
            .optional(),
        ]),
      ),
    )
    .meta({ description: 'How the files of one target are used, by its id.' })
    .optional()
}

function schemaOf(name: string, option: Option) {
  const description = `${option.summary}; ${option.default} when left out.`
  const check = (context: Parameters<typeof report>[0]) => report(context, optionFinding(name, option, context.value))
  if (option.kind === 'switch') return z.boolean().meta({ description }).optional()
  if (option.kind === 'name') return z.string().check(check).meta({ description, pattern: NAME.source }).optional()
  const { min: minimum, max: maximum } = option.range
  return z.number().check(check).meta({ type: 'integer', minimum, maximum, description }).optional()
}

const NAME = /^[A-Za-z][A-Za-z0-9_-]{0,30}$/

function optionFinding(key: string, option: Option, value: unknown): Finding | undefined {
  const why = optionProblem(option, value)
  return why === undefined ? undefined : finding('profile/bad-option', { key, text: String(value), why })
}

function optionProblem(option: Option, value: unknown): string | undefined {
  if (option.kind === 'number') {
    const { min, max } = option.range
    return Number.isInteger(value) && Number(value) >= min && Number(value) <= max
      ? undefined
      : `write a whole number from ${min} to ${max}, such as ${option.default}`
  }
  if (option.kind === 'switch') return undefined
  if (!NAME.test(String(value)))
    return `write letters, digits, _ and -, first a letter, at most 31, such as ${option.default}`
  return option.taken.includes(String(value).toUpperCase())
    ? `that is ${option.takenBy}; write another, such as ${option.default}`
    : undefined
}
