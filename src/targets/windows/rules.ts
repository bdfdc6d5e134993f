import type { Rule } from '../../core/target.ts'
import { KEEP_ALIVE_INTERVAL, KEEP_ALIVE_TIME } from './settings.ts'

/** The largest DWORD is legal but looks like "never", and no source says that it means that. */
export const LARGEST_DWORD: Rule = {
  name: 'largest-dword',
  severity: 'warning',
  sources: [KEEP_ALIVE_TIME, KEEP_ALIVE_INTERVAL],
  check: (values) =>
    (['idle', 'interval'] as const)
      .filter((field) => values[field] === 0xffff_ffff)
      .map((field) => ({
        field,
        message: `${field} of 4294967295 ms is 49.7 days; no source says that it switches keep-alive off`,
        data: { value: 0xffff_ffff },
      })),
}
