import { lstatSync, mkdirSync, realpathSync, type Stats } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

// V8 runs the code that it finds in its cache without a look at the source. So no other user may write there.

/**
 * The folder in which Node caches V8's code of the program, one for each user; `undefined` if another user could write to it.
 * Node's own choice is one folder of the temporary folder for all users, which belongs to whoever ran a Node first.
 */
export function codeFolder(): string | undefined {
  try {
    const user = process.geteuid?.()
    return user === undefined ? folderOfWindows() : folderOfUser(user, realpathSync(tmpdir()))
  } catch {
    return undefined
  }
}

/** Windows lets no other user write below this folder, and files there have no owner in `stat`. */
function folderOfWindows(): string | undefined {
  const local = process.env['LOCALAPPDATA']
  return local === undefined || local === '' ? undefined : join(local, 'Temp', 'keepalive-kit')
}

function folderOfUser(user: number, temporary: string): string | undefined {
  const folder = join(temporary, `keepalive-kit-${user}`)
  if (!isKept(user, temporary)) return undefined
  if (lstatSync(folder, { throwIfNoEntry: false }) === undefined) mkdirSync(folder, { mode: 0o700 })
  const there = lstatSync(folder)
  return there.isDirectory() && there.uid === user && (there.mode & 0o077) === 0 ? folder : undefined
}

/** Whether nobody but the user and root can rename what is in a folder, or the folder itself. */
function isKept(user: number, folder: string): boolean {
  const above = dirname(folder)
  return isKeptAlone(user, lstatSync(folder)) && (above === folder || isKept(user, above))
}

function isKeptAlone(user: number, { uid, mode }: Stats): boolean {
  return (uid === user || uid === 0) && ((mode & OTHERS_WRITE) === 0 || (mode & STICKY) !== 0)
}
const OTHERS_WRITE = 0o022
const STICKY = 0o1000
