import { crc32, deflateRawSync } from 'node:zlib'

/** A file of a zip that a test builds byte by byte; an absent field is correct. */
export interface ZipPart {
  readonly name: string | Buffer
  readonly data?: Uint8Array
  readonly deflate?: boolean
  /** The Unix st_mode; 0 for none. */
  readonly mode?: number
  /** False values in the list of files and in the file's own header. */
  readonly method?: number
  readonly flags?: number
  readonly size?: number
  readonly crc?: number
  readonly extra?: Buffer
  /** False values in the file's own header only. */
  readonly local?: {
    readonly name?: string
    readonly method?: number
    readonly size?: number
    readonly crc?: number
    readonly flags?: number
    readonly extra?: Buffer
  }
  /** Sizes and checksum follow the data. */
  readonly descriptor?: boolean
  /** Bytes before the file's own header that belong to no file. */
  readonly before?: Buffer
  /** Not in the list of files. */
  readonly unlisted?: boolean
  /** The data of the part with this index instead of its own. */
  readonly sharesDataOf?: number
}

export interface ZipWhole {
  readonly count?: number
  readonly comment?: Buffer
  readonly zip64?: boolean
  /** Between the list of files and the end. */
  readonly tail?: Buffer
  readonly diskNumber?: number
}

/** Builds a zip from its parts (APPNOTE.TXT 6.3.10, 4.3), whether they are valid or not. */
export function zipOf(parts: readonly ZipPart[], whole: ZipWhole = {}): Buffer {
  const chunks: Buffer[] = []
  const list: Buffer[] = []
  const offsets: number[] = []
  let at = 0
  const put = (...buffers: readonly Buffer[]) => {
    for (const buffer of buffers) {
      chunks.push(buffer)
      at += buffer.length
    }
  }
  for (const part of parts) {
    if (part.before !== undefined) put(part.before)
    const content = part.data ?? Buffer.from('content')
    const data = part.deflate === true ? deflateRawSync(content) : Buffer.from(content)
    const method = part.method ?? (part.deflate === true ? 8 : 0)
    const flags = part.flags ?? (part.descriptor === true ? 8 : 0)
    const [crc, size] = [part.crc ?? crc32(content), part.size ?? content.length]
    const name = Buffer.from(part.name)
    const own = Buffer.from(part.local?.name ?? name)
    const extra = part.local?.extra ?? Buffer.alloc(0)
    const later = part.descriptor === true
    offsets.push(at)
    if (part.sharesDataOf === undefined) {
      put(
        numbers(
          [4, 0x04034b50],
          [2, 20],
          [2, part.local?.flags ?? flags],
          [2, part.local?.method ?? method],
          [2, 0],
          [2, 33],
        ),
        numbers(
          [4, later ? 0 : (part.local?.crc ?? crc)],
          [4, later ? 0 : data.length],
          [4, later ? 0 : (part.local?.size ?? size)],
        ),
        numbers([2, own.length], [2, extra.length]),
        own,
        extra,
        data,
      )
      if (later) put(numbers([4, 0x08074b50], [4, crc], [4, data.length], [4, size]))
    }
    if (part.unlisted === true) continue
    const start = offsets[part.sharesDataOf ?? offsets.length - 1] ?? 0
    const more = part.extra ?? Buffer.alloc(0)
    list.push(
      numbers([4, 0x02014b50], [2, (3 << 8) | 20], [2, 20], [2, flags], [2, method], [2, 0], [2, 33]),
      numbers([4, crc], [4, data.length], [4, size], [2, name.length], [2, more.length], [2, 0], [2, 0], [2, 0]),
      numbers([4, ((part.mode ?? 0o100644) * 0x10000) >>> 0], [4, start]),
      name,
      more,
    )
  }
  const count = whole.count ?? parts.filter(({ unlisted }) => unlisted !== true).length
  const [start, bytes] = [at, Buffer.concat(list).length]
  put(...list)
  if (whole.tail !== undefined) put(whole.tail)
  if (whole.zip64 === true) {
    const record = at
    put(
      numbers(
        [4, 0x06064b50],
        [8, 44],
        [2, 45],
        [2, 45],
        [4, 0],
        [4, 0],
        [8, count],
        [8, count],
        [8, bytes],
        [8, start],
      ),
      numbers([4, 0x07064b50], [4, 0], [8, record], [4, 1]),
    )
  }
  const comment = whole.comment ?? Buffer.alloc(0)
  const [few, from] = whole.zip64 === true ? [0xffff, 0xffff_ffff] : [count, start]
  put(
    numbers([4, 0x06054b50], [2, whole.diskNumber ?? 0], [2, 0], [2, few], [2, few], [4, bytes], [4, from]),
    numbers([2, comment.length]),
    comment,
  )
  return Buffer.concat(chunks)
}

/** Little-endian numbers, each after its width in bytes. */
function numbers(...fields: readonly (readonly [2 | 4 | 8, number])[]): Buffer {
  return Buffer.concat(
    fields.map(([width, value]) => {
      const field = Buffer.alloc(width)
      if (width === 8) field.writeBigUInt64LE(BigInt(value))
      else field.writeUIntLE(value, 0, width)
      return field
    }),
  )
}

/** An extra field. */
export function extraField(id: number, data: Buffer): Buffer {
  return Buffer.concat([numbers([2, id], [2, data.length]), data])
}

/** Info-ZIP's Unicode Path (0x7075): another name for the file. */
export function unicodePath(plain: string, name: string): Buffer {
  return extraField(0x7075, Buffer.concat([Buffer.from([1]), numbers([4, crc32(plain)]), Buffer.from(name)]))
}
