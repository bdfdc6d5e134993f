import type { Location } from '../core/diagnostic.ts'

/** Turns offsets into lines and columns. */
export class LineIndex {
  readonly #text: string
  readonly #file: string
  readonly #starts: readonly number[]
  readonly #ends: readonly number[]

  constructor(text: string, file: string) {
    this.#text = text
    this.#file = file
    const breaks = [...text.matchAll(/\r\n?|\n/g)]
    this.#starts = [0, ...breaks.map(({ index, 0: end }) => index + end.length)]
    this.#ends = [...breaks.map(({ index }) => index), text.length]
  }

  lineOf(offset: number): number {
    return this.#indexOf(offset) + 1
  }

  at(offset: number): Location {
    const index = this.#indexOf(offset)
    const start = this.#starts[index] as number
    const source = this.#text.slice(start, this.#ends[index])
    return { file: this.#file, line: index + 1, column: offset - start + 1, source }
  }

  /** The place of a line, counted from 0. */
  line(index: number): Location {
    return this.at(this.#starts[index] ?? 0)
  }

  #indexOf(offset: number): number {
    let low = 0
    let high = this.#starts.length - 1
    while (low < high) {
      const middle = Math.ceil((low + high) / 2)
      if ((this.#starts[middle] as number) <= offset) low = middle
      else high = middle - 1
    }
    return low
  }
}
