import type { KitContext } from '../core/context.ts'
import { graded, problem, type Diagnostic } from '../core/diagnostic.ts'
import { allOf, failure, type Result } from '../core/result.ts'
import { materialOf } from '../kit/material.ts'
import { verifyAgainstLock, verifyAgainstProfile } from '../kit/verify-against.ts'
import { verifyFiles, verifyZip, type Verified } from '../kit/verify.ts'
import type { Difference } from '../review/compare/difference.ts'
import { differenceData } from '../review/compare/difference-data.ts'
import { utf8Bytes } from '../core/bytes.ts'
import { asData } from './diagnostics.ts'
import { bytesOf, givenSide, isFile, isFiles, isObject, packed } from './given.ts'
import type { SideInput, VerifyOptions } from './inputs.ts'
import type { Kit } from './kit.ts'

/** Names in messages for what has no other. */
const NAMES = { output: '<output>', lock: '<lock>', profile: '<profile>' } as const

/** The member that verifies outputs, by themselves or against a lock or a profile. */
export function verifyMembers(kit: KitContext): Pick<Kit, 'verify'> {
  return {
    verify: (output, options = {}) => {
      const objects = new Set([
        ...(isObject(output) ? [options.file ?? NAMES.output] : []),
        ...(options.profile !== undefined && isObject(options.profile) ? [NAMES.profile] : []),
      ])
      const form = (diagnostics: readonly Diagnostic[]) => asData(graded(diagnostics, options.strict === true), objects)
      const drift = against(kit, output, options)
      if (drift !== undefined)
        return {
          verified: [],
          difference: drift.ok ? differenceData(drift.value) : undefined,
          diagnostics: form(drift.diagnostics),
        }
      const verified = byItself(kit, output, options.file)
      const none = verified.length === 0 ? [problem('verify/no-output', { folder: options.file ?? NAMES.output })] : []
      return {
        verified: verified.map(({ path, diagnostics: _, ...one }) => ({ file: path, ...one })),
        difference: undefined,
        diagnostics: form([...none, ...verified.flatMap(({ diagnostics }) => diagnostics)]),
      }
    },
  }
}

function byItself(kit: KitContext, output: SideInput, file: string | undefined): readonly Verified[] {
  if (isFiles(output)) return verifyFiles(kit, output.map(packed))
  if (typeof output === 'string' || output instanceof Uint8Array)
    return [verifyZip(kit, bytesOf(output), file ?? NAMES.output)]
  return isFile(output) ? [verifyZip(kit, bytesOf(output.bytes), file ?? output.path)] : []
}

/** The difference between an output and the lock or profile in the options; `undefined` without either. */
function against(kit: KitContext, output: SideInput, options: VerifyOptions): Result<Difference> | undefined {
  const { lock, profile, file, resolve } = options
  if (lock === undefined && profile === undefined) return undefined
  const found = givenSide(kit, output, { name: file, otherwise: NAMES.output }, resolve)
  const wanted =
    lock === undefined
      ? givenSide(kit, profile ?? '', { otherwise: NAMES.profile }, resolve)
      : materialOf(NAMES.lock, utf8Bytes(lock))
  if (!found.ok || !wanted.ok) return failure(...allOf([wanted, found]).diagnostics)
  return lock === undefined
    ? verifyAgainstProfile(kit, wanted.value, found.value)
    : verifyAgainstLock(kit, wanted.value, [found.value])
}
