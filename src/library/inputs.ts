/** A file that a program passes or gets: by its path, with `/` on every system. */
export interface KitFile {
  /** Relative to a folder of the program's choice; messages name the file by this path. */
  readonly path: string
  /** Text is encoded as UTF-8. */
  readonly bytes: Uint8Array | string
  /** Unix permission bits, such as `0o755`; left out if they are not known. */
  readonly mode?: number
}

/**
 * A profile: its text in YAML or JSON, the bytes of its file, the file with its path, `preset:NAME`, or an object as the JSON
 * Schema describes it. An object must be plain data: what JSON cannot hold throws a `TypeError`.
 */
export type ProfileInput = string | Uint8Array | KitFile | object

/**
 * One side of a comparison: a profile in any form; the text or the bytes of a zip, of a lock, or of what a machine gave (a
 * `.reg` file, the output of `reg query` or `sysctl`, a sysctl file); or several files: the output of `generate` or `bundle`,
 * or a copy of a machine's `/etc`. The bytes decide which it is and, in doubt, the path of a file.
 */
export type SideInput = ProfileInput | readonly KitFile[]

/** Returns a file that a profile `extends`: its text, its bytes, or `undefined` if it does not exist. */
export type ResolvePath = (path: string) => Uint8Array | string | undefined

/** Options of functions that take one profile. */
export interface ProfileOptions {
  /** The name of the profile in messages, and the base of paths in it; `<profile>` if left out. */
  readonly file?: string
  /** Ids or aliases of the targets to use; all of the profile's if left out or empty. */
  readonly targets?: readonly string[]
  /** Warnings are errors. */
  readonly strict?: boolean
  /**
   * Called for each file that the profile extends, with its path: that in the profile, seen from the profile's own `file`.
   * Presets are looked up in the kit. Without it, `extends` with a path is the error `extends/not-here`.
   */
  readonly resolve?: ResolvePath
}

/** Options of {@link Kit.explain}. */
export interface ExplainOptions extends ProfileOptions {
  /** Names of {@link Kit.policies} to judge the profile by. */
  readonly policies?: readonly string[]
}

/** Options of {@link Kit.import}. */
export interface ImportOptions {
  /** Ids or aliases of the targets that the files are read for; all that fit if left out or empty. */
  readonly targets?: readonly string[]
  /** The name of the profile; that of the first file if left out. */
  readonly name?: string
  /** Warnings are errors. */
  readonly strict?: boolean
}

/** Options of {@link Kit.diff} and {@link Kit.patch}. */
export interface DiffOptions {
  /** The name of the first side in messages; its path, or `<before>`, if left out. */
  readonly before?: string
  /** The name of the second side in messages; its path, or `<after>`, if left out. */
  readonly after?: string
  /** Ids or aliases of the targets to compare; all if left out or empty. */
  readonly targets?: readonly string[]
  /** See {@link ProfileOptions.resolve}. */
  readonly resolve?: ResolvePath
}

/** Options of {@link Kit.verify}. */
export interface VerifyOptions {
  /** The name of the output in messages; its path, or `<output>`, if left out. */
  readonly file?: string
  /** Warnings are errors. */
  readonly strict?: boolean
  /** The text of a lock: the output is compared with it, and not with its own manifest. */
  readonly lock?: string
  /** A profile: the output, or a machine's settings, is compared with it, and not with a manifest. */
  readonly profile?: ProfileInput
  /** For `profile`, see {@link ProfileOptions.resolve}. */
  readonly resolve?: ResolvePath
}
