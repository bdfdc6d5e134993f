import { bundle as bundleOf, type Bundle } from '../core/bundle.ts'
import type { KitContext } from '../core/context.ts'
import { isError, type Diagnostic } from '../core/diagnostic.ts'
import { plan } from '../core/plan.ts'
import { canonicalProfile } from '../core/profile.ts'
import { storedZip } from '../core/zip.ts'
import { allOf } from '../core/result.ts'
import { explainChecked, policiesNamed } from '../kit/explain.ts'
import { lockedEntries } from '../kit/locked-entries.ts'
import { targetIds } from '../core/target-words.ts'
import { lockText } from '../review/lock.ts'
import { check, type Checked } from '../source/check.ts'
import { asData } from './diagnostics.ts'
import { givenProfile, isObject, packed } from './given.ts'
import type { ExplainOptions, KitFile, ProfileInput, ProfileOptions } from './inputs.ts'
import type { Kit } from './kit.ts'
import type { Answer, KitDiagnostic } from './results.ts'

/** The name of a profile in messages when it has no other. */
const PROFILE = '<profile>'

interface Ready extends Answer {
  /** Empty if there is an error. */
  readonly checked: readonly Checked[]
  /** Puts diagnostics of later stages about the profiles into the same form. */
  readonly asData: (diagnostics: readonly Diagnostic[]) => readonly KitDiagnostic[]
}

function ready(kit: KitContext, profiles: readonly ProfileInput[], options: ProfileOptions): Ready {
  const { file, resolve, strict = false } = options
  const calls = profiles.map((profile, at) => ({
    name: file,
    otherwise: profiles.length === 1 ? PROFILE : `<profile ${at + 1}>`,
    profile,
  }))
  const given = allOf(calls.map(({ profile, ...called }) => givenProfile(kit, profile, called, resolve)))
  const targets = targetIds(kit.registry, options.targets ?? [])
  const objects = new Set(calls.flatMap((one) => (isObject(one.profile) ? [one.name ?? one.otherwise] : [])))
  const form = (diagnostics: readonly Diagnostic[]) => asData(diagnostics, objects)
  if (!targets.ok || !given.ok)
    return { checked: [], diagnostics: form([...targets.diagnostics, ...given.diagnostics]), asData: form }
  const { checked, diagnostics } = check(kit.registry, given.value, { targets: targets.value, strict }, kit.schema())
  return { checked: diagnostics.some(isError) ? [] : checked, diagnostics: form(diagnostics), asData: form }
}

/** The members that take profiles. */
export function profileMembers(
  kit: KitContext,
): Pick<Kit, 'check' | 'generate' | 'bundle' | 'explain' | 'lock' | 'plan'> {
  const made = (profile: ProfileInput, options: ProfileOptions) => {
    const { checked, diagnostics } = ready(kit, [profile], options)
    const [one] = checked
    return { bundle: one && bundleOf(kit.template, { ...one, version: kit.version }), diagnostics }
  }

  return {
    check: (profile, options = {}) => {
      const { checked, diagnostics } = ready(kit, [profile], options)
      return { profiles: checked.map(checkedProfile), diagnostics }
    },
    generate: (profile, options = {}) => {
      const { bundle, diagnostics } = made(profile, options)
      const files = bundle?.artifacts.map(({ path, mode, bytes }) => ({
        path: `${bundle.profile.name}/${path}`,
        mode,
        // The bytes of profile.yaml may be the program's own: a write into one must not change the other.
        bytes: bytes.slice(),
      }))
      return { files: files ?? [], diagnostics }
    },
    bundle: (profile, options = {}) => {
      const { bundle, diagnostics } = made(profile, options)
      return { name: bundle && `${bundle.profile.name}.zip`, zip: bundle && storedZip(bundle), diagnostics }
    },
    explain: (profile, options: ExplainOptions = {}) => {
      const { checked, diagnostics, asData: form } = ready(kit, [profile], options)
      const policies = policiesNamed(options.policies ?? [])
      if (!policies.ok) return { explanations: [], diagnostics: [...diagnostics, ...form(policies.diagnostics)] }
      const { explanations, diagnostics: against } = explainChecked(kit.registry, checked, policies.value)
      return { explanations, diagnostics: [...diagnostics, ...form(against)] }
    },
    lock: (profiles, options = {}) => {
      const { checked, diagnostics } = ready(kit, profiles, options)
      return { lock: diagnostics.some(isError) ? undefined : lockText(lockedEntries(kit, checked)), diagnostics }
    },
    plan: (profile, files, options = {}) => {
      const { bundle, diagnostics } = made(profile, options)
      return { changes: bundle === undefined ? [] : changes(bundle, files), diagnostics }
    },
  }
}

function checkedProfile({ profile }: Checked) {
  const { name, title, targets } = profile
  return { name, title, targets, profile: canonicalProfile(profile) }
}

/** The changes of the files in a profile's folder; other files do not count. */
function changes({ profile: { name }, artifacts }: Bundle, files: readonly KitFile[]) {
  const folder = `${name}/`
  const found = files
    .map(packed)
    .filter(({ path }) => path.startsWith(folder))
    .map(
      ({ path, bytes, mode }) => [path.slice(folder.length), mode === undefined ? { bytes } : { bytes, mode }] as const,
    )
  return plan(name, artifacts, new Map(found)).map(({ kind, path }) => ({ kind, path: `${folder}${path}` }))
}
