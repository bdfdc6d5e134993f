import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { durationText, formatDuration, parseDuration } from '../../src/core/duration.ts'

describe('a duration', () => {
  it.each([
    ['1ms', 1],
    ['1500ms', 1_500],
    ['20s', 20_000],
    ['15min', 900_000],
    ['2h', 7_200_000],
    ['0s', 0],
  ])('%s is %i ms', (text, ms) => {
    expect(parseDuration(text)).toBe(ms)
  })

  it.each([
    ['20', 'no-unit', undefined],
    ['020', 'malformed', 'with a unit'],
    ['99999999999999999h', 'too-long', undefined],
    ['', 'malformed', 'it is empty'],
    [' 20s', 'malformed', 'blanks around'],
    ['20s\n', 'malformed', 'blanks around'],
    ['20 s', 'malformed', 'without a blank'],
    ['-5s', 'malformed', 'without a sign'],
    ['+5s', 'malformed', 'without a sign'],
    ['05s', 'malformed', 'leading zeros'],
    ['1.5s', 'malformed', 'next smaller unit'],
    ['1,5h', 'malformed', 'next smaller unit'],
    ['1e3s', 'malformed', 'without an exponent'],
    ['0x10s', 'malformed', 'without 0x'],
    ['20m', 'malformed', 'min or ms'],
    ['1h30min', 'malformed', 'one unit only'],
    ['7_200s', 'malformed', 'digits together'],
    ['2d', 'malformed', 'hours'],
    ['20S', 'malformed', 'small letters'],
    ['soon', 'malformed', 'such as 20s'],
    ['٢٠s', 'malformed', 'such as 20s'],
  ])('%j is refused', (text, kind, hint) => {
    const problem = parseDuration(text)
    expect(problem).toMatchObject({ kind })
    if (hint !== undefined) expect(problem).toMatchObject({ hint: expect.stringContaining(hint) as string })
  })

  it.each([
    [1, '1ms', '1 ms'],
    [20_000, '20s', '20 s'],
    [60_000, '1min', '1 min'],
    [90_000, '90s', '90 s'],
    [7_200_000, '2h', '2 h'],
    [0, '0ms', '0 ms'],
  ])('%i ms is written %s', (ms, text, sentence) => {
    expect(formatDuration(ms)).toBe(text)
    expect(durationText(ms)).toBe(sentence)
  })

  it('is read back as it was written', () => {
    fc.assert(fc.property(fc.nat(Number.MAX_SAFE_INTEGER), (ms) => parseDuration(formatDuration(ms)) === ms))
  })
})
