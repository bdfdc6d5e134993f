/** A file as a program hands it over or gets it: by its path, with `/` on every system. */
export interface KitFile {
  /** Below a folder of the program's choice; messages name the file by it. */
  readonly path: string
  /** Text stands for its UTF-8. */
  readonly bytes: Uint8Array | string
  /** Unix permission bits, such as `0o755`; left out where they are not known. */
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

/** Options of everything that takes one profile. */
export interface ProfileOptions {
  /** The name of the profile in messages, and the base of paths in it; `<profile>` if left out. */
  readonly file?: string
  /** Ids or aliases: only these targets of the profile; all of them where it is left out or empty. */
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
  /** Names of {@link Kit.policies} that the profile is held against. */
  readonly policies?: readonly string[]
}

/** Options of {@link Kit.import}. */
export interface ImportOptions {
  /** Ids or aliases of the targets that the files are read for; what fits where it is left out or empty. */
  readonly targets?: readonly string[]
  /** The name of the profile; that of the first file where it is left out. */
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
  /** Ids or aliases: only these targets; all of them where it is left out or empty. */
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
  /** The text of a lock: holds the output against it, in place of the output's own manifest. */
  readonly lock?: string
  /** Holds the output, or what a machine has, against this profile, in place of a manifest. */
  readonly profile?: ProfileInput
  /** For `profile`, see {@link ProfileOptions.resolve}. */
  readonly resolve?: ResolvePath
}
