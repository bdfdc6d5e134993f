import { messagesAbout } from '../message.ts'
import { show, some } from '../words.ts'

const { error, warning } = messagesAbout('input')
const usage = messagesAbout('usage')

/** Problems with a zip as such, for any content. */
const ZIP_MESSAGES = {
  'zip/not-a-zip': error((d: { empty: boolean; is?: string; instead?: string }) =>
    d.empty
      ? 'the file is empty'
      : d.is === undefined
        ? 'this is not a zip'
        : `this is ${d.is}, not a zip; to compare it write ${d.instead}`,
  ),
  'zip/truncated': error('the zip ends too early: the list of files at its end is missing; copy it again'),
  'zip/damaged': error((d: { reason: string }) => `the zip is damaged: ${d.reason}; copy it again`),
  'zip/too-large': error(
    (d: { max: number }) =>
      `the zip, or what is in it, has more than ${d.max} bytes; a bundle of keepalive-kit is far smaller`,
  ),
  'zip/too-many-entries': error(
    (d: { max: number }) => `the zip holds more than ${d.max} files; a bundle of keepalive-kit has fewer than 100`,
  ),
  'zip/wrong-size': error(
    (d: { entry: string; size: number }) =>
      `${show(d.entry)} does not unpack to the ${d.size} bytes that the zip declares; copy the zip again`,
  ),
  'zip/wrong-checksum': error(
    (d: { entry: string }) => `${show(d.entry)} does not have the CRC-32 that the zip declares; copy the zip again`,
  ),
  'zip/cannot-unpack': error(
    (d: { entry: string }) => `${show(d.entry)} cannot be unpacked: its data is damaged; copy the zip again`,
  ),
  'zip/encrypted': error((d: { entry: string }) => `${show(d.entry)} is encrypted; keepalive-kit encrypts nothing`),
  'zip/unknown-method': error(
    (d: { entry: string; method: number }) =>
      `${show(d.entry)} is compressed with method ${d.method}; only stored (0) and deflated (8) are read`,
  ),
  'zip/entry-escapes': error(
    (d: { entry: string; why: string }) =>
      `${show(d.entry)} would be written outside the folder where the zip is unpacked: ${d.why}; do not unpack it`,
  ),
  'zip/bad-name': error((d: { entry: string; why: string }) => `${show(d.entry)} is not a plain path: ${d.why}`),
  'zip/duplicate-entry': error((d: { entry: string; first: string }) =>
    d.entry === d.first
      ? `${show(d.entry)} is in the zip twice; which of the two is unpacked depends on the program`
      : `${show(d.entry)} and ${show(d.first)} are the same file where case is ignored; which of the two is unpacked depends on the program`,
  ),
  'zip/link': error((d: { entry: string }) => `${show(d.entry)} is a symbolic link; keepalive-kit writes none`),
  'zip/special-file': error(
    (d: { entry: string }) => `${show(d.entry)} is a device, a pipe or a socket; keepalive-kit writes plain files only`,
  ),
  'zip/folder': warning(
    (d: { entries: readonly string[] }) =>
      `the zip has entries for folders, which keepalive-kit does not write: ${some(d.entries.map(show))}`,
  ),
  'zip/headers-differ': error(
    (d: { entry: string; what: string }) =>
      `${show(d.entry)} has another ${d.what} where its data stands than in the list of files; programs would unpack different things`,
  ),
  'zip/hidden-bytes': error(
    (d: { offset: number; bytes: number }) =>
      `${d.bytes} bytes from byte ${d.offset} on belong to no file of the zip; some programs would unpack what is hidden there`,
  ),
  'zip/overlap': error((d: { entry: string }) => `the data of ${show(d.entry)} lies inside that of another file`),
} as const

/** Problems of an output folder, a zip or a machine that is compared with its profile. */
export const VERIFY_MESSAGES = {
  ...ZIP_MESSAGES,
  'verify/no-output': error(
    (d: { folder: string }) =>
      `${show(d.folder)} is not an output of keepalive-kit, and no output or zip lies directly in it`,
  ),
  'verify/too-large': usage.error(
    (d: { max: number; files: number }) =>
      `the folder holds more than ${d.max} bytes or ${d.files} files, so it was not read; an output of keepalive-kit is far smaller`,
  ),
  'verify/no-manifest': error(
    'manifest.json is missing: this is not an output of keepalive-kit, or the file was lost; generate the output again',
  ),
  'verify/not-ours': error('manifest.json was not written by keepalive-kit'),
  'verify/unknown-format': error(
    (d: { format: string; known: number }) =>
      `manifest.json has format ${d.format}, and this version of keepalive-kit knows ${d.known}; verify with the version that wrote it, or a later one`,
  ),
  'verify/bad-manifest': error((d: { reason: string }) => `manifest.json cannot be read: ${d.reason}`),
  'verify/manifest-changed': error('manifest.json was changed: it is not what keepalive-kit makes of profile.yaml'),
  'verify/other-version': warning(
    (d: { made: string; version: string }) =>
      `it was made by ${show(d.made)}, and this is ${d.version}: only its own checksums were compared; verify with that version to compare it with its profile`,
  ),
  'verify/folder-renamed': error(
    (d: { folder: string; name: string }) =>
      `the zip unpacks into ${d.folder === '' ? 'no folder of its own' : show(d.folder)} instead of ${show(d.name)}`,
  ),
  'verify/outside-folder': error(
    (d: { entry: string; folder: string }) =>
      `${show(d.entry)} is outside of the folder ${show(d.folder)} that everything else is in`,
  ),
  'verify/missing': error((d: { path: string }) => `${d.path} is missing`),
  'verify/added': error((d: { path: string }) => `${show(d.path)} was added: keepalive-kit did not write it`),
  'verify/renamed': error((d: { from: string; to: string }) => `${d.from} was renamed to ${show(d.to)}`),
  'verify/changed': error((d: { path: string; how: string }) => `${d.path} was changed: ${d.how}`),
  'verify/mode': error(
    (d: { path: string; mode: string; wanted: string }) => `${d.path} has mode ${d.mode} instead of ${d.wanted}`,
  ),
  'verify/modes-lost': warning(
    (d: { mode: string }) =>
      `all files have mode ${d.mode}: their file system keeps no modes, or somebody changed them; start the scripts with sh`,
  ),
  'verify/not-a-file': error(
    (d: { path: string }) =>
      `${show(d.path)} is not a plain file but a link, for example; keepalive-kit writes only plain files`,
  ),
  'verify/not-its-profile': error(
    (d: { path: string }) =>
      `${show(d.path)} is as manifest.json lists it, but not what keepalive-kit makes of profile.yaml: both were changed`,
  ),
  'verify/sums-differ': error((d: { how: readonly string[] }) => `SHA256SUMS was changed: ${some(d.how)}`),
  'verify/bad-profile': error(
    (d: { reason: string }) => `the output cannot be made again from profile.yaml: ${d.reason}`,
  ),
  'verify/profile-differs': error(
    (d: { keys: readonly string[] }) =>
      `manifest.json and profile.yaml describe different profiles: they differ in ${d.keys.join(', ')}`,
  ),
  'verify/repacked': warning(
    'the files are as they should be, but the zip is not the one that keepalive-kit writes: it was packed again, or what is stored beside the files (dates, comments) was changed',
  ),
} as const
