import { messagesAbout } from '../message.ts'
import { show } from '../words.ts'
import { SYSTEM_ERRORS } from './run.ts'

const { error } = messagesAbout('usage')

/** Parts of a copy of a machine's tree that were not read, so that nobody knows the settings in them. */
export const TREE_MESSAGES = {
  'tree/denied': error(
    (d: { error: string }) =>
      `this was not read: ${SYSTEM_ERRORS[d.error] ?? `the system says ${d.error}`}; run the command as somebody who may read it, or name a folder beside it`,
  ),
  'tree/too-large': error(
    (d: { max: number }) =>
      `this file was not read: it has more than ${d.max} bytes, and a file of settings is a page of text; take it out of the tree, or give it on its own`,
  ),
  'tree/too-large-together': error(
    (d: { max: number }) =>
      `this file was not read: it and the files read before it have more than ${d.max} bytes; name the folder of one machine`,
  ),
  'tree/link-missing': error(
    (d: { to: string }) =>
      `this link was not read: it leads to ${show(d.to)}, which is not in this tree; copy that too, or put it in place of the link`,
  ),
  'tree/link-circle': error(
    'this link was not read: it leads in a circle, or over more than 40 links; put what it leads to in its place',
  ),
  'tree/not-a-file': error(
    'this was not read: it is no plain file, such as a pipe or a device; put a file in its place, or take it out of the tree',
  ),
} as const
