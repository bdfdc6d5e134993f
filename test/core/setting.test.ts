import { describe, expect, it } from 'vitest'
import {
  defaultText,
  defaultValue,
  exactText,
  nativeValue,
  profileValue,
  rangeText,
  settingText,
} from '../../src/core/setting.ts'
import type { CountSetting, DurationSetting, SwitchSetting } from '../../src/core/target.ts'

const BASE = { key: 'k', summary: 's', sources: [{ title: 't', url: 'https://example.com' }] } as const
const time = (unit: 'ms' | 's'): DurationSetting => ({
  ...BASE,
  kind: 'duration',
  unit,
  range: { min: 1, max: 10_000_000 },
  step: { size: 1, why: '' },
  default: 7_200,
  zero: '',
})
const COUNT: CountSetting = { ...BASE, kind: 'count', range: { min: 1, max: 255 }, default: 9, zero: '' }
const SWITCH: SwitchSetting = { ...BASE, kind: 'switch', default: false }

describe('a value of a setting', () => {
  it.each([
    [time('ms'), 20_000, 20_000, '20 s'],
    [time('s'), 20_000, 20, '20 s'],
    [time('s'), 7_875_000, 7_875, '2 h 11 min 15 s'],
    [COUNT, 9, 9, '9'],
    [SWITCH, true, 1, 'on'],
    [SWITCH, false, 0, 'off'],
  ])('%# has a form for profiles, one for the system and one for people', (setting, value, native, text) => {
    expect(nativeValue(setting, value)).toBe(native)
    expect(profileValue(setting, native)).toBe(value)
    expect(settingText(setting, native)).toBe(text)
  })

  it('is no whole number where the unit of the setting is too coarse', () => {
    expect(nativeValue(time('s'), 1_500)).toBe(1.5)
  })

  it.each([
    [time('ms'), 7_200, '7 s 200 ms'],
    [time('s'), 7_200_000, '2 h'],
    [COUNT, 9, '9'],
    [SWITCH, false, 'off'],
  ])('%# has a default in the same forms', (setting, value, text) => {
    expect(defaultValue(setting)).toBe(value)
    expect(defaultText(setting)).toBe(text)
  })
})

describe('the exact text of a time', () => {
  it.each([
    ['ms', 300_000, '300000 ms (5 min)'],
    ['s', 300_000, '300 s (5 min)'],
    ['ms', 1, '1 ms'],
    ['s', 20_000, '20 s'],
    ['s', 1_001, '1.001 s (1 s 1 ms)'],
    ['ms', 0, '0 ms'],
    ['ms', -1, '-1 ms'],
  ] as const)('in %s, %i ms', (unit, ms, text) => {
    expect(exactText(time(unit), ms)).toBe(text)
  })

  it('names both ends of a range, and notes last', () => {
    expect(rangeText(time('ms'), [900_000, 1_800_000])).toBe('900000 to 1800000 ms (15 min to 30 min)')
    expect(rangeText(time('ms'), [300_000], ['0x493e0'])).toBe('300000 ms (5 min, 0x493e0)')
    expect(rangeText(time('ms'), [1], ['0x1'])).toBe('1 ms (0x1)')
  })
})
