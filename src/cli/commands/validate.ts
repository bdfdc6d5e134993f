import { load } from '../../app/load.ts'
import { escapeInvisible } from '../../core/words.ts'
import type { Checked } from '../../source/check.ts'
import type { ProfileOptions } from '../options.ts'
import type { CommandWorld, Outcome } from '../outcome.ts'

/** Checks profiles and lists the valid ones. */
export async function validate(world: CommandWorld, options: ProfileOptions): Promise<Outcome> {
  const { checked, diagnostics } = await load(world, options)
  return {
    diagnostics,
    text: () => checked.map(validText).join(''),
    json: () => ({ profiles: checked.map(profileRow) }),
  }
}

function validText({ file, profile }: Checked): string {
  return `${escapeInvisible(file)}: ${profile.name} is valid for ${profile.targets.join(', ')}\n`
}

function profileRow({ file, profile }: Checked): object {
  return { file, name: profile.name, targets: profile.targets }
}
