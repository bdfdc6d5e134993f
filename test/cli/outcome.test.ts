import { describe, expect, it } from 'vitest'
import type { Diagnostic } from '../../src/core/diagnostic.ts'
import { exitCodeOf } from '../../src/cli/outcome.ts'

describe('the exit code of an outcome', () => {
  const one = (code: string, severity: 'error' | 'warning' = 'error') =>
    ({ code, severity, message: '', path: [], data: {} }) as Diagnostic
  it.each([
    ['0 without problems', [], 0],
    ['0 with warnings', [one('profile/x', 'warning')], 0],
    ['1 with errors', [one('profile/x', 'warning'), one('profile/y')], 1],
    ['2 if something cannot be read', [one('profile/y'), one('input/no-such-file')], 2],
    ['2 with wrong usage', [one('usage')], 2],
    ['3 if the machine refused something', [one('usage'), one('machine'), one('profile/y')], 3],
  ])('is %s', (_what, diagnostics, code) => {
    expect(exitCodeOf({ diagnostics })).toBe(code)
  })

  it('is its own, if it has one', () => {
    expect(exitCodeOf({ diagnostics: [one('capture/x')], exit: 0 })).toBe(0)
  })
})
