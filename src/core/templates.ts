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

/** A compiled template; as a partial, Handlebars gives it what it has set up for the template that it stands in. */
type Template = (view: object, setUp?: object) => string

/** As much of Handlebars as rendering needs; the runtime alone has it too. */
export interface HandlebarsRuntime {
  registerHelper(helpers: Record<string, (value: unknown) => string>): void
  registerPartial(name: string, partial: Template): void
}

/** Makes one function of compiled templates; each is also a partial under its own name. */
export function templateSet(
  handlebars: HandlebarsRuntime,
  templates: Readonly<Record<string, Template>>,
): RenderTemplate {
  handlebars.registerHelper(helpers)
  // Handlebars wraps every helper anew for each template that it is asked for, which is a third of the time that a small
  // one takes, but not for a partial. So from the first partial on, each is rendered as one.
  let known: object | undefined
  for (const [name, template] of Object.entries(templates))
    handlebars.registerPartial(name, (view, setUp) => {
      known ??= setUp
      return template(view, setUp)
    })
  return (name, view) => {
    const template = Object.hasOwn(templates, name) ? templates[name] : undefined
    if (template === undefined) throw new Error(`bug: there is no template ${name}`)
    return known === undefined ? template(view) : template(view, { ...known, data: { root: view } })
  }
}
