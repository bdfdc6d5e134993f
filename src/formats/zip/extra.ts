/** An extra field of a zip's header (APPNOTE 4.5): its number and its data. */
export interface ExtraField {
  readonly id: number
  readonly data: Uint8Array
}

/** A field begins with its number and length; fewer bytes at the end are padding, as some packers leave. */
const HEADER = 4

/** The extra fields of a header; `undefined` if one claims more bytes than there are. */
export function extraFields(extra: Uint8Array): readonly ExtraField[] | undefined {
  const view = new DataView(extra.buffer, extra.byteOffset, extra.byteLength)
  const fields: ExtraField[] = []
  for (let at = 0; at + HEADER <= extra.length;) {
    const end = at + HEADER + view.getUint16(at + 2, true)
    if (end > extra.length) return undefined
    fields.push({ id: view.getUint16(at, true), data: extra.subarray(at + HEADER, end) })
    at = end
  }
  return fields
}
