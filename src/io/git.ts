import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { devNull, tmpdir } from 'node:os'
import { dirname, join, posix, resolve } from 'node:path'

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

/** The zip that git makes, compressed, of a repository that may hold the outputs of a whole plant. */
const MOST_BYTES = 512 * 1024 * 1024

/**
 * The files of a revision as git's own `archive` packs them, with the encoding and line ends of .gitattributes; or in one line
 * why git does not give them. The only place where the kit starts a program, and only for a person who wrote GITREV:PATH.
 *
 * The configuration of a repository can name programs: filters, one that checks signatures, one that fetches what is missing. So
 * git looks up the revision, and then packs it in a repository of this run alone, which has the same objects and no configuration.
 */
export function archiveRevision(cwd: string, { rev, path }: Revision): Uint8Array | string {
  const folder = mkdtempSync(join(tmpdir(), 'keepalive-kit-git-'))
  try {
    const ask = (...args: readonly string[]) => git(folder, ASK, ['-C', cwd, ...NO_PROGRAMS, 'rev-parse', ...args])
    const above = ask('--show-prefix')
    const [tree = ''] = ask(`${rev}^{tree}`, '--').split('\n')
    const wanted = posix.normalize(posix.join(above, path))
    if (/^\.\.(?:\/|$)/.test(wanted)) return `${path} lies outside of the repository`
    writeRepository(folder, tree)
    const env = { ...bareEnvironment(folder), GIT_OBJECT_DIRECTORY: resolve(cwd, ask('--git-path', 'objects')) }
    const only = wanted === './' || wanted === '.' ? [] : ['--', wanted]
    return gitBytes(folder, env, ['--literal-pathspecs', 'archive', '--format=zip', tree, ...only])
  } catch (error) {
    const { code, stderr } = error as NodeJS.ErrnoException & { readonly stderr?: Buffer }
    if (code === 'ENOENT') return 'there is no git on this machine'
    return stderr?.toString('utf8').trim().split('\n')[0] || `it ended with ${code}`
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Settings of git that win over those of a repository, and variables: it fetches nothing, and runs nothing beside itself. */
const NO_PROGRAMS = ['-c', 'core.fsmonitor=false', '-c', `core.hooksPath=${devNull}`]
const ASK = { GIT_NO_LAZY_FETCH: '1', GIT_ALLOW_PROTOCOL: 'none', GIT_TERMINAL_PROMPT: '0' }

/** Writes the least that git takes for a repository. Its own attributes win over those of the files: everything is packed. */
function writeRepository(folder: string, tree: string): void {
  const format = tree.length === SHA256_DIGITS ? '[extensions]\n\tobjectformat = sha256\n' : ''
  mkdirSync(join(folder, 'refs'))
  mkdirSync(join(folder, 'info'))
  writeFileSync(join(folder, 'HEAD'), 'ref: refs/heads/none\n')
  writeFileSync(
    join(folder, 'config'),
    `[core]\n\trepositoryformatversion = ${format === '' ? 0 : 1}\n\tbare = true\n${format}`,
  )
  writeFileSync(join(folder, 'info/attributes'), '* !filter !export-ignore !export-subst\n')
}
const SHA256_DIGITS = 64

/** The environment for a repository in a folder: neither variables nor files of the user or of the machine configure git there. */
function bareEnvironment(folder: string): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^GIT_/i.test(name) || ['GIT_EXEC_PATH', 'GIT_ALTERNATE_OBJECT_DIRECTORIES'].includes(name),
  )
  return {
    ...Object.fromEntries(kept),
    ...ASK,
    GIT_DIR: folder,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: devNull,
    HOME: folder,
    XDG_CONFIG_HOME: folder,
  }
}

/** The answer of git without the line end. */
function git(folder: string, env: Readonly<Record<string, string>>, args: readonly string[]): string {
  return gitBytes(folder, { ...process.env, ...env }, args)
    .toString('utf8')
    .replace(/\n$/, '')
}

/** Runs git in a folder of ours: Windows looks for a program in the current folder first. */
function gitBytes(folder: string, env: NodeJS.ProcessEnv, args: readonly string[]): Buffer {
  return execFileSync('git', args, { cwd: folder, env, maxBuffer: MOST_BYTES, stdio: ['ignore', 'pipe', 'pipe'] })
}
