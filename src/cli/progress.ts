import type { SingleBar } from 'cli-progress'
import type { Progress } from '../app/events.ts'
import type { Shell } from './shell.ts'

/** A shorter run is over before a person has read the line. */
const WORTH_SHOWING_MS = 1_000
/** The number of plain lines where nobody watches a bar: a log keeps every one of them. */
const LINES = 10
/** With fewer steps, each step would be a line. */
const WORTH_LINES = 100

/** The words for each kind of work. */
const WORDS: Readonly<Record<Progress['work'], string>> = {
  generate: 'planning',
  bundle: 'bundling',
  verify: 'verifying',
  fleet: 'fleet',
}

/** Progress on the screen. */
export interface ShownProgress {
  readonly step: (progress: Progress) => void
  /** Removes it from the screen. */
  readonly stop: () => void
}

/**
 * Shows the progress of a run: on a terminal as a bar that disappears at the end; elsewhere, as in CI, as a line for
 * every tenth of a fleet if `lines` are wanted. A run of less than a second shows nothing.
 */
export function startProgress(
  shell: Shell,
  { quiet, lines }: { readonly quiet: boolean; readonly lines: boolean },
): ShownProgress {
  let began: number | undefined
  let bar: Bar | undefined
  let told = 0
  const stop = () => {
    bar?.stop()
    bar = undefined
  }
  return {
    step: ({ work, done, total }) => {
      if (quiet) return
      if (done === total) return stop()
      const now = performance.now()
      began ??= now
      const passed = now - began
      if (shell.terminal) {
        if (isWorthIt(work, passed, done, total)) bar ??= startBar(work, total)
        bar?.update(done, Math.round((done * 1000) / passed))
      } else if (lines && work === 'fleet' && passed > WORTH_SHOWING_MS && total >= WORTH_LINES) {
        const tenth = Math.floor((done * LINES) / total)
        if (tenth > told) shell.err(`${WORDS[work]} ${done} of ${total}\n`)
        told = tenth
      }
    },
    stop,
  }
}

/** Profiles take equally long, so the first predicts the others; in a fleet, most zips may exist already. */
function isWorthIt(work: Progress['work'], passed: number, done: number, total: number): boolean {
  return (work === 'fleet' ? passed : (passed / done) * (total - done)) > WORTH_SHOWING_MS
}

interface Bar {
  readonly update: (done: number, rate: number) => void
  readonly stop: () => void
}

/** A bar, shown when its library has loaded: most runs need none. */
function startBar(work: Progress['work'], total: number): Bar {
  const rate = work === 'fleet' ? ' {rate}/s,' : ''
  const format = `${WORDS[work]} {bar} {value}/{total},${rate} {eta_formatted} left`
  let shown: SingleBar | undefined
  let isOver = false
  void import('cli-progress').then(({ SingleBar: NewBar }) => {
    if (isOver) return
    shown = new NewBar({ format, stream: process.stderr, clearOnComplete: true, hideCursor: true })
    shown.start(total, 0, { rate: 0 })
  })
  return {
    update: (done, perSecond) => shown?.update(done, { rate: perSecond }),
    stop: () => {
      isOver = true
      shown?.stop()
    },
  }
}
