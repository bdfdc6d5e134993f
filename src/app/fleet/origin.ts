import type { Diagnostic } from '../../core/diagnostic.ts'
import type { Made } from '../../fleet/record.ts'
import type { Holder, KnownZip } from './known-zips.ts'
import type { Row, ZipRun } from './zip-run.ts'

/** The zip that a device gets, from whatever origin. */
export interface Origin {
  readonly diagnostics: readonly Diagnostic[]
  /** `undefined` if something is wrong with the device. */
  readonly made: Made | undefined
  /** Its bytes, if it was just made. */
  readonly bytes: Uint8Array | undefined
  readonly holder: Holder | undefined
}

/** Finds the zip of a row: that of another device with its key, that of its own record, or a new one. */
export async function originOf(run: ZipRun, row: Row, shared: KnownZip | undefined): Promise<Origin> {
  const known = shared ?? ownRecord(run, row)
  return known === undefined ? newOrigin(run, row) : knownOrigin(run, row, known)
}

function ownRecord({ records }: ZipRun, { device, key }: Row): KnownZip | undefined {
  const record = records.of(device.name)
  return record?.key === key ? { made: () => record, clean: record.clean, holder: undefined } : undefined
}

async function newOrigin({ work, known }: ZipRun, { device, location }: Row): Promise<Origin> {
  const { diagnostics, zip } = await work.work(device, location)
  return { diagnostics, made: zip?.made, bytes: zip?.bytes, holder: zip && known.holderOf(zip.made.sha256) }
}

function knownOrigin({ work }: ZipRun, { device, location }: Row, { clean, made, holder }: KnownZip): Origin {
  const found = clean ? undefined : work.check(device, location)
  const isWrong = found?.ok === false
  return { diagnostics: found?.diagnostics ?? [], made: isWrong ? undefined : made(), bytes: undefined, holder }
}
