/**
 * The bytes of a registry hive (a file such as Windows\System32\config\SYSTEM) that holds one chain of empty keys:
 * `hive('ControlSet001', 'Services')` has ControlSet001 below its root and Services below that.
 *
 * Written after the regf format as Maxim Suhanov describes it (github.com/msuhanov/regf): a base block of 4096 bytes, then
 * one hive bin of 4096 bytes with cells. A cell begins with its size, negative when it is in use; offsets count from the
 * first hive bin; all numbers are little-endian.
 */
export function hive(...path: readonly string[]): Uint8Array {
  const file = Buffer.alloc(2 * BLOCK)
  const bin = file.subarray(BLOCK)
  bin.write('hbin')
  bin.writeUInt32LE(BLOCK, 8)

  let end = BIN_HEADER
  function cell(content: Buffer): number {
    const offset = end
    const size = Math.ceil((4 + content.length) / 8) * 8
    bin.writeInt32LE(-size, offset)
    content.copy(bin, offset + 4)
    end += size
    return offset
  }

  // Keys point to their parent and to the list of their subkeys, so the offsets of the cells come before their
  // contents.
  const security = cell(securityCell(BIN_HEADER, path.length + 1))
  const keys = ['ROOT', ...path].map((name) => ({ name, offset: cell(Buffer.alloc(NK_HEADER + name.length)) }))
  keys.forEach(({ name, offset }, depth) => {
    const child = keys[depth + 1]
    const nk = bin.subarray(offset + 4)
    nk.write('nk')
    nk.writeUInt16LE(depth === 0 ? ROOT | UNDELETABLE | ASCII_NAME : ASCII_NAME, 2)
    nk.writeUInt32LE(keys[depth - 1]?.offset ?? NOWHERE, 16)
    nk.writeUInt32LE(child === undefined ? 0 : 1, 20)
    nk.writeUInt32LE(child === undefined ? NOWHERE : cell(subkeyList(child)), 28)
    nk.writeUInt32LE(NOWHERE, 32) // volatile subkeys
    nk.writeUInt32LE(NOWHERE, 40) // values
    nk.writeUInt32LE(security, 44)
    nk.writeUInt32LE(NOWHERE, 48) // class name
    nk.writeUInt32LE((child?.name.length ?? 0) * 2, 52)
    nk.writeUInt16LE(name.length, 72)
    nk.write(name, NK_HEADER, 'latin1')
  })
  bin.writeInt32LE(BLOCK - end, end) // the rest is free

  file.write('regf')
  file.writeUInt32LE(1, 4) // two equal sequence numbers: nothing is pending in a log
  file.writeUInt32LE(1, 8)
  file.writeUInt32LE(1, 20) // version 1.5
  file.writeUInt32LE(5, 24)
  file.writeUInt32LE(1, 32) // loaded directly
  file.writeUInt32LE(keys[0]?.offset ?? NOWHERE, 36)
  file.writeUInt32LE(BLOCK, 40)
  file.writeUInt32LE(1, 44)
  file.writeUInt32LE(checksum(file), 508)
  return file
}

const BLOCK = 4096
const BIN_HEADER = 32
const NK_HEADER = 76
const NOWHERE = 0xffff_ffff
const ROOT = 0x04
const UNDELETABLE = 0x08
const ASCII_NAME = 0x20

/** An empty security descriptor. A hive needs at least one; the list of these cells is a ring, here of one. */
function securityCell(itself: number, users: number): Buffer {
  const descriptor = Buffer.from([1, 0, 0, 0x80, ...Buffer.alloc(16)])
  const sk = Buffer.alloc(20)
  sk.write('sk')
  sk.writeUInt32LE(itself, 4)
  sk.writeUInt32LE(itself, 8)
  sk.writeUInt32LE(users, 12)
  sk.writeUInt32LE(descriptor.length, 16)
  return Buffer.concat([sk, descriptor])
}

/** A fast leaf with one key: its offset and the first four letters of its name. */
function subkeyList({ name, offset }: { readonly name: string; readonly offset: number }): Buffer {
  const lf = Buffer.alloc(12)
  lf.write('lf')
  lf.writeUInt16LE(1, 2)
  lf.writeUInt32LE(offset, 4)
  lf.write(name.slice(0, 4), 8, 'latin1')
  return lf
}

/** The exclusive-or of all numbers before it. */
function checksum(base: Buffer): number {
  let sum = 0
  for (let at = 0; at < 508; at += 4) sum ^= base.readInt32LE(at)
  return sum === 0 ? 1 : sum === -1 ? 0xffff_fffe : sum >>> 0
}
