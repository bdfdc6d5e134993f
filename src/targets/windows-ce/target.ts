import { WINDOWS_STACK } from '../windows/stack.ts'
import type { Source } from '../../core/sourced.ts'
import type { Target } from '../../core/target.ts'
import { BECKHOFF } from '../sources.ts'
import { LARGEST_DWORD } from '../windows/rules.ts'
import { IDLE, INTERVAL, TIMERS } from '../windows/settings.ts'

const EMBEDDED = 'https://learn.microsoft.com/previous-versions/windows/embedded'
const CE5_DEFAULTS: Source = {
  title: 'Microsoft: keep-alive of Windows CE 5.0, its defaults and that sockets must ask for it',
  url: `${EMBEDDED}/ms884986(v=msdn.10)`,
}
const CE5_INITIALISATION: Source = {
  title: 'Microsoft: TCP/IP of Windows CE 5.0 reads its parameters when it starts',
  url: `${EMBEDDED}/ms884973(v=msdn.10)`,
}

const PARMS = 'HKEY_LOCAL_MACHINE\\Comm\\TcpIp\\Parms'
/**
 * Off unless the profile asks for it: Beckhoff names only the other key, and no source says that its devices read this
 * one.
 */
const PARMS_IPV6 = 'HKEY_LOCAL_MACHINE\\Comm\\Tcpip6\\Parms'

/**
 * Windows CE and Windows Embedded Compact, by Beckhoff's key. The range is that of a DWORD without 0; no source gives a
 * range for CE.
 */
export const windowsCe: Target = {
  id: 'windows-ce',
  aliases: [],
  alsoCalled: [
    'ce* wince* windowsce* windowsembeddedce* embeddedce*',
    'wec* windowscompact* windowsembeddedcompact* embeddedcompact*',
  ].flatMap((words) => words.split(' ')),
  family: 'Windows',
  systems: 'Windows CE, Windows Embedded Compact',
  settings: {
    idle: { ...IDLE, sources: [BECKHOFF, CE5_DEFAULTS] },
    interval: { ...INTERVAL, sources: [BECKHOFF, CE5_DEFAULTS] },
    probes: {
      kind: 'unsupported',
      instead: 'the stack decides how many probes it sends, and no source says how many',
      sources: [CE5_DEFAULTS],
    },
    init: {
      kind: 'unsupported',
      instead: 'the time to establish a connection stays as it is',
      sources: [CE5_DEFAULTS],
    },
    always: {
      kind: 'unsupported',
      instead: 'only sockets whose program asks for it (setsockopt) are probed',
      fixed: false,
      sources: [CE5_DEFAULTS],
    },
  },
  outputs: [
    { path: 'keepalive.reg', language: 'reg-ascii' },
    { path: 'keepalive-remove.reg', language: 'reg-ascii' },
    { path: 'platform/keepalive.reg', language: 'reg-ascii' },
  ],
  steps: { install: 'double-click keepalive.reg and restart', check: 'look into the registry editor' },
  store: { kind: 'registry', keys: [{ path: PARMS }, { path: PARMS_IPV6, options: { ipv6: true } }] },
  options: {
    ipv6: {
      kind: 'switch',
      summary: 'also set the values of the TCP/IP version 6 stack, which has a key of its own',
      default: false,
    },
  },
  places: ({ ipv6 }) => ({ keys: ipv6 === true ? [PARMS, PARMS_IPV6] : [PARMS] }),
  activation: {
    text: 'The settings take effect when the device restarts, because the stack reads them at its start.',
    sources: [CE5_INITIALISATION],
  },
  limitations: [
    { text: 'Sockets whose program does not ask for it (setsockopt) are not probed.', sources: [CE5_DEFAULTS] },
  ],
  stack: WINDOWS_STACK,
  timers: TIMERS,
  rules: [LARGEST_DWORD],
}
