import type { Permissions, Installed } from '../../core/target.ts'
import { changing, looking } from '../shell-permissions.ts'

const PROGRAMS = ['df', 'fsync', 'ps', 'sysctl', 'wc']

/** Sources of the write filter's state, of the clock rate, and of whether this is a jail. */
const reads = {
  files: [
    '/etc/rc.conf',
    '/etc/rc.conf.d/bwf',
    '/etc/rc.conf.d/bwf/*',
    '/etc/rc.conf.local',
    '/usr/local/etc/rc.conf.d/bwf',
    '/usr/local/etc/rc.conf.d/bwf/*',
  ],
  keys: ['kern.hz', 'security.jail.jailed'],
  values: [],
}

const files = ({ place }: Installed): readonly string[] => [String(place['file']), String(place['localFile'])]

/** install.sh, and the scripts of the installer stick. */
export const installing = (installed: Installed): Permissions => changing(installed, files(installed), PROGRAMS, reads)

/** uninstall.sh. */
export const uninstalling = (installed: Installed): Permissions =>
  changing(installed, files(installed), PROGRAMS, reads)

/** check.sh. */
export const checking = (installed: Installed): Permissions =>
  looking(['cat', 'sysctl'], files(installed), installed.settings.toSorted())

/** shared.sh, which holds the functions of the three. */
export const sharing = installing
