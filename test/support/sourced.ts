import * as z from 'zod'
import { parseDuration } from '../../src/core/duration.ts'

// The required form of every row in src/data. Only tests check it, so the program does not spend time on it.

/** A name that is valid in a profile and on a command line. */
export const NAME = z.string().regex(/^[a-z][a-z0-9-]{0,62}$/)

/** A time as a profile writes it. */
export const TIME = z.string().refine((text) => Number(parseDuration(text)) > 0, 'is no time of a profile')

const ordered = ({ least = '1ms', most = '1000000h' }: { least?: string | undefined; most?: string | undefined }) =>
  Number(parseDuration(least)) <= Number(parseDuration(most))

/** A range of times with at least one bound. */
export const TIME_BOUNDS = z
  .strictObject({ least: TIME.optional(), most: TIME.optional() })
  .refine(({ least, most }) => least !== undefined || most !== undefined, 'says nothing')
  .refine(ordered, 'goes from more to less')

/** The source of a row, and the day on which it was read. */
export const SOURCED = {
  source: z.strictObject({ title: z.string().min(3), url: z.url({ protocol: /^https$/ }) }),
  read: z.iso.date().refine((day) => day >= '2026-01-01', 'is before there was a kit'),
}
