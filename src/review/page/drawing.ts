import { durationText } from '../../core/duration.ts'
import type { RenderTemplate } from '../../core/render.ts'
import { dropTime, probesText, timeline, timingSentence, type TimelineLine, type TimelineState } from './timeline.ts'

// Heights and baselines are in CSS pixels; places along the axis are in thousandths of the width, whatever it is.
const ROW = 54
const LABEL_Y = 13
const LINE_Y = 27
const NOTE_Y = 45
const TICK_ROW = 15
/** A character's share of the narrowest drawing, that of a telephone: about 6 of 300 pixels. */
const CHARACTER = 20

/** The drawing as SVG for use in a page, whose style sheet colours it; `''` without a state. */
export function timelineSvg(render: RenderTemplate, states: readonly TimelineState[]): string {
  return states.length === 0 ? '' : render('page/timeline.svg', timelineView(states))
}

/** The data for the template of a drawing. */
function timelineView(states: readonly TimelineState[]): object {
  const { toScale, ticks, breaks, lines } = timeline(states)
  const axis = lines.length * ROW + 6
  const placed = withRows(ticks)
  const rows = Math.max(...placed.map(({ row }) => row)) + 1
  const title = axis + 6 + (rows + 1) * TICK_ROW
  return {
    height: title + 6,
    facts: states.map(timingSentence).join(' '),
    axis: [
      `M0 ${axis}H1000`,
      ...placed.map(({ at, row }) => `M${at} ${axis}v${5 + row * TICK_ROW}`),
      ...breaks.flatMap((at) => [`M${at - 8} ${axis + 6}l6-12`, `M${at + 2} ${axis + 6}l6-12`]),
    ].join(''),
    ticks: placed.map(({ at, row, label, anchor }) => ({
      x: percent(at),
      y: axis + 3 + (row + 1) * TICK_ROW,
      label,
      anchor,
    })),
    title: { y: title, text: `time since the last data${toScale ? '' : ', not to scale'}` },
    lines: lines.map(lineView),
  }
}

/** The style sheet's name for a text with its start, end or middle at its place. */
type Anchor = 'start' | 'middle' | 'end'

/** Puts each label in the first row where it does not run into another one, even on a telephone. */
function withRows(ticks: readonly { readonly at: number; readonly label: string }[]) {
  const ends: number[] = []
  return ticks.map(({ at, label }) => {
    const width = widthOf(label)
    const anchor: Anchor = at < width / 2 ? 'start' : at + width / 2 > 1000 ? 'end' : 'middle'
    const from = at - { start: 0, middle: width / 2, end: width }[anchor]
    const free = ends.findIndex((end) => end < from)
    const row = free === -1 ? ends.length : free
    ends[row] = from + width + CHARACTER
    return { at, label, anchor, row }
  })
}

function lineView({ state, firstProbe, probes, end, dropped }: TimelineLine, index: number): object {
  const { kind, label, timing } = state
  const top = index * ROW
  const y = top + LINE_Y
  const drop = dropTime(timing)
  const dropText = drop === undefined ? 'drop time not known' : `drop ${durationText(drop)}`
  const note = probesText(timing.probes, timing.interval)
  const fits = firstProbe + widthOf(note) <= 1000
  return {
    kind,
    path: [`M0 ${y}H${end}`, ...(probes ?? []).map((at) => `M${at} ${y - 7}v14`)].join(''),
    bands: probes === undefined ? [{ kind, path: `M${firstProbe} ${y - 6}H${end}v12H${firstProbe}z` }] : [],
    label: `${label}: first probe ${durationText(timing.idle)}, ${dropText}`,
    labelY: top + LABEL_Y,
    note,
    noteX: percent(fits ? firstProbe : Math.max(end, widthOf(note))),
    noteY: top + NOTE_Y,
    noteAnchor: fits ? 'start' : 'end',
    end: percent(end),
    // The mark of a drop, or of probes that go on; its label is at the middle of the line.
    mark: dropped ? '×' : '…',
    markY: y + (dropped ? 7 : 3),
  }
}

/** The approximate width of a text on a telephone. */
function widthOf(text: string): number {
  return Math.min(text.length * CHARACTER, 1000)
}

function percent(thousandths: number): string {
  return `${thousandths / 10}%`
}
