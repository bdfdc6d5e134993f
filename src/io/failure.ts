import type { Diagnostic, Location } from '../core/diagnostic.ts'
import { escapeInvisible } from '../core/words.ts'

/** A thrown error as a diagnostic: `machine` where the system refused something, else `bug`. */
export function failureOf(error: unknown, location?: Location): Diagnostic {
  const { message, code, path, dest, syscall } = error as NodeJS.ErrnoException & { dest?: string }
  const at = { severity: 'error', path: [], ...(location === undefined ? {} : { location }) } as const
  if (code !== undefined && (syscall !== undefined || Object.hasOwn(SYSTEM_ERRORS, code))) {
    const where = dest ?? path
    const words = SYSTEM_ERRORS[code] ?? `the system says ${code}`
    return { ...at, code: 'machine', message: where === undefined ? words : `${escapeInvisible(where)}: ${words}` }
  }
  const please = 'This is a fault of keepalive-kit, not of yours; please report it with the command that you ran.'
  const visible = message.split('\n').map(escapeInvisible).join('\n')
  return { ...at, code: 'bug', message: `${visible}\n${please}` }
}

/** What the operating system says by its codes, in the words of the person who has to mend it. */
const SYSTEM_ERRORS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'the system does not permit it',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  ENOTDIR: 'a part of the path is a file, not a folder',
  EISDIR: 'it is a folder',
  EEXIST: 'it is there already',
  ENOENT: 'nothing can be made there',
  ELOOP: 'the links in the path lead in a circle',
  ENAMETOOLONG: 'the path is too long',
  EMFILE: 'too many files are open',
  EFBIG: 'the file is too large',
  ERR_FS_FILE_TOO_LARGE: 'the file is too large',
  EIO: 'the disk reports an error',
  EBUSY: 'another program is using it',
  ENOTEMPTY: 'the folder changed meanwhile',
}
