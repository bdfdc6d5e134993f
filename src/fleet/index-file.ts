/** A device as the index has it. */
export interface Indexed {
  readonly device: string
  /** The digest of its zip. */
  readonly sha256: string
  /** The folder that its zip unpacks into: that of its settings, which devices with equal settings share. */
  readonly folder: string
}

const HEADER = 'device,zip,sha256,folder'

/**
 * The index of a fleet, line by line: which device takes which zip, and which zips are the same. The devices are sorted by
 * name already; no name needs quotes.
 */
export function* indexLines(sorted: Iterable<Indexed>): Generator<string> {
  yield `${HEADER}\n`
  for (const { device, sha256, folder } of sorted) yield `${device},${zipName(device)},${sha256},${folder}\n`
}

/** Reads an index; `undefined` for a text that the kit did not write. */
export function readIndex(text: string): readonly Indexed[] | undefined {
  const [header, ...lines] = text.split('\n')
  if (header !== HEADER || lines.pop() !== '') return undefined
  const devices: Indexed[] = []
  for (const line of lines) {
    const [, device, zip, sha256, folder] = LINE.exec(line) ?? []
    if (device === undefined || sha256 === undefined || folder === undefined || zip !== zipName(device))
      return undefined
    devices.push({ device, sha256, folder })
  }
  return devices
}

const LINE = /^([A-Za-z0-9][A-Za-z0-9._-]{0,62}),([A-Za-z0-9._-]+),([0-9a-f]{64}),([a-z][a-z0-9-]{0,62}-[0-9a-f]{12})$/

/** The file name of a device's zip. */
export function zipName(device: string): string {
  return `${device}.zip`
}
