import { helpers } from './quote.ts'
import type { RenderTemplate } from './render.ts'

/**
 * How every template is compiled. Nothing is HTML-escaped, a missing name or an unknown helper is an error; helpers
 * check their arguments themselves, since `strict` does not.
 */
export const COMPILE_OPTIONS = {
  strict: true,
  noEscape: true,
  knownHelpersOnly: true,
  knownHelpers: Object.fromEntries(Object.keys(helpers).map((name) => [name, true])),
}

/** A view has all of its names itself: templates see nothing that it inherits. */
const NOTHING = { whitelist: {}, defaultValue: false } as const

/** A compiled template. */
type Template = (view: object, options?: object) => string

/** As much of Handlebars as rendering needs, of an instance of its own; the runtime alone has it too. */
export interface HandlebarsRuntime {
  readonly helpers: object
  readonly partials: object
  registerHelper(helpers: Record<string, (value: unknown) => string>): void
  registerPartial(name: string, partial: Template): void
}

/** Makes one function of compiled templates; each is also a partial under its own name. */
export function templateSet(
  handlebars: HandlebarsRuntime,
  templates: Readonly<Record<string, Template>>,
): RenderTemplate {
  handlebars.registerHelper(helpers)
  for (const [name, template] of Object.entries(templates)) handlebars.registerPartial(name, template)
  // Handlebars wraps every helper anew for each template that it is asked for, which is a third of the time that a small
  // one takes, but not for a partial. So each is rendered as one, with the options that the runtime gives to partials.
  const options = {
    partial: true,
    helpers: { ...handlebars.helpers },
    partials: handlebars.partials,
    decorators: {},
    hooks: {},
    protoAccessControl: { properties: NOTHING, methods: NOTHING },
  } as const
  return (name, view) => {
    const template = Object.hasOwn(templates, name) ? templates[name] : undefined
    if (template === undefined) throw new Error(`bug: there is no template ${name}`)
    return template(view, { ...options, data: { root: view } })
  }
}
