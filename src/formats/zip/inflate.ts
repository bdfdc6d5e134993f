import { zlibInflate, zlibInflateInit2, ZStream, Z_FINISH, Z_STREAM_END } from 'pako'

/** A window of 32 KiB; a negative number means data without a zlib header, as in zips. */
const RAW = -15

/**
 * Unpacks deflated data that should have `size` bytes, and never more than that. Returns the bytes or the code of the
 * problem: another size, bytes after the end (a hiding place), or damaged data.
 */
export function inflated(data: Uint8Array, size: number): Uint8Array | 'zip/wrong-size' | 'zip/cannot-unpack' {
  const stream = new ZStream()
  // One byte more than needed shows whether the data is longer.
  const output = new Uint8Array(size + 1)
  Object.assign(stream, {
    input: data,
    next_in: 0,
    avail_in: data.length,
    output,
    next_out: 0,
    avail_out: output.length,
  })
  zlibInflateInit2(stream, RAW)
  const status = zlibInflate(stream, Z_FINISH)
  if (stream.total_out > size) return 'zip/wrong-size'
  if (status !== Z_STREAM_END) return 'zip/cannot-unpack'
  return stream.total_out === size && stream.avail_in === 0 ? output.subarray(0, size) : 'zip/wrong-size'
}
