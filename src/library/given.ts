import { dump } from 'js-yaml'
import { utf8Bytes } from '../core/bytes.ts'
import type { KitContext } from '../core/context.ts'
import { failure, success, type Result } from '../core/result.ts'
import { folderMaterial, materialOf, type Material, type PackedFile } from '../kit/material.ts'
import { pathBeside } from '../kit/paths.ts'
import { withBases } from '../source/bases.ts'
import type { Input } from '../source/check.ts'
import { extendsOf, type Base } from '../source/extends.ts'
import { isPreset, noSuchFile, readPreset } from '../source/presets.ts'
import type { KitFile, ProfileInput, ResolvePath, SideInput } from './inputs.ts'

/** The bytes of content that a program may also give as text. */
export function bytesOf(content: Uint8Array | string): Uint8Array {
  return typeof content === 'string' ? utf8Bytes(content) : content
}

/** A program's file, with its text as bytes. */
export function packed({ path, bytes, mode }: KitFile): PackedFile {
  return { path, bytes: bytesOf(bytes), ...(mode === undefined ? {} : { mode }) }
}

/** The name of an input in messages: the program's name for it, else its path, else this one. */
export interface Called {
  readonly name?: string | undefined
  readonly otherwise: string
}

/** Whether a profile is given as an object, which has no lines. */
export function isObject(given: SideInput): boolean {
  return typeof given === 'object' && !(given instanceof Uint8Array) && !Array.isArray(given) && !isFile(given)
}

/** Whether an input is a file: no profile has a key `bytes`. */
export function isFile(given: object): given is KitFile {
  return 'bytes' in given && 'path' in given && typeof given.path === 'string'
}

/** A profile with all that it extends. */
export function givenProfile(
  kit: KitContext,
  profile: ProfileInput,
  called: Called,
  resolve: ResolvePath | undefined,
): Result<Input> {
  const base = baseOf(kit, profile, called)
  return base.ok ? success(followed(kit, base.value, resolve)) : base
}

function baseOf({ presets }: KitContext, given: ProfileInput, { name, otherwise }: Called): Result<Base> {
  const file = name ?? otherwise
  if (isPresetName(given)) return readPreset(presets, given)
  if (typeof given === 'string' || given instanceof Uint8Array) return success({ file, source: bytesOf(given) })
  return success(
    isFile(given) ? { file: name ?? given.path, source: bytesOf(given.bytes) } : { file, source: objectText(given) },
  )
}

function isPresetName(given: ProfileInput): given is string {
  return typeof given === 'string' && /^preset:\S*$/.test(given)
}

/** A profile's object as YAML; throws on values that JSON cannot hold. */
function objectText(profile: object): Uint8Array {
  return utf8Bytes(dump(JSON.parse(JSON.stringify(profile)), { lineWidth: -1, noRefs: true }))
}

/** A profile with its bases. Without `resolve`, it can extend presets only. */
function followed({ presets }: KitContext, input: Base, resolve: ResolvePath | undefined): Input {
  const { base } = extendsOf(input.source, input.file) ?? {}
  if (base !== undefined && !isPreset(base) && resolve === undefined) return input
  return withBases(input, {
    nameOf: (file, path) => (isPreset(path) || isPreset(file) ? path : pathBeside(file, path)),
    identityOf: (file) => file,
    read: (file) => {
      if (isPreset(file)) return readPreset(presets, file)
      const content = resolve?.(file)
      return content === undefined ? failure(noSuchFile(presets, file)) : success({ file, source: bytesOf(content) })
    },
  })
}

/** One side of a comparison: its bytes decide its kind, unless it can only be a profile. */
export function givenSide(
  kit: KitContext,
  side: SideInput,
  called: Called,
  resolve: ResolvePath | undefined,
): Result<Material> {
  if (isFiles(side)) return folderOf(called.name ?? called.otherwise, side)
  const base = baseOf(kit, side, called)
  if (!base.ok) return base
  const { file, source } = base.value
  const found = isObject(side) || isPresetName(side) ? success(profileMaterial(base.value)) : materialOf(file, source)
  return found.ok && found.value.kind === 'profile'
    ? success(profileMaterial(followed(kit, found.value.input, resolve)))
    : found
}

/** The material of several files, as they lie in a folder. */
export function folderOf(folder: string, files: readonly KitFile[]): Result<Material> {
  return folderMaterial(folder, files.map(packed))
}

export function isFiles(given: SideInput): given is readonly KitFile[] {
  return Array.isArray(given)
}

function profileMaterial(input: Input): Material {
  return { kind: 'profile', file: input.file, input }
}
