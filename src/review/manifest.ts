import * as z from 'zod'
import { MANIFEST_FORMAT } from '../core/bundle.ts'
import { problem } from '../core/diagnostic.ts'
import { pathProblem } from '../core/file-name.ts'
import { failure, success, type Result } from '../core/result.ts'

/** The text before the version in `generator`. */
export const GENERATOR = 'keepalive-kit '
/** The most bytes of a manifest; ours has about 1 KB for each file. */
const MAX_BYTES = 2 * 1024 * 1024

const names = z.array(z.string())
const TouchedSchema = z.object({ files: names, keys: names, values: names })
const EffectsSchema = z.object({ commands: names, reads: TouchedSchema, writes: TouchedSchema })

const FileSchema = z.object({
  path: z.string(),
  size: z.int().nonnegative(),
  mode: z.enum(['0644', '0755']),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  effects: EffectsSchema.optional(),
})

/** The parts of manifest.json that are read; keys that another version of the kit adds are allowed. */
export const ManifestSchema = z
  .object({
    format: z.literal(MANIFEST_FORMAT),
    generator: z.string().startsWith(GENERATOR),
    profile: z.looseObject({ name: z.string(), targets: z.array(z.string()).min(1) }),
    files: z.array(FileSchema).min(1),
  })
  .check(({ value, issues }) => {
    const paths = [...value.files.map(({ path }) => path), 'manifest.json', 'SHA256SUMS']
    const message = pathProblem(paths)
    if (message !== undefined) issues.push({ code: 'custom', message, input: value.files, path: ['files'] })
  })

/** A well-formed manifest of the kit. */
export type ReadManifest = z.output<typeof ManifestSchema>
/** A file in a manifest: path, mode, size in bytes and SHA-256. */
export type ListedFile = ReadManifest['files'][number]

/** Reads manifest.json, or fails with the reason. */
export function readManifest(bytes: Uint8Array): Result<ReadManifest> {
  const bad = (reason: string) => failure(problem('verify/bad-manifest', { reason }))
  if (bytes.length > MAX_BYTES) return bad(`it has more than ${MAX_BYTES} bytes`)
  const value = parse(bytes)
  if (value === undefined) return bad('it is not JSON')
  const { generator, format } = z.looseObject({}).safeParse(value).data ?? {}
  if (typeof generator !== 'string' || !generator.startsWith(GENERATOR)) return failure(problem('verify/not-ours', {}))
  if (typeof format === 'number' && format !== MANIFEST_FORMAT)
    return failure(problem('verify/unknown-format', { format: String(format), known: MANIFEST_FORMAT }))
  const parsed = ManifestSchema.safeParse(value)
  if (parsed.success) return success(parsed.data)
  const [issue] = parsed.error.issues
  return bad(`${issue?.path.join('.')}: ${issue?.message}`)
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    return undefined
  }
}

/** The top-level keys of a manifest's profile whose value differs from ours. */
export function differingKeys(theirs: Readonly<Record<string, unknown>>, ours: Readonly<Record<string, unknown>>) {
  const keys = [...new Set([...Object.keys(ours), ...Object.keys(theirs)])]
  return keys.filter((key) => !sameValue(ours[key], theirs[key]))
}

/** Compares as deeply as our value goes, however deep the other one is. */
function sameValue(ours: unknown, theirs: unknown): boolean {
  if (typeof ours !== 'object' || ours === null) return ours === theirs
  if (typeof theirs !== 'object' || theirs === null || Array.isArray(ours) !== Array.isArray(theirs)) return false
  const [a, b] = [Object.entries(ours), new Map<string, unknown>(Object.entries(theirs))]
  return a.length === b.size && a.every(([key, value]) => sameValue(value, b.get(key)))
}
