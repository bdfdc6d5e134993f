import { zlibInflate, zlibInflateInit2, ZStream, Z_FINISH, Z_STREAM_END } from 'pako'

/** A window of 32 KiB; below zero, the data has no header of zlib, as in zips. */
const RAW = -15

/**
 * Unpacks deflated data that should have `size` bytes. It never makes more than that, whatever the data would become.
 * The answer is the bytes, or the code of what is wrong: the data does not have that size, or bytes follow its end (a
 * hiding place), or it is damaged.
 */
export function inflated(data: Uint8Array, size: number): Uint8Array | 'zip/wrong-size' | 'zip/cannot-unpack' {
  const stream = new ZStream()
  // One byte more than it should need: to see that it wants more.
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
