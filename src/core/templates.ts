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

/** As much of Handlebars as rendering needs; the runtime alone has it too. */
export interface HandlebarsRuntime {
  registerHelper(helpers: Record<string, (value: unknown) => string>): void
  registerPartial(name: string, partial: (view: object) => string): void
}

/** Makes one function of compiled templates; each is also a partial under its own name. */
export function templateSet(
  handlebars: HandlebarsRuntime,
  templates: Readonly<Record<string, (view: object) => string>>,
): RenderTemplate {
  handlebars.registerHelper(helpers)
  for (const [name, template] of Object.entries(templates)) handlebars.registerPartial(name, template)
  return (name, view) => {
    const template = Object.hasOwn(templates, name) ? templates[name] : undefined
    if (template === undefined) throw new Error(`bug: there is no template ${name}`)
    return template(view)
  }
}
