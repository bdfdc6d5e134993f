import { join, resolve } from 'node:path'
import { isError, type Diagnostic } from '../core/diagnostic.ts'
import { kindAt, readTextIfThere } from '../io/outputs.ts'
import { replaceFile } from '../io/atomic.ts'
import type { World } from '../io/world.ts'
import { lockText } from '../review/lock.ts'
import { load, type ProfileRequest } from './load.ts'
import { lockedEntries } from '../kit/locked-entries.ts'
import { programKit } from './kit.ts'
import { usage } from './usage.ts'

/** Profiles, and the file that records them. */
export interface LockRequest extends ProfileRequest {
  readonly lock: string
}

export interface Locked {
  /** `undefined` if a diagnostic is an error. */
  readonly lock: { readonly profiles: number; readonly unchanged: boolean } | undefined
  readonly diagnostics: readonly Diagnostic[]
}

/** Writes the lock of profiles; a lock that is right already is not touched. */
export async function lockProfiles(world: World, request: LockRequest): Promise<Locked> {
  const { checked, diagnostics } = await load(world, request)
  if (diagnostics.some(isError)) return { lock: undefined, diagnostics }
  const path = resolve(world.cwd, request.lock)
  if (kindAt(path) === 'folder') return { lock: undefined, diagnostics: [isFolder(request.lock)] }
  const text = lockText(lockedEntries(programKit(), checked))
  const unchanged = readTextIfThere(path) === text
  if (!unchanged) replaceFile(path, Buffer.from(text))
  return { lock: { profiles: checked.length, unchanged }, diagnostics }
}

function isFolder(lock: string): Diagnostic {
  const instead = JSON.stringify(join(lock, 'keepalive.lock.json'))
  return usage(`--lock ${JSON.stringify(lock)} is a folder; name a file in it, such as ${instead}`)
}
