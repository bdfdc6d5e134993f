import type { Target } from '../../core/target.ts'
import { LARGEST_DWORD } from './rules.ts'
import { IDLE, INTERVAL, NOT_ON_WINDOWS, SET_KEEP_ALIVE_TIME, SO_KEEPALIVE, TCPIP_PARAMETERS } from './settings.ts'

/** Windows Vista and later. */
export const windows: Target = {
  id: 'windows',
  aliases: [],
  systems: 'Windows Vista and later: Embedded Standard 7, 7, 8, 10/11 IoT, Server',
  settings: {
    idle: IDLE,
    interval: INTERVAL,
    probes: { kind: 'unsupported', instead: 'it always sends 10 probes', fixed: 10, sources: [SO_KEEPALIVE] },
    ...NOT_ON_WINDOWS,
  },
  outputs: [
    { path: 'keepalive.reg', language: 'reg' },
    { path: 'keepalive-remove.reg', language: 'reg' },
    { path: 'install.ps1', language: 'powershell' },
    { path: 'uninstall.ps1', language: 'powershell' },
    { path: 'verify.ps1', language: 'powershell' },
    { path: 'install.cmd', language: 'cmd' },
    { path: 'uninstall.cmd', language: 'cmd' },
  ],
  places: { key: TCPIP_PARAMETERS, state: '%ProgramData%\\keepalive-kit' },
  activation: { text: 'A restart of the machine puts it in force.', sources: [SET_KEEP_ALIVE_TIME] },
  rules: [LARGEST_DWORD],
}
