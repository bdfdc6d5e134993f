import type { KitContext } from '../core/context.ts'

/** A profile to start from, with every key explained. */
export function starterProfile({ registry, template }: KitContext, name: string): string {
  return template('profile.yaml', { name, targets: [...registry.keys()].map((id) => ({ id })) })
}
