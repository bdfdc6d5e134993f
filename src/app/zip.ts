import type { Bundle } from '../core/bundle.ts'
import type { Sums } from '../core/render-cache.ts'
import { storedZip } from '../core/zip.ts'
import { archive } from '../io/archive.ts'

/** A bundle as a zip. With `compress`, its bytes depend on the zlib of the running Node; `sums` are those of {@link storedZip}. */
export function zipOf(bundle: Bundle, compress: boolean, sums: Sums): Promise<Uint8Array> | Uint8Array {
  return compress ? archive(bundle, true) : storedZip(bundle, sums)
}
