import { crc32 } from '#checksums'
import { BUNDLE_LIMITS, type Limits } from '../../core/bundle.ts'
import { latin1Text, sameBytes, utf8Text } from '../../core/bytes.ts'
import { problem, type Code, type DataOf, type Diagnostic, type Severity } from '../../core/diagnostic.ts'
import { duplicates, hiddenBytes, nameProblem, overlaps, unicodeName, type Region } from './checks.ts'
import { readDirectory, readLocalHeader, type ListedEntry, type LocalHeader, type Unreadable } from './directory.ts'
import { inflated } from './inflate.ts'

/** A file in a zip. */
export interface Unzipped {
  /** The path as written in the zip; byte by byte if it is not UTF-8. */
  readonly path: string
  /** Unix permission bits; `undefined` if the packer stored none. */
  readonly mode: number | undefined
  /** 0 is stored, 8 deflated. */
  readonly method: number
  /** The size in bytes. */
  readonly compressedSize: number
  readonly bytes: Uint8Array
}

/** The content of a zip, or the diagnostics that refuse it. */
export interface UnzipReport {
  /** The files, in the order of the zip's list; empty if there is an error. */
  readonly entries: readonly Unzipped[]
  readonly diagnostics: readonly Diagnostic[]
}

type Report = <C extends Code>(code: C, data: DataOf<C>, severity?: Severity) => void

/**
 * Reads a zip and trusts none of it: sizes, checksums, names and both headers of every file must agree, every byte must
 * belong to something, and at most `most` is unpacked, in memory. `file` is the name in messages.
 */
export function unzip(bytes: Uint8Array, file: string, most: Limits = BUNDLE_LIMITS): UnzipReport {
  const diagnostics: Diagnostic[] = []
  const report: Report = (code, data, severity = 'error') =>
    void diagnostics.push(problem(code, data, { severity, location: { file } }))
  const entries = readZip(bytes, most, report)
  const sound = diagnostics.every(({ severity }) => severity !== 'error')
  return { entries: sound ? entries : [], diagnostics }
}

function reportUnreadable({ code, reason }: Unreadable, bytes: Uint8Array, most: Limits, report: Report): void {
  switch (code) {
    case 'zip/not-a-zip':
      return report(code, { empty: bytes.length === 0 })
    case 'zip/truncated':
      return report(code, {})
    case 'zip/damaged':
      return report(code, { reason })
    case 'zip/encrypted':
      return report(code, { entry: 'a file' })
    case 'zip/too-many-entries':
      return report(code, { max: most.files })
  }
}

function readZip(bytes: Uint8Array, most: Limits, report: Report): readonly Unzipped[] {
  if (bytes.length > most.bytes) {
    report('zip/too-large', { max: most.bytes })
    return []
  }
  const directory = readDirectory(bytes, most.files)
  if (!directory.ok) {
    reportUnreadable(directory.why, bytes, most, report)
    return []
  }
  const { entries: listed, start, end, recordStart } = directory.value
  const total = listed.reduce((sum, { uncompressedSize }) => sum + uncompressedSize, 0)
  if (total > most.bytes) {
    report('zip/too-large', { max: most.bytes })
    return []
  }
  const names = listed.map(({ name }) => nameText(name))
  for (const [entry, first] of duplicates(names)) report('zip/duplicate-entry', { entry, first })
  const folders = names.filter((name, index) => isFolder(listed[index] as ListedEntry, name))
  if (folders.length > 0) report('zip/folder', { entries: folders }, 'warning')

  const read: Unzipped[] = []
  const regions: Region[] = []
  for (const [index, entry] of listed.entries()) {
    const name = names[index] as string
    const header = readLocalHeader(bytes, entry)
    if (!header.ok) {
      reportUnreadable(header.why, bytes, most, report)
      return []
    }
    regions.push(regionOf(entry, header.value, name))
    const content = readEntry(bytes, entry, header.value, name, report)
    if (content !== undefined && !folders.includes(name)) read.push(content)
  }
  for (const entry of overlaps(regions)) report('zip/overlap', { entry })
  for (const hidden of hiddenBytes(regions, { listStart: start, listEnd: end, end: recordStart }))
    report('zip/hidden-bytes', hidden)
  return read
}

function regionOf(entry: ListedEntry, { dataStart }: LocalHeader, name: string): Region {
  const end = dataStart + entry.compressedSize
  return { name, start: entry.offset, end, descriptor: (entry.flags & HAS_DESCRIPTOR) !== 0 }
}
const ENCRYPTED = 0x1
const HAS_DESCRIPTOR = 0x8

/** A name, byte by byte if it is not UTF-8, so that two names stay different. */
function nameText(raw: Uint8Array): string {
  const text = utf8Text(raw)
  return text.includes('\ufffd') ? latin1Text(raw) : text
}

function unixMode({ attributes }: ListedEntry): number {
  return attributes >>> 16
}
const [TYPE, LINK, FOLDER, REGULAR] = [0o170000, 0o120000, 0o040000, 0o100000]

function isFolder(entry: ListedEntry, name: string): boolean {
  return (name.endsWith('/') || (unixMode(entry) & TYPE) === FOLDER) && entry.uncompressedSize === 0
}

/** One file; `undefined`, with a report of the reason, if it cannot be read. */
function readEntry(
  bytes: Uint8Array,
  entry: ListedEntry,
  header: LocalHeader,
  name: string,
  report: Report,
): Unzipped | undefined {
  const { method, compressedSize } = entry
  const mode = unixMode(entry)
  const wrong = nameProblem(name, isFolder(entry, name))
  if (wrong !== undefined) report(wrong.escapes ? 'zip/entry-escapes' : 'zip/bad-name', { entry: name, why: wrong.why })
  const what = headerDifference(entry, header)
  if (what !== undefined) report('zip/headers-differ', { entry: name, what })
  if ((mode & TYPE) === LINK) report('zip/link', { entry: name })
  else if (![0, REGULAR, FOLDER].includes(mode & TYPE)) report('zip/special-file', { entry: name })
  if ((entry.flags & ENCRYPTED) !== 0) report('zip/encrypted', { entry: name })
  else if (method !== 0 && method !== 8) report('zip/unknown-method', { entry: name, method })
  else {
    const content = unpack(bytes.subarray(header.dataStart, header.dataStart + compressedSize), entry)
    if (typeof content === 'string') report(content, { entry: name, size: entry.uncompressedSize })
    else return { path: name, mode: mode === 0 ? undefined : mode & 0o7777, method, compressedSize, bytes: content }
  }
  return undefined
}

/** The field in which a file's own header differs from the list of files. */
function headerDifference(entry: ListedEntry, header: LocalHeader): string | undefined {
  const names = [header.name, unicodeName(entry.extra), unicodeName(header.extra)]
  if (names.some((name) => name !== undefined && !sameBytes(entry.name, name))) return 'name'
  if (entry.method !== header.method) return 'method of compression'
  if (entry.flags !== header.flags) return 'set of flags'
  // With a data descriptor these fields are 0 here; a zip64 has the sizes in an extra field.
  const later = (entry.flags & HAS_DESCRIPTOR) !== 0
  const same = (own: number, listed: number) => own === listed || (later && own === 0) || own === 0xffff_ffff
  if (!same(header.compressedSize, entry.compressedSize) || !same(header.uncompressedSize, entry.uncompressedSize))
    return 'size'
  return same(header.crc32, entry.crc32) ? undefined : 'checksum'
}

type UnpackProblem = 'zip/wrong-size' | 'zip/wrong-checksum' | 'zip/cannot-unpack'

/** The content of one file, never more than it declares, or the code of the problem. */
function unpack(data: Uint8Array, entry: ListedEntry): Uint8Array | UnpackProblem {
  const content = entry.method === 0 ? data : inflated(data, entry.uncompressedSize)
  if (typeof content === 'string') return content
  if (content.length !== entry.uncompressedSize) return 'zip/wrong-size'
  return crc32(content) === entry.crc32 ? content : 'zip/wrong-checksum'
}
