import { type Diagnostic } from '../core/diagnostic.ts'
import { escapeInvisible } from '../core/words.ts'
import type { World } from '../io/world.ts'
import type { ExitCode } from './exit.ts'
import type { Format } from './options.ts'
import { reportJson } from './report/report.ts'

/** Says what ended a run, never with a stack trace, in the form that was asked for; gives its exit code. */
export function reportFailure(world: World, error: unknown, format: Format): ExitCode {
  const { code, message, exitCode } = describe(error)
  if (format === 'json') {
    const diagnostic: Diagnostic = { code, severity: 'error', message, path: [] }
    reportJson(world, { artifacts: [], bundles: [], diagnostics: [diagnostic] })
  } else world.err(`keepalive-kit: ${message}\n`)
  return exitCode
}

/** What ended a run, or a part of it, in words for a person. */
export function describe(error: unknown): {
  readonly code: string
  readonly message: string
  readonly exitCode: ExitCode
} {
  const { name, message, code, path, dest, syscall } = error as NodeJS.ErrnoException & { dest?: string }
  if (name === 'UsageError') return { code: 'usage', message: visible(message), exitCode: 2 }
  const where = dest ?? path
  if (code !== undefined && (syscall !== undefined || MACHINE[code] !== undefined)) {
    const what = MACHINE[code] ?? `the system says ${code}`
    return { code: 'machine', message: `${where === undefined ? '' : `${visible(where)}: `}${what}`, exitCode: 3 }
  }
  const please = 'This is a fault of keepalive-kit, not of yours; please report it with the command that you ran.'
  return { code: 'bug', message: `${visible(message)}\n${please}`, exitCode: 3 }
}

/** What the operating system says, in the words of the person who has to mend it. */
const MACHINE: Readonly<Record<string, string>> = {
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

function visible(message: string): string {
  return message.split('\n').map(escapeInvisible).join('\n')
}
