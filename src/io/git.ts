import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** The content of a path below a folder in a revision of the repository around the folder, as the bytes of a zip. */
export interface Revision {
  readonly rev: string
  /** With `/`; `.` for the whole folder. */
  readonly path: string
}

/** `HEAD~1:out/line-4` as its two parts; `undefined` for any other text. */
export function parseRevision(text: string): Revision | undefined {
  const colon = text.indexOf(':')
  // C:\plant is a path of Windows.
  if (colon < 1 || text.startsWith('-') || /^[A-Za-z]:[\\/]/.test(text)) return undefined
  return { rev: text.slice(0, colon), path: text.slice(colon + 1) || '.' }
}

/** Whether a folder is in a work tree of git. */
export function isInWorkTree(folder: string): boolean {
  const above = dirname(folder)
  return existsSync(join(folder, '.git')) || (above !== folder && isInWorkTree(above))
}

/**
 * The files of a revision as git's own `archive` packs them, with what .gitattributes says of their encoding and line
 * ends; or in one line why git does not give them. The only place where the kit starts a program, and only for a person
 * who wrote GITREV:PATH.
 */
export function archiveRevision(cwd: string, { rev, path }: Revision): Uint8Array | string {
  try {
    return execFileSync('git', ['--literal-pathspecs', 'archive', '--format=zip', rev, '--', path], {
      cwd,
      maxBuffer: 512 * 1024 * 1024,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
  } catch (error) {
    const { code, stderr } = error as NodeJS.ErrnoException & { readonly stderr?: Buffer }
    if (code === 'ENOENT') return 'there is no git on this machine'
    return stderr?.toString('utf8').trim().split('\n')[0] || `it ended with ${code}`
  }
}
