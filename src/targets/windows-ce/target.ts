import type { Source, Target } from '../../core/target.ts'
import { LARGEST_DWORD } from '../windows/rules.ts'
import { BECKHOFF, IDLE, INTERVAL, NOT_ON_WINDOWS } from '../windows/settings.ts'

const CE_PARAMETERS: Source = {
  title: 'Microsoft: TCP/IP registry settings of Windows CE 5.0',
  url: 'https://learn.microsoft.com/previous-versions/windows/embedded/ms884976(v=msdn.10)',
}

/** Windows CE and Windows Embedded Compact. Only Beckhoff's key and value form is confirmed, so just that is written. */
export const windowsCe: Target = {
  id: 'windows-ce',
  aliases: [],
  systems: 'Windows CE, Windows Embedded Compact',
  settings: {
    idle: { ...IDLE, sources: [BECKHOFF, CE_PARAMETERS] },
    interval: { ...INTERVAL, sources: [BECKHOFF, CE_PARAMETERS] },
    probes: {
      kind: 'unsupported',
      instead: 'the stack decides how many probes it sends, and no source says how many',
      sources: [CE_PARAMETERS],
    },
    ...NOT_ON_WINDOWS,
  },
  outputs: [
    { path: 'keepalive.reg', language: 'regedit4' },
    { path: 'keepalive-remove.reg', language: 'regedit4' },
  ],
  places: { key: 'HKEY_LOCAL_MACHINE\\Comm\\TcpIp\\Parms' },
  activation: 'The stack reads the values when it starts, so a restart of the device puts them in force.',
  rules: [LARGEST_DWORD],
}
