import { messagesAbout } from '../message.ts'
import { show, suggestion } from '../words.ts'

const { error } = messagesAbout('input')

/** Problems between a profile and a policy, and with the names of policies and middleboxes. */
export const POLICY_MESSAGES = {
  'policy/unknown': error(
    (d: { policy: string; known: readonly string[] }) =>
      `there is no policy ${show(d.policy)}${
        d.policy.includes(',')
          ? '; give each policy its own --policy. Policies: ' + d.known.join(', ')
          : suggestion(d.policy, 'policies', d.known)
      }`,
  ),
  'policy/fails': error(
    (d: {
      target: string
      key: string
      found: string
      policy: string
      wanted: string
      write: string
      chosenFor: string | undefined
    }) =>
      `${d.target}: ${d.key} is ${d.found}, and ${d.policy} wants ${d.wanted}. ${d.chosenFor === undefined ? `Write ${d.write}` : `The kit chose it for ${d.chosenFor}; write ${d.write} as far as ${d.chosenFor} leaves room for it`}`,
  ),
  'policy/conflict': error(
    (d: { target: string; field: string; policies: readonly [string, string]; wanted: readonly [string, string] }) =>
      `${d.target}: ${d.field} must be ${d.wanted[0]} for ${d.policies[0]} and ${d.wanted[1]} for ${d.policies[1]}; no value satisfies both, so check ${d.target} against one of them`,
  ),
  'middlebox/unknown': error(
    (d: { middlebox: string; known: readonly string[] }) =>
      `there is no middlebox ${show(d.middlebox)}${suggestion(d.middlebox, 'middleboxes', d.known)}. For another one write its limit: { name: plant firewall, idle-limit: 30min }`,
  ),
} as const
