import type { Diagnostic } from '../core/diagnostic.ts'

/** How far a use case is with its items. */
export interface Progress {
  readonly kind: 'progress'
  readonly work: 'generate' | 'bundle' | 'verify' | 'fleet'
  readonly done: number
  readonly total: number
}

/** The state of a device's zip after a run over its fleet. */
export type DeviceState = 'new' | 'changed' | 'same' | 'failed' | 'removed'

/** Everything that a run over a fleet tells before its end, since nothing of it can be held until then. */
export type FleetEvent =
  | {
      readonly kind: 'device'
      /** `undefined` for a line that is no device. */
      readonly name: string | undefined
      readonly state: DeviceState
      /** The path of its zip. */
      readonly path: string
      /** The digest of its zip, as it is now or would be; `undefined` where it failed or was removed. */
      readonly sha256: string | undefined
    }
  /** A problem, told for the first time. */
  | { readonly kind: 'problem'; readonly diagnostic: Diagnostic }
  /** A file that a dry run leaves as it is. */
  | { readonly kind: 'planned'; readonly path: string; readonly state: DeviceState }
  /** A file beside the zips that is now as it should be. */
  | { readonly kind: 'written'; readonly path: string }

/** Something that a use case tells while it works, as data; the command line makes words of it. */
export type Event = Progress | FleetEvent
export type Listener = (event: Event) => void

/** Does `work` for one item after the other, and tells how far it is. */
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
