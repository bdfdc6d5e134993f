import type { RenderTemplate } from '../core/render.ts'
import type { Registry } from '../core/target.ts'
import { timingOf } from '../review/compare/consequences.ts'
import { timelineSvg } from '../review/page/drawing.ts'

/** The width of the picture and the margin of the drawing, in CSS pixels: about the width of a page on GitHub. */
const WIDTH = 830
const MARGIN = { side: 24, above: 44, below: 14 }

const TITLE = 'When Windows notices a dead peer'
const HEADING = 'A controller loses power at 0, with nothing in flight. When does Windows notice?'

/** The rules of a page's style sheet for colours and timelines, without those for print and telephones. */
const STYLES =
  /^(?::root|@media \((?:prefers-color-scheme|forced-colors)|\.(?:old|new|timeline)\b)[^\n]*(?:\{\n[^]*?^\}|\})$/gm

/**
 * The picture of README.md as a file of its own: the default of Windows beside 20 s and 5 s, drawn as on a page. It has
 * its own background, so that it is readable on a page in other colours than those of the system.
 */
export function timelinePicture(render: RenderTemplate, registry: Registry): string {
  const target = registry.get('windows')
  if (target === undefined) throw new Error('bug: no target windows')
  const drawing = timelineSvg(render, [
    { kind: 'old', label: 'Windows as installed', timing: timingOf(target, {}) },
    { kind: 'new', label: 'idle: 20s, interval: 5s', timing: timingOf(target, { idle: '20s', interval: '5s' }) },
  ])
  const [, drawn] = /height="(\d+)"/.exec(drawing) ?? []
  const facts = /<desc>([^<]*)<\/desc>/.exec(drawing)?.[1]
  if (drawn === undefined || facts === undefined) throw new Error('bug: a timeline without height or description')
  const height = MARGIN.above + Number(drawn) + MARGIN.below
  const styles = render('page/page.css', {}).match(STYLES) ?? []
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" role="img">
<title>${TITLE}</title>
<desc>${facts}</desc>
<style>
${styles.join('\n')}
text { font-family: system-ui, "Segoe UI", sans-serif; }
.ground { fill: var(--ground); stroke: var(--rule); }
.heading { fill: var(--text); font-size: 15px; font-weight: 600; }
</style>
<rect class="ground" x=".5" y=".5" width="${WIDTH - 1}" height="${height - 1}" rx="6"/>
<text class="heading" x="${MARGIN.side}" y="28">${HEADING}</text>
<svg x="${MARGIN.side}" y="${MARGIN.above}" width="${WIDTH - 2 * MARGIN.side}" height="${drawn}" overflow="visible">
${drawing.replace(/<title>[^]*?<\/desc>/, '').trim()}
</svg>
</svg>
`
}
