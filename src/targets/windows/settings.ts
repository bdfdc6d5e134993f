import { BECKHOFF } from '../sources.ts'
import type { Source } from '../../core/sourced.ts'
import type { DurationSetting, Field, Target, Timers, Unsupported } from '../../core/target.ts'

const LEARN = 'https://learn.microsoft.com/previous-versions/windows'
export const KEEP_ALIVE_TIME: Source = {
  title: 'Microsoft: KeepAliveTime',
  url: `${LEARN}/it-pro/windows-server-2003/cc782936(v=ws.10)`,
}
export const KEEP_ALIVE_INTERVAL: Source = {
  title: 'Microsoft: KeepAliveInterval',
  url: `${LEARN}/it-pro/windows-server-2003/cc758083(v=ws.10)`,
}
export const SIO_KEEPALIVE_VALS: Source = {
  title: 'Microsoft: SIO_KEEPALIVE_VALS control code',
  url: 'https://learn.microsoft.com/windows/win32/winsock/sio-keepalive-vals',
}
/** Its return value 1 means that a restart is required. */
export const SET_KEEP_ALIVE_TIME: Source = {
  title: 'Microsoft: SetKeepAliveTime of Win32_NetworkAdapterConfiguration',
  url: 'https://learn.microsoft.com/windows/win32/cimwin32prov/setkeepalivetime-method-in-class-win32-networkadapterconfiguration',
}
export const SO_KEEPALIVE: Source = {
  title: 'Microsoft: SO_KEEPALIVE socket option',
  url: 'https://learn.microsoft.com/windows/win32/winsock/so-keepalive',
}

/** HKLM\SYSTEM is shared between 32- and 64-bit programs, so one spelling serves both. */
export const TCPIP_PARAMETERS = 'HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\Tcpip\\Parameters'

/** The record of a machine, in the control set that it describes; `docs/record.md` says what is in it. */
export const RECORD = 'HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Control\\keepalive-kit'

/** Milliseconds in a REG_DWORD; 0 is outside the documented range. */
const DWORD_MS = {
  kind: 'duration',
  unit: 'ms',
  range: { min: 1, max: 0xffff_ffff },
  step: { size: 1, why: 'whole milliseconds' },
  zero: 'documents 1 as the minimum',
} as const

/** KeepAliveTime of desktop and server Windows. */
export const IDLE: DurationSetting = {
  ...DWORD_MS,
  key: 'KeepAliveTime',
  summary: 'quiet time before the first probe',
  default: 7_200_000,
  sources: [KEEP_ALIVE_TIME, SIO_KEEPALIVE_VALS, BECKHOFF],
}

/** KeepAliveInterval of desktop and server Windows. */
export const INTERVAL: DurationSetting = {
  ...DWORD_MS,
  key: 'KeepAliveInterval',
  summary: 'time between unanswered probes',
  default: 1_000,
  sources: [KEEP_ALIVE_INTERVAL, SIO_KEEPALIVE_VALS, BECKHOFF],
}

/** No source says how late a timer of the stack may be. */
export const TIMERS: Timers = {
  late: () => 0,
  why: 'the lateness of its timers is not documented',
  sources: [],
}

/** Sockets the settings do not affect, with sources. */
export const LIMITATIONS: Target['limitations'] = [
  { text: 'Sockets without SO_KEEPALIVE are not probed.', sources: [SO_KEEPALIVE] },
  {
    text: 'SIO_KEEPALIVE_VALS overrides these settings for the socket that sets it.',
    sources: [SIO_KEEPALIVE_VALS],
  },
]

/** Fields that no Windows has a setting for. */
export const NOT_ON_WINDOWS: Readonly<Record<Extract<Field, 'init' | 'always'>, Unsupported>> = {
  init: {
    kind: 'unsupported',
    instead: 'the time to establish a connection stays as it is',
    sources: [SO_KEEPALIVE],
  },
  always: {
    kind: 'unsupported',
    instead: 'only sockets whose program sets SO_KEEPALIVE are probed',
    fixed: false,
    sources: [SO_KEEPALIVE],
  },
}
