import { WINDOWS_STACK } from './stack.ts'
import type { Target } from '../../core/target.ts'
import {
  changingByCmd,
  changingByPowerShell,
  changingOffline,
  checkingByPowerShell,
  lookingByCmd,
  lookingByPowerShell,
  setupComplete,
} from './permissions.ts'
import { LARGEST_DWORD } from './rules.ts'
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
} from './settings.ts'

/** The hives below HKEY_LOCAL_MACHINE on a running Windows, or during its servicing. */
const LOADED_HIVES = [
  'BCD00000000',
  'COMPONENTS',
  'DRIVERS',
  'ELAM',
  'HARDWARE',
  'SAM',
  'SCHEMA',
  'SECURITY',
  'SOFTWARE',
  'SYSTEM',
]

/** Version names that people write after the name of the system. */
const VERSIONS = ['vista', '7', '8', '10', '11', 'iot', '2008', '2012', '2016', '2019', '2022', '2025']

/** Windows Vista and later. */
export const windows: Target = {
  id: 'windows',
  aliases: [],
  alsoCalled: [
    'win win32 win64 vista* winserver* windowsserver* w7 w8 w10 w11',
    'server2008* server2012* server2016* server2019* server2022* server2025*',
    'wes7* embeddedstandard7* windowsembeddedstandard7* windowsembedded8*',
    ...VERSIONS.map((version) => `win${version}* windows${version}*`),
  ].flatMap((words) => words.split(' ')),
  family: 'Windows',
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
    { path: 'install.ps1', language: 'powershell', permissions: changingByPowerShell },
    { path: 'uninstall.ps1', language: 'powershell', permissions: changingByPowerShell },
    { path: 'check.ps1', language: 'powershell', permissions: checkingByPowerShell },
    { path: 'install.cmd', language: 'cmd', permissions: changingByCmd },
    { path: 'uninstall.cmd', language: 'cmd', permissions: changingByCmd },
    { path: 'check.cmd', language: 'cmd', permissions: lookingByCmd },
    { path: 'intune/detect.ps1', language: 'powershell', permissions: lookingByPowerShell },
    { path: 'intune/remediate.ps1', language: 'powershell', permissions: changingByPowerShell },
    { path: 'offline/keepalive-offline.reg', language: 'reg-ascii' },
    { path: 'offline/install-offline.cmd', language: 'cmd', permissions: changingOffline },
    { path: 'offline/uninstall-offline.cmd', language: 'cmd', permissions: changingOffline },
    { path: 'setup/SetupComplete.cmd', language: 'cmd', permissions: setupComplete },
  ],
  steps: { install: 'right-click install.cmd, "Run as administrator", and restart', check: 'double-click check.cmd' },
  store: {
    kind: 'registry',
    keys: [
      { path: TCPIP_PARAMETERS },
      // The key in a registry other than the running machine's, which has no CurrentControlSet.
      { path: 'HKEY_LOCAL_MACHINE\\{hive}\\ControlSet{control-set}\\Services\\Tcpip\\Parameters' },
    ],
  },
  options: {
    hive: {
      kind: 'name',
      summary: 'the name under which the registry of an offline image is loaded',
      default: 'OFFLINE',
      taken: LOADED_HIVES,
      takenBy: 'a part of the registry of the machine itself',
    },
    'control-set': {
      kind: 'number',
      summary: 'the control set in keepalive-offline.reg; Select\\Current of the image names the one that it uses',
      default: 1,
      range: { min: 1, max: 999 },
    },
  },
  places: ({ hive, 'control-set': controlSet }) => ({
    key: TCPIP_PARAMETERS,
    record: RECORD,
    hive: String(hive),
    offlineKey: `HKEY_LOCAL_MACHINE\\${hive}\\ControlSet${String(controlSet).padStart(3, '0')}\\Services\\Tcpip\\Parameters`,
  }),
  activation: { text: 'The settings take effect when the machine restarts.', sources: [SET_KEEP_ALIVE_TIME] },
  limitations: LIMITATIONS,
  stack: WINDOWS_STACK,
  timers: TIMERS,
  rules: [LARGEST_DWORD],
}
