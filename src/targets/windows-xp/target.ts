import { WINDOWS_STACK } from '../windows/stack.ts'
import type { Target } from '../../core/target.ts'
import { changingByCmd, lookingByCmd } from '../windows/permissions.ts'
import { LARGEST_DWORD } from '../windows/rules.ts'
import {
  IDLE,
  INTERVAL,
  NOT_ON_WINDOWS,
  LIMITATIONS,
  RECORD,
  SET_KEEP_ALIVE_TIME,
  SO_KEEPALIVE,
  TCPIP_PARAMETERS,
  TIMERS,
} from '../windows/settings.ts'

/**
 * Windows 2000, XP, Server 2003 and the embedded systems made from them. The probe count is the larger of
 * TcpMaxDataRetransmissions and its PPTP twin. The kit does not write these, because they also decide how lost data is
 * repeated.
 */
export const windowsXp: Target = {
  id: 'windows-xp',
  aliases: [],
  alsoCalled: [
    'xp* winxp* windowsxp* xpe xpembedded* windowsembeddedxp*',
    'win2000* windows2000* win2k w2k win2003* windows2003* win2k3* w2k3*',
    'server2003* winserver2003* windowsserver2003*',
    'wes2009 embeddedstandard2009* windowsembeddedstandard2009*',
  ].flatMap((words) => words.split(' ')),
  family: 'Windows',
  systems: 'Windows 2000, XP, Server 2003, XP Embedded, Embedded Standard 2009',
  settings: {
    idle: IDLE,
    interval: INTERVAL,
    probes: {
      kind: 'unsupported',
      instead: 'it sends 5 probes unless TcpMaxDataRetransmissions was changed, which governs lost data too',
      fixed: 5,
      sources: [SO_KEEPALIVE],
    },
    ...NOT_ON_WINDOWS,
  },
  outputs: [
    { path: 'keepalive.reg', language: 'reg', template: 'windows/keepalive.reg' },
    { path: 'keepalive-remove.reg', language: 'reg', template: 'windows/keepalive-remove.reg' },
    { path: 'install.cmd', language: 'cmd', permissions: changingByCmd, template: 'windows/install.cmd' },
    { path: 'uninstall.cmd', language: 'cmd', permissions: changingByCmd, template: 'windows/uninstall.cmd' },
    { path: 'check.cmd', language: 'cmd', permissions: lookingByCmd, template: 'windows/check.cmd' },
  ],
  steps: { install: 'right-click install.cmd, "Run as administrator", and restart', check: 'double-click check.cmd' },
  store: { kind: 'registry', keys: [{ path: TCPIP_PARAMETERS }] },
  options: {},
  places: () => ({ key: TCPIP_PARAMETERS, record: RECORD }),
  activation: { text: 'The settings take effect when the machine restarts.', sources: [SET_KEEP_ALIVE_TIME] },
  limitations: LIMITATIONS,
  stack: WINDOWS_STACK,
  timers: TIMERS,
  rules: [LARGEST_DWORD],
}
