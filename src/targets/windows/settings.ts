import type { DurationSetting, Field, Source, Unsupported } from '../../core/target.ts'

const LEARN = 'https://learn.microsoft.com/previous-versions/windows'
export const KEEP_ALIVE_TIME: Source = {
  title: 'Microsoft: KeepAliveTime',
  url: `${LEARN}/it-pro/windows-server-2003/cc782936(v=ws.10)`,
}
export const KEEP_ALIVE_INTERVAL: Source = {
  title: 'Microsoft: KeepAliveInterval',
  url: `${LEARN}/it-pro/windows-server-2003/cc758083(v=ws.10)`,
}
export const SO_KEEPALIVE: Source = {
  title: 'Microsoft: SO_KEEPALIVE socket option',
  url: 'https://learn.microsoft.com/windows/win32/winsock/so-keepalive',
}
export const BECKHOFF: Source = {
  title: 'Beckhoff: TF6510, TCP Keep-Alive Messages',
  url: 'https://infosys.beckhoff.com/content/1033/tf6510_tc3_iec61850/11328746507.html',
}

/** HKLM\SYSTEM is shared between 32- and 64-bit programs, so one spelling serves both. */
export const TCPIP_PARAMETERS = 'HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\Tcpip\\Parameters'

/** Milliseconds in a REG_DWORD; 0 is outside the documented range. */
const DWORD_MS = {
  kind: 'duration',
  unit: 'ms',
  range: { min: 1, max: 0xffff_ffff },
  step: { size: 1, why: 'whole milliseconds' },
} as const

export const IDLE: DurationSetting = {
  ...DWORD_MS,
  key: 'KeepAliveTime',
  summary: 'quiet time before the first probe',
  default: 7_200_000,
  sources: [KEEP_ALIVE_TIME, BECKHOFF],
}

export const INTERVAL: DurationSetting = {
  ...DWORD_MS,
  key: 'KeepAliveInterval',
  summary: 'time between unanswered probes',
  default: 1_000,
  sources: [KEEP_ALIVE_INTERVAL, BECKHOFF],
}

/** What no Windows has a setting for. */
export const NOT_ON_WINDOWS: Readonly<Record<Extract<Field, 'init' | 'always'>, Unsupported>> = {
  init: {
    kind: 'unsupported',
    instead: 'how long a connection may take to be established stays as it is',
    sources: [KEEP_ALIVE_TIME],
  },
  always: {
    kind: 'unsupported',
    instead: 'only sockets whose program sets SO_KEEPALIVE are probed',
    fixed: false,
    sources: [SO_KEEPALIVE],
  },
}
