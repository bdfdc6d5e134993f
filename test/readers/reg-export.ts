/** A value as the registry keeps it: its type, and its bytes in hex. */
export type Kept = `${number}:${string}`

/** The content of an export: keys, and below each the values by name. Names are in lower case for comparison. */
export type Exported = ReadonlyMap<string, ReadonlyMap<string, Kept>>

/**
 * Reads output of `reg export` of Wine, and nothing else: UTF-16 with a byte order mark, CRLF, each key once, values in
 * Wine's form. It is written from Wine's output and shares no code with the kit. Throws on anything unexpected.
 */
export function readExport(bytes: Uint8Array): Exported {
  const raw = Buffer.from(bytes)
  if (raw.readUInt16LE(0) !== 0xfeff) throw new Error('no mark of UTF-16LE')
  const [header, ...lines] = raw.subarray(2).toString('utf16le').replaceAll('\\\r\n  ', '').split('\r\n')
  if (header !== 'Windows Registry Editor Version 5.00') throw new Error(`no header: ${header}`)
  const keys = new Map<string, Map<string, Kept>>()
  let key: Map<string, Kept> | undefined
  for (const line of lines) {
    if (line === '') continue
    if (line.startsWith('[') && line.endsWith(']')) {
      key = new Map()
      keys.set(line.slice(1, -1).toLowerCase(), key)
      continue
    }
    const [, quoted, data] = /^(?:@|"((?:[^"\\]|\\["\\nr])*)")=(.*)$/s.exec(line) ?? []
    if (key === undefined || data === undefined) throw new Error(`unexpected ${JSON.stringify(line)}`)
    key.set(unescaped(quoted ?? '').toLowerCase(), readKept(data))
  }
  return keys
}

function readKept(data: string): Kept {
  const [, text] = /^"((?:[^"\\]|\\["\\nr])*)"$/s.exec(data) ?? []
  if (text !== undefined) return kept(1, Buffer.from(`${unescaped(text)}\0`, 'utf16le'))
  const [, number] = /^dword:([0-9a-f]{8})$/.exec(data) ?? []
  if (number !== undefined) return kept(4, Buffer.from(number, 'hex').toReversed())
  const [, type, bytes] = /^hex(?:\(([0-9a-f]+)\))?:((?:[0-9a-f]{2}(?:,(?!$))?)*)$/.exec(data) ?? []
  if (bytes === undefined) throw new Error(`unexpected data ${JSON.stringify(data)}`)
  return kept(type === undefined ? 3 : Number.parseInt(type, 16), Buffer.from(bytes.replaceAll(',', ''), 'hex'))
}

/** A value in the form in which values are compared. */
export function kept(type: number, bytes: Uint8Array): Kept {
  return `${type}:${Buffer.from(bytes).toString('hex')}`
}

function unescaped(text: string): string {
  return text.replace(/\\(.)/g, (_, character: string) => ({ n: '\n', r: '\r' })[character] ?? character)
}
