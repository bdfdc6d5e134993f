import { messagesAbout } from '../message.ts'
import { show } from '../words.ts'

const { error, warning } = messagesAbout('input')

/** Problems with the goals of a profile. */
export const INTENT_MESSAGES = {
  'intent/impossible': error(
    (d: { target: string; wishes: readonly string[]; because: readonly string[]; instead: readonly string[] }) =>
      `${d.target} cannot keep ${d.wishes.join(' and ')}${d.wishes.length > 1 ? ' together' : ''}${d.because.length === 0 ? '' : `: ${d.because.join('; ')}`}; ${d.instead.length === 0 ? 'change more than one of them' : `the closest that it can keep is ${d.instead.join(', or ')}`}`,
  ),
  'intent/no-detection': warning(
    (d: { target: string; detect: string; fit: number | undefined }) =>
      `${d.target}: no source says how many probes it sends, so detect: ${d.detect} is not promised there${d.fit === undefined ? '' : `; its first ${d.fit} ${d.fit === 1 ? 'probe' : 'probes'} and the wait after each fit into that time`}`,
  ),
  'intent/bad-path': error((d: { text: string; why: string }) => `the path cannot hold ${show(d.text)}: ${d.why}`),
  'intent/bad-tolerate': error(
    (d: { text: string }) => `tolerate cannot be ${show(d.text)}; write a whole number from 0 on, such as 2`,
  ),
} as const
