import picocolors from 'picocolors'
import type { CommonOptions } from '../options.ts'
import type { World } from '../../io/world.ts'

/** Colour for a person at a terminal who did not ask to be spared (https://no-color.org). */
export function colorsFor(world: World, { noColor }: CommonOptions): ReturnType<typeof picocolors.createColors> {
  const wanted = world.terminal && !noColor && !world.env['NO_COLOR'] && world.env['TERM'] !== 'dumb'
  return picocolors.createColors(wanted)
}
