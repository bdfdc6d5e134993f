import type { Permissions, Installed } from '../../core/target.ts'
import { changing, looking } from '../shell-permissions.ts'

/** TuneD sets the values of its profile again, perhaps after the files were read. */
const TUNED = [
  '/etc/tuned/*/tuned.conf',
  '/etc/tuned/active_profile',
  '/etc/tuned/profiles/*/tuned.conf',
  '/etc/tuned/tuned-main.conf',
  '/usr/lib/tuned/*/tuned.conf',
  '/usr/lib/tuned/profiles/*/tuned.conf',
]

/** Files that may decide about our keys at the next start, and those that show whether systemd reads them. */
const DECIDING = [
  ...['/etc', '/run', '/usr/local/lib', '/usr/lib', '/lib'].map((folder) => `${folder}/sysctl.d/*.conf`),
  '/etc/sysctl.conf',
  '/lib/systemd/systemd-sysctl',
  '/run/systemd/system',
  '/usr/lib/systemd/systemd-sysctl',
  ...TUNED,
]

/** Files that show whether this is a container or a chroot, and whether the run that holds the lock still exists. */
const SURROUNDINGS = [
  '/.dockerenv',
  '/proc/*/stat',
  '/proc/1/root',
  '/proc/2/comm',
  '/run/.containerenv',
  '/run/systemd/container',
]

const reads = { files: [...DECIDING, ...SURROUNDINGS].toSorted(), keys: [], values: [] }

/** install.sh. */
export const installing = (installed: Installed): Permissions =>
  changing(installed, [String(installed.place['file'])], ['sort', 'stat'], reads)

/** uninstall.sh. */
export const uninstalling = (installed: Installed): Permissions =>
  changing(installed, [String(installed.place['file'])], ['sort', 'stat'], reads)

/** check.sh. */
export const checking = ({ place, settings }: Installed): Permissions =>
  looking(['awk', 'cat', 'readlink', 'sort', 'tr', 'uname'], [String(place['file']), ...DECIDING], settings.toSorted())
