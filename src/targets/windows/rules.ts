import type { Rule } from '../../core/target.ts'
import { KEEP_ALIVE_TIME } from './settings.ts'

/** The largest DWORD is legal but looks like "never", which no source says it means. */
export const LARGEST_DWORD: Rule = {
  name: 'largest-dword',
  severity: 'warning',
  sources: [KEEP_ALIVE_TIME],
  check: ({ idle, interval }) => {
    const field = idle === 0xffff_ffff ? 'idle' : interval === 0xffff_ffff ? 'interval' : undefined
    return (
      field && {
        field,
        message: `${field} of 4294967295 ms is 49.7 days; no source says that it switches keep-alive off`,
      }
    )
  },
}
