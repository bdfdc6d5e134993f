import { NOWHERE, type Permissions, type Installed, type Touched } from '../core/target.ts'

/** The permissions of a sh script that changes nothing. */
export function looking(programs: readonly string[], files: readonly string[], keys: readonly string[]): Permissions {
  return { commands: programs.toSorted(), reads: { files: files.toSorted(), keys, values: [] }, writes: NOWHERE }
}

/** The programs of every sh script that changes a machine; all are POSIX except mktemp, readlink and sync. */
const PROGRAMS =
  'awk cat chmod cksum cmp cp find id ln mkdir mktemp mv readlink rm rmdir sed sync tail tr true uname'.split(' ')

/**
 * The permissions of a sh script that changes a machine: it has a record in `place.state` with a lock beside it, writes
 * `files` through a temporary file in the same folder, and sets `settings` in the running system. With --root, it
 * writes the files of the image and touches nothing else.
 */
export function changing(
  { name, place, settings }: Installed,
  files: readonly string[],
  programs: readonly string[],
  reads: Touched,
): Permissions {
  const state = String(place['state'])
  const record = ['before', 'before.conf', 'installed', 'next', 'previous', TEMPORARY].map(
    (file) => `${state}/${name}/${file}`,
  )
  const written = files.flatMap((file) => [file, `${file.slice(0, file.lastIndexOf('/'))}/${TEMPORARY}`])
  return {
    commands: [...PROGRAMS, ...programs].toSorted(),
    reads,
    writes: {
      files: [
        ...new Set([...written, ...record, `${state}/.lock`, `${state}/.lock.*`, '/tmp/keepalive-kit.*']),
      ].toSorted(),
      keys: settings.toSorted(),
      values: [],
    },
  }
}

const TEMPORARY = '.keepalive-kit.*'
