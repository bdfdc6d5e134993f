import type { Row } from './measure.ts'

/** The result of a run of the benchmark, with date and machine. */
export interface Result {
  readonly date: string
  readonly machine: string
  readonly rows: readonly Row[]
}

/** Whether a row meets its limit; `undefined` if it has none. */
export function met({ ratio, value, bar }: Row): boolean | undefined {
  return bar === undefined ? undefined : (ratio ?? value) <= bar
}

/** The cells of a row: subject, median, ratio, comparison, limit. */
export function cells(row: Row): readonly string[] {
  const { what, value, unit, ratio, against, bar } = row
  const kept = met(row)
  return [
    what,
    `${value < 1_000 ? value.toFixed(value < 100 ? 1 : 0) : Math.round(value)} ${unit}`,
    ratio === undefined ? '' : ratioText(ratio),
    against ?? '',
    bar === undefined ? '' : `${bar}${kept === true ? '' : ' (missed)'}`,
  ]
}

/** A limit of 0.08 needs more digits than one of 6. */
function ratioText(ratio: number): string {
  return ratio.toFixed(ratio < 0.1 ? 3 : 2)
}

/** The table for docs/speed.md. */
export function resultTable({ date, machine, rows }: Result): string {
  const lines = rows.map((row) => `| ${cells(row).join(' | ')} |`)
  return [
    `Measured on ${date}, on ${machine}; files in memory, medians.`,
    '',
    '| what | median | times | of | at most |',
    '| --- | ---: | ---: | --- | --- |',
    ...lines,
  ].join('\n')
}

const [WIDTH, LINE, LEFT, RIGHT] = [960, 26, 430, 40]
/** The axis reaches from a hundredth to ten, with equal width for each power of ten. */
const [LEAST, MOST] = [0.01, 10]

/** The ratios and their bars as a drawing. */
export function resultPlot({ date, machine, rows }: Result): string {
  const shown = rows.filter(({ ratio }) => ratio !== undefined)
  const place = (ratio: number): string => {
    const part = Math.log(Math.min(Math.max(ratio, LEAST), MOST) / LEAST) / Math.log(MOST / LEAST)
    return (LEFT + part * (WIDTH - LEFT - RIGHT)).toFixed(1)
  }
  const height = LINE * (shown.length + 3)
  const lines = shown.flatMap((row, index) => {
    const { what, against = '', ratio = 0, bar } = row
    const top = LINE * (index + 2)
    const width = (Number(place(ratio)) - LEFT).toFixed(1)
    return [
      `<text x="${LEFT - 8}" y="${top + 13}" text-anchor="end">${escaped(`${what} / ${short(against)}`)}</text>`,
      `<rect x="${LEFT}" y="${top + 2}" width="${width}" height="15" class="${met(row) === false ? 'missed' : 'kept'}"/>`,
      `<text x="${Number(place(ratio)) + 5}" y="${top + 13}">${ratioText(ratio)}</text>`,
      ...(bar === undefined ? [] : [`<path d="M${place(bar)} ${top - 1}v21" class="bar"/>`]),
    ]
  })
  const marks = [0.01, 0.1, 1, 10].map(
    (ratio) =>
      `<path d="M${place(ratio)} ${LINE * 2 - 8}V${height - LINE}" class="mark"/><text x="${place(ratio)}" y="${height - 8}" text-anchor="middle">${ratio}</text>`,
  )
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}">
<title>How long the kit takes, as a ratio</title>
<style>
text { font: 12px system-ui, sans-serif; fill: #222 }
.kept { fill: #4a7ebb } .missed { fill: #c0504d } .bar { stroke: #222; stroke-width: 2 } .mark { stroke: #8888 }
@media (prefers-color-scheme: dark) { text { fill: #ddd } .bar { stroke: #ddd } }
</style>
<text x="8" y="18">${escaped(`Ratios of medians, ${date}, ${machine}. A stroke marks the limit of a ratio; red exceeds it.`)}</text>
${[...marks, ...lines].join('\n')}
</svg>
`
}

/** Text in brackets explains, and has no room. */
function short(text: string): string {
  return text.replace(/ \(.*|, which.*/, '')
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
}
