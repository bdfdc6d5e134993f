import { messagesAbout } from '../message.ts'

const usage = messagesAbout('usage')
const machine = messagesAbout('machine')
const bug = messagesAbout('bug')

/** Reasons that end a run: its command line, the machine that it runs on, or a fault of the kit. */
export const RUN_MESSAGES = {
  usage: usage.error((d: { message: string }) => d.message.split('\n')),
  machine: machine.error(
    (d: { path: string | undefined; error: string }) =>
      `${d.path === undefined ? '' : `${d.path}: `}${SYSTEM_ERRORS[d.error] ?? `the system says ${d.error}`}`,
  ),
  bug: bug.error((d: { message: string }) => [
    ...d.message.split('\n'),
    'This is a fault of keepalive-kit, not of yours; please report it with the command that you ran.',
  ]),
} as const

/** Error codes of the operating system, in words for the person who has to act. */
export const SYSTEM_ERRORS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'the system does not permit it',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  ENOTDIR: 'a part of the path is a file, not a folder',
  EISDIR: 'it is a folder',
  // The kit itself gives this code.
  ENOTREG: 'it is a pipe or a device, whose end may never come; write - and give its text on standard input',
  EEXIST: 'it exists already',
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
