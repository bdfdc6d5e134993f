import type { Statement } from '../core/capture.ts'
import { problem, type Diagnostic } from '../core/diagnostic.ts'
import { LINUX_NAMES } from './sysctl-names.ts'
import { decode, linesOf } from './text.ts'

/** Whether a text is YAML that gives a container sysctls: a compose file, a Pod, or the part of one. */
export function isContainerYaml(text: string): boolean {
  return /^[ \t]*(?:- )?sysctls:[ \t]*(?:#.*)?\r?$/m.test(text)
}

/**
 * The sysctls that a compose file (`sysctls:` with `name: 'value'` or `- name=value`) or a Kubernetes manifest (`- name:`
 * and `value:`) gives to containers. Only these lines are looked at, whatever else the file holds.
 */
export function* readContainerYaml(
  bytes: Uint8Array,
  file: string,
): Generator<Statement | Diagnostic, void, undefined> {
  let name: string | undefined
  let block = 0
  // Where the first block begins that is about keep-alive: each container has values of its own.
  let first: number | undefined
  for (const { number, text: source } of linesOf(decode(bytes).text)) {
    if (/^\s*(?:-\s*)?sysctls:/.test(source)) block = number
    const named = /^\s*(?:-\s*)?name:\s*['"]?(net\.[a-z0-9_.]+)['"]?\s*(?:#.*)?$/.exec(source)?.[1]
    if (named !== undefined) {
      name = named
      continue
    }
    const [, compose, one] =
      /^\s*(?:-\s*['"]?)?['"]?(net\.[a-z0-9_.]+)['"]?\s*[:=]\s*['"]?(-?[0-9]{1,15})['"]?\s*(?:#.*)?$/.exec(source) ?? []
    const other = name && /^\s*value:\s*['"]?(-?[0-9]{1,15})['"]?\s*(?:#.*)?$/.exec(source)?.[1]
    const [key, written] = compose === undefined ? [name, other] : [compose, one]
    if (key === undefined || written === undefined) continue
    name = undefined
    const location = { file, line: number, column: source.lastIndexOf(written) + 1, source }
    if (LINUX_NAMES.includes(key)) first ??= block
    if (LINUX_NAMES.includes(key) && first !== block) {
      yield problem('sysctl/several-containers', { first: first ?? 0 }, { location })
      return
    }
    yield { store: 'linux', key: '', name: key, value: { kind: 'number', number: Number(written) }, written, location }
  }
}
