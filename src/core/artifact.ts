import { sha256 } from '#checksums'
import { latin1Bytes, utf16leBytes, utf8Bytes } from './bytes.ts'
import { isDevice } from './file-name.ts'
import type { Permissions, Language } from './target.ts'

export type Mode = 0o644 | 0o755

/** A file that the kit makes, by its path below the profile's folder. */
export interface Artifact {
  readonly path: string
  readonly mode: Mode
  readonly bytes: Uint8Array
  /** Of a script. */
  readonly permissions?: Permissions
}

/** What is no target's artifact: `text` for people on any system, `data` for programs. */
type Kind = 'text' | 'data'

interface Form {
  readonly encoding: 'ascii' | 'utf-16le-bom' | 'utf-8-bom'
  readonly eol: '\n' | '\r\n'
  readonly mode: Mode
}

/**
 * How each language is stored. Desktop .reg is what regedit itself writes; Windows CE's importer is only known to take
 * REGEDIT4, and tools for hives that are not loaded take ASCII; Windows PowerShell 5.1 reads BOM-less text as ANSI, so
 * scripts are ASCII; README.txt has a BOM for Notepad.
 */
const FORMS: Readonly<Record<Language | Kind, Form>> = {
  reg: { encoding: 'utf-16le-bom', eol: '\r\n', mode: 0o644 },
  'reg-ascii': { encoding: 'ascii', eol: '\r\n', mode: 0o644 },
  sysctl: { encoding: 'ascii', eol: '\n', mode: 0o644 },
  yaml: { encoding: 'ascii', eol: '\n', mode: 0o644 },
  powershell: { encoding: 'ascii', eol: '\r\n', mode: 0o755 },
  cmd: { encoding: 'ascii', eol: '\r\n', mode: 0o755 },
  sh: { encoding: 'ascii', eol: '\n', mode: 0o755 },
  data: { encoding: 'ascii', eol: '\n', mode: 0o644 },
  text: { encoding: 'utf-8-bom', eol: '\r\n', mode: 0o644 },
}

/** What no text with these line ends has; and the same for text that is ASCII only. */
const WRONG_WITH_LF = [/\r/, /[^\t\n -~]/] as const
const WRONG_WITH_CRLF = [/(?<!\r)\n|\r(?!\n)/, /(?<!\r)\n|\r(?!\n)|[^\t\r\n -~]/] as const

/** Line ends by the ending of a template's name; sources have LF and get theirs before they are compiled, once. */
export function withLineEnds(templateName: string, source: string): string {
  return /\.(?:reg|ps1|cmd|txt)$/.test(templateName) ? source.replaceAll('\n', '\r\n') : source
}

/** The last artifact of each path: of the files of a fleet's devices, many are the same, and then their digest is too. */
const latest = new Map<string, { readonly language: string; readonly text: string; readonly artifact: Artifact }>()

/** Text to bytes: the only place where encoding, BOM and mode are decided, and line ends are held to. Throws on a fault of ours. */
export function encode(path: string, language: Language | Kind, text: string): Artifact {
  const before = latest.get(path)
  if (before?.text === text && before.language === language) return before.artifact
  const artifact = encoded(path, language, text)
  latest.set(path, { language, text, artifact })
  return artifact
}

function encoded(path: string, language: Language | Kind, text: string): Artifact {
  const { encoding, eol, mode } = FORMS[language]
  const [wrongEnd, wrongEndOrSign] = eol === '\n' ? WRONG_WITH_LF : WRONG_WITH_CRLF
  // Once over the text, and twice only to tell what is wrong.
  if ((encoding === 'utf-8-bom' ? wrongEnd : wrongEndOrSign).test(text))
    throw new Error(`bug: ${path} ${wrongEnd.test(text) ? 'has a wrong line end' : 'is not ASCII'}`)
  const bytes =
    encoding === 'utf-16le-bom'
      ? utf16leBytes(`\ufeff${text}`)
      : encoding === 'ascii'
        ? latin1Bytes(text)
        : utf8Bytes(`\ufeff${text}`)
  return { path, mode, bytes }
}

const digests = new WeakMap<Uint8Array, string>()

/** The digest of an artifact; it stands in the manifest, in SHA256SUMS and in the lock, and is reckoned once. */
export function digestOf({ bytes }: Pick<Artifact, 'bytes'>): string {
  const known = digests.get(bytes)
  if (known !== undefined) return known
  const digest = sha256(bytes)
  digests.set(bytes, digest)
  return digest
}

/** `0644`, as a manifest and `stat` write it. */
export function modeText(mode: number): string {
  return mode.toString(8).padStart(4, '0')
}

/**
 * Why a set of paths cannot be written on every system, or `undefined`: each part must be a plain name that Windows
 * takes, and no two may be one file where case does not count.
 */
export function pathProblem(paths: readonly string[]): string | undefined {
  const all = paths.join('\n')
  if (all === sound) return undefined
  const problem = firstProblem(paths)
  if (problem === undefined) sound = all
  return problem
}

/** The paths that were looked at last and had no problem: of a fleet's devices, most have the same. */
let sound: string | undefined

function firstProblem(paths: readonly string[]): string | undefined {
  const seen = new Set<string>()
  for (const path of paths) {
    const bad = path
      .split('/')
      .find((part) => !/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(part) || part.endsWith('.') || isDevice(part))
    if (bad !== undefined) return `${JSON.stringify(path)} is not a file name on every system`
    if (seen.has(path.toLowerCase())) return `${JSON.stringify(path)} is there twice`
    seen.add(path.toLowerCase())
  }
  return undefined
}
