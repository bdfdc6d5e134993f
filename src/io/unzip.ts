import { crc32, inflateRawSync } from 'node:zlib'
import { fromBufferPromise, type Entry, type LocalFileHeader, type ZipFile } from 'yauzl'
import { isError, problem, type Code, type DataOf, type Diagnostic } from '../core/diagnostic.ts'
import { MOST } from './outputs.ts'
import { duplicates, hiddenBytes, nameProblem, overlaps, unicodeName, type Region } from './unzip-checks.ts'

/** A file in a zip. */
export interface Unzipped {
  /** As it is written in the zip; not UTF-8 where that is, it is shown byte by byte. */
  readonly path: string
  /** Unix permission bits; `undefined` where the packer stored none. */
  readonly mode: number | undefined
  /** 0 stored, 8 deflated. */
  readonly method: number
  /** In bytes. */
  readonly compressedSize: number
  readonly bytes: Uint8Array
}

export interface UnzipReport {
  /** The files, in the order of the zip's list; none when there is an error. */
  readonly entries: readonly Unzipped[]
  readonly diagnostics: readonly Diagnostic[]
}

/** How much a zip may hold. */
type Limits = Readonly<Record<keyof typeof MOST, number>>

type Report = <C extends Code>(code: C, data: DataOf<C>) => void

/**
 * Reads a zip. It believes nothing: sizes, checksums, names and both headers of every file must agree, every byte must
 * belong to something, and not more than `most` is unpacked, in memory. `file` is what messages call it.
 */
export async function unzip(bytes: Uint8Array, file: string, most: Limits = MOST): Promise<UnzipReport> {
  const diagnostics: Diagnostic[] = []
  const report: Report = (code, data) => void diagnostics.push(problem(code, data, { location: { file } }))
  const entries: Unzipped[] = []
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  try {
    if (bytes.length > most.bytes) report('zip/too-large', { max: most.bytes })
    else entries.push(...(await readZip(buffer, most, report)))
  } catch (error) {
    // yauzl throws for what it cannot read, and for that only: its files are bytes in memory.
    const { message } = error as Error
    reportUnreadable(buffer, message, report)
  }
  const sound = !diagnostics.some(isError)
  return { entries: sound ? entries : [], diagnostics }
}

function reportUnreadable(bytes: Buffer, reason: string, report: Report): void {
  if (reason.startsWith('strong encryption')) report('zip/encrypted', { entry: 'a file' })
  else if (!reason.startsWith('End of central directory record signature not found'))
    report('zip/damaged', { reason: reason.replace(/\. .*/, '') })
  else if (bytes.length >= 4 && bytes.readUInt32LE(0) === LOCAL_HEADER) report('zip/truncated', {})
  else report('zip/not-a-zip', { empty: bytes.length === 0 })
}
const LOCAL_HEADER = 0x04034b50

async function readZip(bytes: Buffer, most: Limits, report: Report): Promise<readonly Unzipped[]> {
  const zip = await fromBufferPromise(bytes, { decodeStrings: false })
  if (zip.entryCount > most.files) {
    report('zip/too-many-entries', { max: most.files })
    return []
  }
  // yauzl's types call the place of the next entry a boolean.
  const listStart = zip.readEntryCursor as unknown as number
  const listed: Entry[] = []
  for await (const entry of zip.eachEntry()) listed.push(entry)
  const listEnd = zip.readEntryCursor as unknown as number

  const total = listed.reduce((sum, { uncompressedSize }) => sum + uncompressedSize, 0)
  if (total > most.bytes) {
    report('zip/too-large', { max: most.bytes })
    return []
  }
  const names = listed.map(({ fileNameRaw }) => nameText(fileNameRaw))
  for (const [entry, first] of duplicates(names)) report('zip/duplicate-entry', { entry, first })
  const folders = names.filter((_, i) => isFolder(listed[i] as Entry, names[i] as string))
  if (folders.length > 0) report('zip/folder', { entries: folders })

  const read: Unzipped[] = []
  const regions: Region[] = []
  for (const [i, entry] of listed.entries()) {
    const name = names[i] as string
    const header = await zip.readLocalFileHeaderPromise(entry)
    regions.push(regionOf(entry, header, name))
    const content = readEntry(bytes, entry, header, name, report)
    if (content !== undefined && !folders.includes(name)) read.push(content)
  }
  for (const entry of overlaps(regions)) report('zip/overlap', { entry })
  for (const hidden of hiddenBytes(regions, { listStart, listEnd, end: endOf(bytes, zip) }))
    report('zip/hidden-bytes', hidden)
  return read
}

/** Where the record at the end of the zip begins: 22 bytes and a comment. */
function endOf(bytes: Buffer, { comment }: ZipFile): number {
  return bytes.length - 22 - comment.length
}

function regionOf(entry: Entry, header: LocalFileHeader, name: string): Region {
  const start = entry.relativeOffsetOfLocalHeader
  const end = header.fileDataStart + entry.compressedSize
  return { name, start, end, descriptor: (entry.generalPurposeBitFlag & HAS_DESCRIPTOR) !== 0 }
}
const HAS_DESCRIPTOR = 0x8

/** A name byte by byte where it is not UTF-8, so that two names stay two. */
function nameText(raw: Buffer): string {
  const text = raw.toString('utf8')
  return text.includes('\ufffd') ? raw.toString('latin1') : text
}

/** The upper half of the external attributes is what Unix calls st_mode, whatever system the packer says it ran on. */
function unixMode({ externalFileAttributes }: Entry): number {
  return externalFileAttributes >>> 16
}
const [TYPE, LINK, FOLDER, REGULAR] = [0o170000, 0o120000, 0o040000, 0o100000]

function isFolder(entry: Entry, name: string): boolean {
  return (name.endsWith('/') || (unixMode(entry) & TYPE) === FOLDER) && entry.uncompressedSize === 0
}

/** One file, or `undefined` and a report of why not. */
function readEntry(
  bytes: Buffer,
  entry: Entry,
  header: LocalFileHeader,
  name: string,
  report: Report,
): Unzipped | undefined {
  const { compressionMethod: method, compressedSize } = entry
  const mode = unixMode(entry)
  const wrong = nameProblem(name, isFolder(entry, name))
  if (wrong !== undefined) report(wrong.escapes ? 'zip/entry-escapes' : 'zip/bad-name', { entry: name, why: wrong.why })
  const what = headerDifference(entry, header)
  if (what !== undefined) report('zip/headers-differ', { entry: name, what })
  if ((mode & TYPE) === LINK) report('zip/link', { entry: name })
  else if (![0, REGULAR, FOLDER].includes(mode & TYPE)) report('zip/special-file', { entry: name })
  if (entry.isEncrypted()) report('zip/encrypted', { entry: name })
  else if (method !== 0 && method !== 8) report('zip/unknown-method', { entry: name, method })
  else {
    const content = unpack(bytes.subarray(header.fileDataStart, header.fileDataStart + compressedSize), entry)
    if (typeof content === 'string') report(content, { entry: name, size: entry.uncompressedSize })
    else return { path: name, mode: mode === 0 ? undefined : mode & 0o7777, method, compressedSize, bytes: content }
  }
  return undefined
}

/** What a file's own header says otherwise than the list of files does. */
function headerDifference(entry: Entry, header: LocalFileHeader): string | undefined {
  const names = [header.fileName, unicodeName(entry.extraFieldRaw), unicodeName(header.extraField)]
  if (names.some((name) => name !== undefined && !entry.fileNameRaw.equals(name))) return 'name'
  if (entry.compressionMethod !== header.compressionMethod) return 'method of compression'
  if (entry.generalPurposeBitFlag !== header.generalPurposeBitFlag) return 'set of flags'
  // With a descriptor after the data these are 0 here; in a zip64 the sizes stand elsewhere.
  const later = (entry.generalPurposeBitFlag & HAS_DESCRIPTOR) !== 0
  const same = (own: number, listed: number) => own === listed || (later && own === 0) || own === 0xffff_ffff
  if (!same(header.compressedSize, entry.compressedSize) || !same(header.uncompressedSize, entry.uncompressedSize))
    return 'size'
  return same(header.crc32, entry.crc32) ? undefined : 'checksum'
}

type UnpackProblem = 'zip/wrong-size' | 'zip/wrong-checksum' | 'zip/cannot-unpack'

/** The content of one file, never more of it than it declares, or the code of what is wrong. */
function unpack(data: Buffer, entry: Entry): Buffer | UnpackProblem {
  const inflated = entry.compressionMethod === 0 ? data : inflate(data, entry.uncompressedSize)
  if (typeof inflated === 'string') return inflated
  if (inflated.length !== entry.uncompressedSize) return 'zip/wrong-size'
  return crc32(inflated) === entry.crc32 ? inflated : 'zip/wrong-checksum'
}

function inflate(data: Buffer, size: number): Buffer | UnpackProblem {
  try {
    // With `info`, which the types do not know, the answer is an object that says how much was read.
    const { buffer, engine } = inflateRawSync(data, { maxOutputLength: Math.max(size, 1), info: true }) as unknown as {
      buffer: Buffer
      engine: { bytesWritten: number }
    }
    // Bytes after the end of the compressed data would be a hiding place.
    return engine.bytesWritten === data.length ? buffer : 'zip/wrong-size'
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE' ? 'zip/wrong-size' : 'zip/cannot-unpack'
  }
}
