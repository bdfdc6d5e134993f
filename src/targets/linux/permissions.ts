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

/** Files by which the start system shows itself. */
const START_SYSTEM = [
  '/etc/alpine-release',
  '/etc/init.d/S02sysctl',
  '/etc/init.d/bootmisc.sh',
  '/etc/init.d/procps',
  '/etc/openwrt_release',
  '/etc/os-release',
  '/etc/runit/core-services/08-sysctl.sh',
  '/etc/systemd/system/systemd-sysctl.service',
  '/lib/systemd/systemd-sysctl',
  '/run/systemd/system',
  '/run/systemd/system/systemd-sysctl.service',
  '/usr/lib/systemd/systemd-sysctl',
]

/** Files that may decide about our keys at the next start. */
const DECIDING = [
  ...['/etc', '/run', '/usr/local/lib', '/usr/lib', '/lib'].map((folder) => `${folder}/sysctl.d/*.conf`),
  '/etc/credstore/sysctl.extra',
  '/etc/sysctl.conf',
  '/etc/ufw/sysctl.conf',
  '/etc/ufw/ufw.conf',
  ...START_SYSTEM,
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
  changing(installed, [String(installed.place['file'])], ['stat'], reads)

/** uninstall.sh. */
export const uninstalling = (installed: Installed): Permissions =>
  changing(installed, [String(installed.place['file'])], ['stat'], reads)

/** check.sh. */
export const checking = ({ place, settings }: Installed): Permissions =>
  looking(['cat', 'grep', 'sort'], [String(place['file']), ...DECIDING], settings.toSorted())

/** shared.sh, which holds the functions of the three. */
export const sharing = installing
