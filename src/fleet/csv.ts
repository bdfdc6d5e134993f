import Papa from 'papaparse'

/** A record of a CSV file, or the reason why a line is not one. Lines count from one. */
export type CsvRecord =
  | { readonly kind: 'record'; readonly line: number; readonly cells: readonly string[] }
  | { readonly kind: 'broken'; readonly line: number; readonly why: string }

/** Separators that spreadsheets write, by country and taste. */
const SEPARATORS = [',', ';', '\t'] as const
const SEPARATOR_LINE = /^"?sep=([,;\t])"?\n/i
/** The characters that are parsed at once: some thousand records. */
const SLICE = 256 * 1024

/**
 * The records of a CSV text (RFC 4180) one after the other. Its separator is the one that is most frequent in its first line,
 * or the one that Excel's line `sep=;` names. Line ends may differ from line to line, as after edits on two systems. Lines
 * that are empty or hold only separators are left out.
 */
export function* csvRecords(source: string): Generator<CsvRecord, void, undefined> {
  // Papa Parse knows one kind of line end in a text, and takes the others for a part of a cell.
  const text = source.includes('\r') ? source.replace(/\r\n?/g, '\n') : source
  const named = SEPARATOR_LINE.exec(text)
  const delimiter = named?.[1] ?? separatorOf(text)
  let [start, line, length] = named === null ? [0, 1, SLICE] : [named[0].length, 2, SLICE]
  while (start < text.length) {
    const end = endOfLine(text, start + length)
    const { data, errors } = Papa.parse<string[]>(text.slice(start, end), { delimiter, newline: '\n' })
    // A cell may go on in the next line, and so in the next slice.
    if (end < text.length && errors.some(({ code }) => code === 'MissingQuotes')) {
      length *= 2
      continue
    }
    const wrong = new Map(errors.toReversed().map(({ row, code, message }) => [row, WORDS[code] ?? message]))
    // An empty record follows the line end of the last one.
    if (data.at(-1)?.join('|') === '') data.pop()
    for (const [index, cells] of data.entries()) {
      const why = wrong.get(index)
      if (why !== undefined) yield { kind: 'broken', line, why }
      else if (cells.some((cell) => cell.trim() !== '')) yield { kind: 'record', line, cells }
      line += 1
      for (const cell of cells) if (cell.includes('\n')) line += cell.split('\n').length - 1
    }
    ;[start, length] = [end, SLICE]
  }
}

function endOfLine(text: string, from: number): number {
  const end = text.indexOf('\n', from)
  return end === -1 ? text.length : end + 1
}

const WORDS: Readonly<Record<string, string>> = {
  MissingQuotes: 'a quote opens a cell here and none closes it, so that nothing below is read',
  InvalidQuotes:
    'more stands behind the quote that closes a cell, so that what follows may not be read; a quote within a cell is written twice',
}

function separatorOf(text: string): string {
  const [first = ''] = text.slice(0, SLICE).split('\n', 1)
  const count = (separator: string) => first.split(separator).length
  return SEPARATORS.toSorted((one, other) => count(other) - count(one))[0] ?? ','
}
