import { messagesAbout } from '../message.ts'
import { show, some, suggestion } from '../words.ts'

const { error, warning } = messagesAbout('input')
const usage = messagesAbout('usage')

/** Problems with files that are read, and with files in the way of an output. */
export const FILE_MESSAGES = {
  'input/no-such-file': usage.error(
    (d: { file: string; instead?: string }) =>
      `there is no file ${show(d.file)}${d.instead === undefined ? '' : `; write ${d.instead}`}${d.file.includes('*') ? '; your shell did not expand the *, so name each file' : ''}`,
  ),
  'input/too-large': usage.error(
    (d: { file: string; max: number }) =>
      `${show(d.file)} has more than ${d.max} bytes, which the kit does not read at once; cut out the part with the settings`,
  ),
  'input/folder': usage.error((d: { file: string }) => `${show(d.file)} is a folder; name the profiles in it`),
  'input/no-such-preset': usage.error(
    (d: { preset: string; known: readonly string[] }) =>
      `there is no preset ${show(d.preset)}${suggestion(d.preset, 'presets', d.known)}`,
  ),
  'file/more-alike': error(
    (d: { code: string; more: number }) =>
      `${d.more} more problems of kind ${d.code} are not shown; check that the file is of the kind that it was read as`,
  ),
  'output/foreign-file': error((d: { folder: string; files: readonly string[]; manifest: boolean }) =>
    d.manifest
      ? `${d.folder} holds ${some(d.files)}, which keepalive-kit did not write; move it away or choose another folder with --out`
      : `${d.folder} holds ${some(d.files)} but no manifest.json from keepalive-kit; move the folder away or choose another with --out`,
  ),
  'output/too-large': error(
    (d: { folder: string; max: number; files: number }) =>
      `${d.folder} holds more than ${d.max} bytes or ${d.files} files, so it is no output of keepalive-kit, and was not read; move it away or choose another folder with --out`,
  ),
  'output/foreign-zip': error(
    (d: { path: string }) =>
      `${d.path} exists and is not a zip that the kit wrote; move it away or choose another folder with --out`,
  ),
  'output/in-the-way': error(
    (d: { path: string; what: string }) => `${d.path} is ${d.what}; move it away or choose another folder with --out`,
  ),
  'output/differs': error((d: { how: string }) => d.how),
  'git/attributes-in-the-way': error(
    (d: { what: string }) =>
      `.gitattributes is ${d.what}, which git does not read there; put a file in its place, and run git-setup again`,
  ),
  'git/no-repository': warning(
    'this folder is in no repository, and git reads .gitattributes in one only: run git init first',
  ),
} as const
