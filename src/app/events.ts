import type { Diagnostic } from '../core/diagnostic.ts'

/** The progress of a use case. */
export interface Progress {
  readonly kind: 'progress'
  readonly work: 'generate' | 'bundle' | 'verify' | 'fleet'
  readonly done: number
  readonly total: number
}

/** The state of a device's zip after a run over its fleet. */
export type DeviceState = 'new' | 'changed' | 'same' | 'failed' | 'removed'

/** The events that a run over a fleet reports before its end, since it cannot hold them until then. */
export type FleetEvent =
  | {
      readonly kind: 'device'
      /** `undefined` for a line without a device. */
      readonly name: string | undefined
      readonly state: DeviceState
      /** The path of its zip. */
      readonly path: string
      /** The digest of its zip, as it is now or would be; `undefined` if the device failed or was removed. */
      readonly sha256: string | undefined
    }
  /** A problem, reported for the first time. */
  | { readonly kind: 'problem'; readonly diagnostic: Diagnostic }
  /** A file in a dry run, with the state that a real run would give it. */
  | { readonly kind: 'planned'; readonly path: string; readonly state: DeviceState }
  /** A file beside the zips that is now as it should be. */
  | { readonly kind: 'written'; readonly path: string }

/** An event of a use case at work, as data; the command line puts it into words. */
export type Event = Progress | FleetEvent
export type Listener = (event: Event) => void

/** Does `work` for one item after the other, and reports the progress. */
export async function inTurn<Item, Done>(
  tell: Listener,
  kind: Progress['work'],
  items: readonly Item[],
  work: (item: Item) => Done | Promise<Done>,
): Promise<readonly Done[]> {
  const total = items.length
  const done: Done[] = []
  tell({ kind: 'progress', work: kind, done: 0, total })
  for (const item of items) {
    done.push(await work(item))
    tell({ kind: 'progress', work: kind, done: done.length, total })
  }
  return done
}
