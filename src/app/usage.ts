import type { Diagnostic } from '../core/diagnostic.ts'
import { escapeInvisible } from '../core/words.ts'

/** A request that makes no sense, such as an unknown target: nothing was done. */
export function usage(message: string): Diagnostic {
  const visible = message.split('\n').map(escapeInvisible).join('\n')
  return { code: 'usage', severity: 'error', message: visible, path: [] }
}
