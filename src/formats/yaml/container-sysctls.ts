import type { Statement } from '../../core/capture.ts'
import { problem, type Diagnostic } from '../../core/diagnostic.ts'
import type { Registry } from '../../core/target.ts'
import { sysctlNames } from '../sysctl/names.ts'
import { decode, linesOf } from '../text.ts'

/** Whether a text is YAML that sets a container's sysctls: a compose file, a Pod, or a part of one. */
export function isContainerYaml(text: string): boolean {
  return /^[ \t]*(?:- )?sysctls:[ \t]*(?:[[{].*|#.*)?\r?$/m.test(text)
}

const NAME = /^\s*(?:-\s*)?['"]?name['"]?:\s*['"]?(net\.[a-z0-9_.]+)['"]?\s*$/
const VALUE = /^\s*(?:-\s*)?['"]?value['"]?:\s*['"]?(-?[0-9]{1,15})['"]?\s*$/
const BOTH = /^\s*(?:-\s*)?['"]?(net\.[a-z0-9_.]+)['"]?\s*[:=]\s*['"]?(-?[0-9]{1,15})['"]?\s*$/

/**
 * The sysctls that a compose file (`sysctls:` with `name: 'value'` or `- name=value`) or a Kubernetes manifest (`name:`
 * and `value:`) sets for containers, in block or flow style. The rest of the file is not read.
 */
export function* readContainerYaml(
  bytes: Uint8Array,
  file: string,
  registry: Registry,
): Generator<Statement | Diagnostic, void, undefined> {
  const { settings } = sysctlNames(registry, 'linux')
  let name: string | undefined
  let block = 0
  // The start of the first block about keep-alive: each container has values of its own.
  let first: number | undefined
  for (const { number, text: source } of linesOf(decode(bytes).text)) {
    if (/^\s*(?:-\s*)?sysctls:/.test(source)) block = number
    const code = source.replace(/(?:^|\s)#.*$/, '')
    for (const { 0: part, index } of code.matchAll(/[^{}[\],]+/g)) {
      name = NAME.exec(part)?.[1] ?? name
      const [, key = name, written = VALUE.exec(part)?.[1]] = BOTH.exec(part) ?? []
      if (key === undefined || written === undefined) continue
      name = undefined
      const column = index + part.lastIndexOf(written) + 1
      const location = { file, line: number, column, source }
      if (settings.has(key)) first ??= block
      if (settings.has(key) && first !== block) {
        yield problem('sysctl/several-containers', { first: first ?? 0 }, { location })
        return
      }
      const value = { kind: 'number', number: Number(written) } as const
      yield { store: 'linux', key: '', name: key, value, written, location }
    }
  }
}
