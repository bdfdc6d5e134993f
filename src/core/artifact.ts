import { sha256 } from '#checksums'
import { utf16leBytes, utf8Bytes } from './bytes.ts'
import type { Permissions, Language } from './target.ts'

export type Mode = 0o644 | 0o755

/** A file that the kit makes, by its path below the profile's folder. */
export interface Artifact {
  readonly path: string
  readonly mode: Mode
  readonly bytes: Uint8Array
  /** Present for a script. */
  readonly permissions?: Permissions
}

/** Files that belong to no target: `text` for people on any system, `data` for programs. */
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

/** Wrong line ends in a text with these; and the same together with all that is not ASCII. */
const WRONG_WITH_LF = [/\r/, /[^\t\n -~]/] as const
const WRONG_WITH_CRLF = [/(?<!\r)\n|\r(?!\n)/, /(?<!\r)\n|\r(?!\n)|[^\t\r\n -~]/] as const

/** Line ends by the ending of a template's name; sources have LF and get theirs before they are compiled, once. */
export function withLineEnds(templateName: string, source: string): string {
  return /\.(?:reg|ps1|cmd|txt)$/.test(templateName) ? source.replaceAll('\n', '\r\n') : source
}

/** The latest text of each path, with its artifact. */
export type LatestArtifacts = Map<
  string,
  { readonly language: string; readonly text: string; readonly artifact: Artifact }
>

/**
 * Text to bytes: the only place that decides encoding, BOM and mode, and holds text to its line ends. Throws on a fault of
 * ours. If the latest text of the path is the same, its artifact is returned again.
 */
export function encode(path: string, language: Language | Kind, text: string, latest?: LatestArtifacts): Artifact {
  const before = latest?.get(path)
  if (before?.text === text && before.language === language) return before.artifact
  const artifact = encoded(path, language, text)
  latest?.set(path, { language, text, artifact })
  return artifact
}

function encoded(path: string, language: Language | Kind, text: string): Artifact {
  const { encoding, eol, mode } = FORMS[language]
  const [wrongEnd, wrongEndOrSign] = eol === '\n' ? WRONG_WITH_LF : WRONG_WITH_CRLF
  // The text is searched once, and a second time only for the message.
  if ((encoding === 'utf-8-bom' ? wrongEnd : wrongEndOrSign).test(text))
    throw new Error(`bug: ${path} ${wrongEnd.test(text) ? 'has a wrong line end' : 'is not ASCII'}`)
  const bytes =
    encoding === 'utf-16le-bom'
      ? utf16leBytes(`\ufeff${text}`)
      : utf8Bytes(encoding === 'utf-8-bom' ? `\ufeff${text}` : text)
  return { path, mode, bytes }
}

/** SHA-256 of artifacts, by their bytes. */
export type Digests = WeakMap<Uint8Array, string>

/** SHA-256 of an artifact's bytes, in hex; computed once for all that share `digests`. */
export function digestOf({ bytes }: Pick<Artifact, 'bytes'>, digests?: Digests): string {
  const known = digests?.get(bytes)
  if (known !== undefined) return known
  const digest = sha256(bytes)
  digests?.set(bytes, digest)
  return digest
}

/** `0644`, as a manifest and `stat` write it. */
export function modeText(mode: number): string {
  return mode.toString(8).padStart(4, '0')
}
