import { NOWHERE, type Permissions, type Installed, type Touched } from '../core/target.ts'

const LOOKING = ['awk', 'id', 'ls', 'mktemp', 'readlink', 'rm', 'tr', 'true', 'uname']

/** The permissions of a sh script that changes nothing, and has a folder for temporary files. */
export function looking(programs: readonly string[], files: readonly string[], keys: readonly string[]): Permissions {
  return {
    commands: [...LOOKING, ...programs].toSorted(),
    reads: { files: [...files, SHARED].toSorted(), keys, values: [] },
    writes: { ...NOWHERE, files: ['/tmp/keepalive-kit.*'] },
  }
}

/** The programs of every sh script that changes a machine; all are POSIX except mktemp, readlink and sync. */
const PROGRAMS =
  'awk cat chmod cksum cmp cp find grep id ln ls mkdir mktemp mv readlink rm rmdir sed sort sync tr true uname'.split(
    ' ',
  )

/**
 * The permissions of a sh script that changes a machine: it has a record in `place.state` with a lock beside it, writes
 * `files` through a temporary file in the same folder, and sets `settings` in the running system. With --root, it
 * writes the files of the image and touches nothing else.
 */
export function changing(
  { place, settings }: Installed,
  files: readonly string[],
  programs: readonly string[],
  reads: Touched,
): Permissions {
  const state = String(place['state'])
  const written = files.flatMap((file) => [file, `${file.slice(0, file.lastIndexOf('/'))}/${FRESH}`])
  const record = ['record', 'record.old', 'before.conf', FRESH, '.lock', '.lock.*'].map((file) => `${state}/${file}`)
  return {
    commands: [...PROGRAMS, ...programs].toSorted(),
    reads: { ...reads, files: [...reads.files, SHARED].toSorted() },
    writes: {
      files: [...new Set([...written, ...record, '/tmp/keepalive-kit.*'])].toSorted(),
      keys: settings.toSorted(),
      values: [],
    },
  }
}

/** A file that is written beside another to replace it. */
const FRESH = '.keepalive-kit.new'
/** The file beside the scripts that holds what they share. */
const SHARED = 'shared.sh'
