import { isError } from '../../core/diagnostic.ts'
import { escapeInvisible } from '../../core/words.ts'
import { differenceData } from '../../review/compare/difference-data.ts'
import { differenceText, driftText } from '../../review/compare/difference-text.ts'
import type { Against } from '../../app/verify-against.ts'
import { verifyOutputs } from '../../app/verify-outputs.ts'
import type { Verified } from '../../kit/verify.ts'
import type { VerifyOptions } from '../definitions/review.ts'
import type { CommandWorld, Outcome } from '../outcome.ts'
import { jsonPath } from '../report/json.ts'

/** Checks whether each output is untouched and matches its profile. */
export async function verify(world: CommandWorld, options: VerifyOptions): Promise<Outcome> {
  const { lock, profile } = options
  if (lock !== undefined) return againstLock(world, options, lock)
  if (profile !== undefined) return againstProfile(world, options, profile)
  const { verified, diagnostics } = await verifyOutputs(world, options, world.tell)
  return {
    diagnostics,
    text: () => verified.map((one) => `${escapeInvisible(one.path)}: ${summary(one)}\n`).join(''),
    json: () => ({ verified: verified.map(verifiedRow) }),
  }
}

function summary({ profile, generator, files, madeAgain, diagnostics }: Verified): string {
  const wrong = diagnostics.filter(isError).length
  if (wrong > 0) return `not as it should be (${wrong} ${wrong === 1 ? 'problem' : 'problems'})`
  const answer = madeAgain ? 'as it should be' : 'its own checksums are right'
  return `${answer} (${files} files, profile ${escapeInvisible(`${profile}, made by ${generator}`)})`
}

function verifiedRow({ path, profile, files, diagnostics }: Verified): object {
  return { path: jsonPath(path), profile: profile ?? null, files, ok: !diagnostics.some(isError) }
}

async function againstLock(world: CommandWorld, { paths, quiet }: VerifyOptions, lock: string): Promise<Outcome> {
  const { verifyAgainstLock } = await import('../../app/verify-against.ts')
  const found = await verifyAgainstLock(world, paths, lock)
  const [difference] = found.differences
  const right =
    difference === undefined || difference.groups.length > 0
      ? []
      : [`${escapeInvisible(lock)}: as it should be (${difference.same} entries)\n`]
  return against(found, () => [...(quiet ? [] : right), ...found.differences.map(differenceText)].join(''))
}

async function againstProfile(world: CommandWorld, { paths, quiet }: VerifyOptions, profile: string): Promise<Outcome> {
  const { verifyAgainstProfile } = await import('../../app/verify-against.ts')
  const found = await verifyAgainstProfile(world, paths, profile)
  const right = found.right.map((path) => `${escapeInvisible(path)}: as ${escapeInvisible(profile)} says\n`)
  return against(found, () => [...(quiet ? [] : right), ...found.differences.map(driftText)].join(''))
}

/** An input that could not be read leaves the question open, so the exit code is that of wrong usage. */
function against({ differences, diagnostics, unread }: Against, text: () => string): Outcome {
  return {
    diagnostics,
    text,
    json: () => ({ differences: differences.map(differenceData) }),
    exit: diagnostics.some(isError) ? (unread ? 2 : 1) : 0,
  }
}
