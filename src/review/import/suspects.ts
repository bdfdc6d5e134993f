import { problem, type Diagnostic } from '../../core/diagnostic.ts'
import { capPerCode } from '../../core/cap-per-code.ts'
import { exactText, inMilliseconds } from '../../core/setting.ts'
import type { DurationSetting, Field, Registry } from '../../core/target.ts'
import { strayFindings } from './stray-suspects.ts'
import type { Matched } from './places.ts'
import type { CaptureReading, TargetReading } from './reading.ts'

/**
 * Values that were probably not meant, each as a warning at its line that says what the machine reads, what was
 * probably meant, and why. The rules are narrow: a rule that is wrong more than once in a hundred ordinary files is
 * worse than no rule.
 */
export function suspects(registry: Registry, findings: CaptureReading): readonly Diagnostic[] {
  const few = capPerCode()
  const lines = findings.matched.filter(firstOfItsLine)
  for (const one of lines.flatMap((line) => [...unitFindings(line), ...typeFinding(line)])) few.add(one)
  for (const one of repeated(lines)) few.add(one)
  for (const one of findings.readings.flatMap(intervalFinding)) few.add(one)
  for (const one of strayFindings(registry, findings)) few.add(one)
  return few.all()
}

/** Two targets may read the same line; it is reported once. */
function firstOfItsLine({ statement }: Matched, index: number, all: readonly Matched[]): boolean {
  return index === 0 || all[index - 1]?.statement !== statement
}

function unitFindings({ statement, setting, field }: Matched): readonly Diagnostic[] {
  const { value, written, location } = statement
  // The system's own default is never a slip.
  if (setting.kind !== 'duration' || value.kind !== 'number' || value.number === setting.default) return []
  const found = slipOf(field, setting, written, value.number)
  if (found === undefined) return []
  const { slip, meant } = found
  const data = {
    key: setting.key,
    written,
    reads: exactText(setting, inMilliseconds(setting, value.number)),
    meant: exactText(setting, inMilliseconds(setting, meant)),
    write: statement.store === 'registry' ? dwordText(meant) : String(meant),
  }
  return [problem(`suspect/${slip}`, data, { location })]
}

interface Slip {
  readonly slip: 'decimal-as-hex' | 'seconds' | 'milliseconds' | 'half-seconds'
  /** The value that was probably meant, in the setting's own unit. */
  readonly meant: number
}

function slipOf(field: Field, { unit }: DurationSetting, written: string, number: number): Slip | undefined {
  const isIdle = field === 'idle'
  const decimal = decimalMeant(written, number)
  if (decimal !== undefined) return { slip: 'decimal-as-hex', meant: decimal }
  if (unit === 's') return areMilliseconds(isIdle, number) ? { slip: 'milliseconds', meant: number / 1_000 } : undefined
  if (areHalfSeconds(isIdle, number)) return { slip: 'half-seconds', meant: number * 500 }
  return areSeconds(isIdle, number) ? { slip: 'seconds', meant: number * 1_000 } : undefined
}

/**
 * `dword:30000` reads as 196608. Nobody wants 196608 ms, and people type whole seconds in decimal. A value that is a
 * whole number of tenths of a second in hexadecimal, such as `00001388`, was meant.
 */
function decimalMeant(written: string, number: number): number | undefined {
  const digits = /^dword:([0-9]{1,8})$/i.exec(written)?.[1]
  const decimal = Number(digits)
  return digits !== undefined && decimal >= 1_000 && decimal % 1_000 === 0 && number % 100 !== 0 ? decimal : undefined
}

/** Times that people set in seconds, and that would be far too short in milliseconds. */
function areSeconds(isIdle: boolean, number: number): boolean {
  return number > 0 && (isIdle ? number < 1_000 || [1_800, 3_600, 7_200].includes(number) : number < 100)
}

/** The defaults of AIX and NetBSD, 2 h and 75 s, which are no round times in milliseconds. */
function areHalfSeconds(isIdle: boolean, number: number): boolean {
  return number === (isIdle ? 14_400 : 150)
}

/** Whole seconds in milliseconds that would be hours or days in seconds. Whole hours are left alone up to a week. */
function areMilliseconds(isIdle: boolean, number: number): boolean {
  if ([1_800_000, 3_600_000, 7_200_000].includes(number)) return true
  return number >= (isIdle ? 30_000 : 1_000) && number % 1_000 === 0 && number % 3_600 !== 0
}

function typeFinding({ statement: { value, location }, setting }: Matched): readonly Diagnostic[] {
  if (value.kind !== 'other' || !value.type.startsWith('REG_')) return []
  const digits = /^\s*([1-9][0-9]{0,9})\s*$/.exec(value.text)?.[1]
  const write = digits === undefined || Number(digits) > 0xffff_ffff ? 'it as dword:' : dwordText(Number(digits))
  const data = { key: setting.key, type: value.type, text: value.text, write }
  return [problem('suspect/wrong-type', data, { location })]
}

/** All but the last statement for one place. */
function repeated(matched: readonly Matched[]): readonly Diagnostic[] {
  const last = new Map<string, Matched>()
  for (const one of matched) last.set(placeKey(one), one)
  return matched.flatMap((one) => {
    const decides = last.get(placeKey(one))?.statement
    if (decides === undefined || decides === one.statement) return []
    const { key } = one.setting
    const { file, line } = decides.location
    const where = { location: one.statement.location }
    return file === one.statement.location.file
      ? [problem('suspect/duplicate', { key, line: line ?? 1 }, where)]
      : [problem('suspect/overridden', { key, by: `${file}, line ${line ?? 1}` }, where)]
  })
}

function placeKey({ statement, place, field }: Matched): string {
  return `${statement.store}\0${place.id}\0${field}`
}

function intervalFinding({ target, settings }: TargetReading): readonly Diagnostic[] {
  const read = (field: 'idle' | 'interval') => settings.find((one) => one.field === field)
  const [idle, interval] = [read('idle'), read('interval')]
  if (idle === undefined || interval === undefined || interval.value <= idle.value) return []
  // A list of all settings may show the default interval beside a shorter idle time: that is no swap.
  if (interval.value === target.settings.interval.default) return []
  const words = (value: number) => exactText(target.settings.idle, inMilliseconds(target.settings.idle, value))
  const data = { target: target.id, idle: words(idle.value), interval: words(interval.value) }
  return [problem('suspect/interval-above-idle', data, { location: interval.statement.location })]
}

function dwordText(number: number): string {
  return `dword:${number.toString(16).padStart(8, '0')}`
}
