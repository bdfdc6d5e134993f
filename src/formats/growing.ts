// A JavaScript array takes eight bytes an element; lines of megabytes, collected byte by byte, need these instead.

/** Bytes, collected one by one. */
export class GrowingBytes {
  #room = new Uint8Array(32)
  #length = 0

  push(byte: number): void {
    if (this.#length === this.#room.length) {
      const room = new Uint8Array(this.#length * 2)
      room.set(this.#room)
      this.#room = room
    }
    this.#room[this.#length] = byte
    this.#length += 1
  }

  /** All bytes so far, followed by `zeros` zero bytes. */
  bytes(zeros = 0): Uint8Array {
    const all = new Uint8Array(this.#length + zeros)
    all.set(this.#room.subarray(0, this.#length))
    return all
  }
}

/** The number of pieces kept before they are joined. */
const PIECES = 4096

/** A text, collected in pieces. */
export class GrowingText {
  readonly #joined: string[] = []
  #pieces: string[] = []

  push(piece: string): void {
    this.#pieces.push(piece)
    if (this.#pieces.length < PIECES) return
    this.#joined.push(this.#pieces.join(''))
    this.#pieces = []
  }

  text(): string {
    return this.#joined.join('') + this.#pieces.join('')
  }
}
