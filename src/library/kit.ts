import type { Explained, Policy } from '../core/policy.ts'
import type { Middlebox } from '../core/middlebox.ts'
import type { Way } from '../kit/gitattributes.ts'
import type { PresetInfo, TargetInfo } from '../kit/lists.ts'
import type {
  DiffOptions,
  ExplainOptions,
  ImportOptions,
  KitFile,
  ProfileInput,
  ProfileOptions,
  SideInput,
  VerifyOptions,
} from './inputs.ts'
import type {
  BundleAnswer,
  CheckAnswer,
  DiffAnswer,
  ExplainAnswer,
  GenerateAnswer,
  ImportAnswer,
  KitDifference,
  LockAnswer,
  PatchAnswer,
  PlanAnswer,
  VerifyAnswer,
} from './results.ts'

/**
 * The kit: what the command line can, as functions from data to data. None of them reads a file, a clock or the environment, so
 * that equal arguments give equal answers in Node and in a browser. Whatever is wrong with what it is given is a diagnostic in
 * the answer; only an argument of a wrong type throws.
 */
export interface Kit {
  /** The version of the package, which `manifest.json` names as `keepalive-kit VERSION`. */
  readonly version: string

  /**
   * Checks a profile. `profiles` has it in its canonical form; with an error among the diagnostics, `profiles` is empty.
   *
   * @example
   * const { diagnostics } = kit.check('name: line4\nidle: 20\ninterval: 5s\n', { file: 'line4.yaml' })
   * for (const { file, line, column, message } of diagnostics) console.log(`${file}:${line}:${column}: ${message}`)
   */
  check(profile: ProfileInput, options?: ProfileOptions): CheckAnswer

  /**
   * Makes the files of a profile, as the command `generate` writes them below its output folder. With an error among the
   * diagnostics, `files` is empty.
   *
   * @example
   * const { files } = kit.generate({ name: 'line4', idle: '20s', interval: '5s' }, { targets: ['linux'] })
   * console.log(files.map(({ path, mode }) => `${mode.toString(8)} ${path}`).join('\n'))
   */
  generate(profile: ProfileInput, options?: ProfileOptions): GenerateAnswer

  /**
   * Makes the zip of a profile, with stored entries: the same bytes as the command `bundle` writes. With an error among the
   * diagnostics, `zip` is `undefined`.
   *
   * @example
   * const { name, zip } = kit.bundle('preset:beckhoff')
   * console.log(name, zip?.length)
   */
  bundle(profile: ProfileInput, options?: ProfileOptions): BundleAnswer

  /**
   * Says what each target does with a profile: native names, values in the system's own unit and in hex, defaults, detection
   * times in ms (`null` where nobody knows), sources. A policy that is not met is an error; an unknown policy is
   * `policy/unknown`.
   *
   * @example
   * const { explanations } = kit.explain('preset:beckhoff', { targets: ['windows'] })
   * for (const { target, detectionMs } of explanations) console.log(target, detectionMs)
   */
  explain(profile: ProfileInput, options?: ExplainOptions): ExplainAnswer

  /**
   * Makes the lock of profiles: in one line for each profile and target, what is set and a digest of the files. Two profiles of
   * one name are an error.
   *
   * @example
   * const { lock } = kit.lock(['preset:beckhoff', { name: 'line4', idle: '20s', interval: '5s' }])
   * console.log(lock)
   */
  lock(profiles: readonly ProfileInput[], options?: ProfileOptions): LockAnswer

  /**
   * Says what has to happen to the files that are there for them to be those of a profile: `new`, `changed`, `mode` (the
   * executable bit), `removed`, `foreign` (the kit did not write it) or `same`. The paths of `files` are as {@link generate} gives
   * them.
   *
   * @example
   * const profile = { name: 'line4', idle: '20s', interval: '5s' }
   * const { files } = kit.generate({ ...profile, idle: '30s' })
   * console.log(kit.plan(profile, files).changes.filter(({ kind }) => kind !== 'same'))
   */
  plan(profile: ProfileInput, files: readonly KitFile[], options?: ProfileOptions): PlanAnswer

  /**
   * Makes a profile of what a machine or a vendor gave: `.reg` files, the output of `reg query` or `sysctl`, sysctl files, Docker
   * Compose or Kubernetes YAML, scripts and bundles of the kit. Later files win over earlier ones, as on a machine. Several files
   * with the paths of a copy of `/etc` are one machine's tree. An oddity in a file is a warning at its line.
   *
   * @example
   * const bytes = 'net.ipv4.tcp_keepalive_time = 20\nnet.ipv4.tcp_keepalive_intvl = 5\n'
   * const { profiles } = kit.import([{ path: '60-keepalive.conf', bytes }], { name: 'line4' })
   * console.log(profiles[0]?.yaml)
   */
  import(files: KitFile | readonly KitFile[], options?: ImportOptions): ImportAnswer

  /**
   * Compares two sides in meaning: values, not text. `difference.groups` is empty where nothing that is set changes, and
   * `difference` is `undefined` where a side cannot be read.
   *
   * @example
   * const { difference } = kit.diff('preset:beckhoff', { name: 'line4', idle: '30s', interval: '5s' })
   * for (const { target, changes } of difference?.groups ?? [])
   *   for (const { key, before, after } of changes) console.log(target, key, before, after)
   */
  diff(before: SideInput, after: SideInput, options?: DiffOptions): DiffAnswer

  /**
   * Compares the files of two sides as text, UTF-16 included, and gives a unified patch. Both sides must have files: a profile,
   * or files or zips of the kit.
   *
   * @example
   * const { patch } = kit.patch('preset:beckhoff', { name: 'line4', idle: '30s', interval: '5s' }, { targets: ['linux'] })
   * console.log(patch)
   */
  patch(before: SideInput, after: SideInput, options?: DiffOptions): PatchAnswer

  /**
   * Says whether an output, a zip or files, is what its profile makes, and untouched; or, with `lock` or `profile`, whether it sets
   * what these say. It is, if no diagnostic is an error.
   *
   * @example
   * const { files } = kit.generate('preset:beckhoff')
   * const { verified, diagnostics } = kit.verify(files)
   * console.log(verified, diagnostics)
   */
  verify(output: SideInput, options?: VerifyOptions): VerifyAnswer

  /**
   * Makes one HTML page of explanations or of a difference: it needs no other file and no network, and runs under the content
   * security policy that it has itself.
   *
   * @example
   * const { explanations } = kit.explain('preset:beckhoff')
   * console.log(kit.page(explanations).length)
   */
  page(of: Explained | readonly Explained[] | KitDifference): string

  /**
   * The same as text, as the command line prints it.
   *
   * @example
   * const { explanations } = kit.explain('preset:beckhoff', { targets: ['linux'] })
   * console.log(kit.text(explanations))
   */
  text(of: Explained | readonly Explained[] | KitDifference): string

  /**
   * Makes Markdown of a difference for a comment on a change: at most 65 000 characters, and it says what it left out.
   *
   * @example
   * const { difference } = kit.diff('preset:beckhoff', 'preset:sap')
   * if (difference !== undefined) console.log(kit.markdown(difference))
   */
  markdown(of: KitDifference): string

  /**
   * The JSON Schema (draft-07) of a profile, for editors and forms.
   *
   * @example
   * console.log(JSON.stringify(kit.schema()))
   */
  schema(): object

  /**
   * Every target: its settings with unit, range, default and sources, its options, and the names of its files.
   *
   * @example
   * for (const { id, systems } of kit.targets()) console.log(id, systems)
   */
  targets(): readonly TargetInfo[]

  /**
   * The profiles that ship with the kit.
   *
   * @example
   * for (const { preset, title } of kit.presets()) console.log(preset, title)
   */
  presets(): readonly PresetInfo[]

  /**
   * Every policy: who wants which numbers of which targets. Times in ms.
   *
   * @example
   * for (const { name, title } of kit.policies()) console.log(name, title)
   */
  policies(): readonly Policy[]

  /**
   * Devices on a path that forget idle connections, each with its limit in ms: the names that `path` of a profile takes.
   *
   * @example
   * for (const { name, idleLimit } of kit.middleboxes()) console.log(name, idleLimit)
   */
  middleboxes(): readonly Middlebox[]

  /**
   * A commented profile to start from, in YAML. `name` must be one that a profile may have; otherwise the text is no valid
   * profile.
   *
   * @example
   * console.log(kit.starter('line4'))
   */
  starter(name: string): string

  /**
   * The text of a file in whatever encoding, with LF line ends: what a person compares.
   *
   * @example
   * const { files } = kit.generate('preset:beckhoff', { targets: ['windows'] })
   * const reg = files.find(({ path }) => path.endsWith('/keepalive.reg'))
   * if (reg !== undefined) console.log(kit.textconv(reg.bytes))
   */
  textconv(bytes: Uint8Array): string

  /**
   * Lines for `.gitattributes` about the outputs below a folder, a path of a repository with `/`: `encoding` lets git keep `.reg`
   * files as UTF-8, `textconv` leaves their bytes alone.
   *
   * @example
   * console.log(kit.gitattributes('out', 'encoding').join('\n'))
   */
  gitattributes(folder: string, way: Way): readonly string[]
}
