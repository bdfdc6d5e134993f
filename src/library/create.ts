import type { KitContext } from '../core/context.ts'
import { MIDDLEBOXES } from '../core/middlebox.ts'
import { POLICIES, type Explained } from '../core/policy.ts'
import { profileJsonSchema } from '../core/schema.ts'
import { textOf } from '../formats/text.ts'
import { gitattributes } from '../kit/gitattributes.ts'
import { presetList, targetList } from '../kit/lists.ts'
import { starterProfile } from '../kit/starter.ts'
import { differenceFrom } from '../review/compare/difference-data.ts'
import { differenceMarkdown } from '../review/compare/difference-markdown.ts'
import { differenceText, filesText } from '../review/compare/difference-text.ts'
import { explanationText } from '../review/explanation-text.ts'
import { pageDifference } from '../review/page/page-difference.ts'
import { differencePage, explanationPage } from '../review/page/page.ts'
import type { Kit } from './kit.ts'
import { profileMembers } from './profiles.ts'
import type { KitDifference } from './results.ts'
import { reviewMembers } from './reviews.ts'
import { verifyMembers } from './verify.ts'

/** Makes the library from everything that the kit needs. */
export function kitOf(kit: KitContext): Kit {
  return {
    version: kit.version,
    ...profileMembers(kit),
    ...reviewMembers(kit),
    ...verifyMembers(kit),
    ...renderMembers(kit),
    schema: () => profileJsonSchema(kit.registry),
    targets: () => targetList(kit.registry),
    presets: () => presetList(kit.registry, kit.presets),
    policies: () => [...POLICIES.values()],
    middleboxes: () => [...MIDDLEBOXES.values()],
    starter: (name) => starterProfile(kit, name),
    textconv: textOf,
    gitattributes: (folder, way) => gitattributes(kit.registry, folder, way),
  }
}

/** The members that make documents for people of explanations and differences. */
function renderMembers({ registry, template }: KitContext): Pick<Kit, 'page' | 'text' | 'markdown'> {
  return {
    page: (of) =>
      isDifference(of)
        ? differencePage(template, pageDifference(of, differenceFrom(registry, of), of.files))
        : explanationPage(template, listed(of)),
    text: (of) =>
      isDifference(of)
        ? [differenceText(differenceFrom(registry, of)), filesText(of.files)].filter((text) => text !== '').join('\n')
        : listed(of).map(explanationText).join('\n'),
    markdown: (of) => differenceMarkdown(differenceFrom(registry, of), of.files, of),
  }
}

function isDifference(of: Explained | readonly Explained[] | KitDifference): of is KitDifference {
  return 'groups' in of
}

function listed(of: Explained | readonly Explained[]): readonly Explained[] {
  return 'target' in of ? [of] : of
}
