import { show, some } from '../words.ts'

/** What can be wrong with a zip as such, whatever is in it. */
const ZIP_MESSAGES = {
  'zip/not-a-zip': (d: { empty: boolean }) => (d.empty ? 'the file is empty' : 'this is no zip'),
  'zip/truncated': (_: object) =>
    'the zip ends too early: its list of files, which stands at the end, is missing; copy it again',
  'zip/damaged': (d: { reason: string }) => `the zip is damaged: ${d.reason}; copy it again`,
  'zip/too-large': (d: { max: number }) =>
    `the zip, or what is in it, has more than ${d.max} bytes; a bundle of keepalive-kit is far smaller`,
  'zip/too-many-entries': (d: { max: number }) =>
    `the zip holds more than ${d.max} files; a bundle of keepalive-kit has fewer than 100`,
  'zip/wrong-size': (d: { entry: string; size: number }) =>
    `${show(d.entry)} does not unpack to the ${d.size} bytes that the zip declares`,
  'zip/wrong-checksum': (d: { entry: string }) => `${show(d.entry)} has another CRC-32 than the zip declares`,
  'zip/cannot-unpack': (d: { entry: string }) => `${show(d.entry)} cannot be unpacked: its data is damaged`,
  'zip/encrypted': (d: { entry: string }) => `${show(d.entry)} is encrypted; keepalive-kit encrypts nothing`,
  'zip/unknown-method': (d: { entry: string; method: number }) =>
    `${show(d.entry)} is compressed with method ${d.method}; only stored (0) and deflated (8) are read`,
  'zip/entry-escapes': (d: { entry: string; why: string }) =>
    `${show(d.entry)} would be written outside the folder where the zip is unpacked: ${d.why}; do not unpack it`,
  'zip/bad-name': (d: { entry: string; why: string }) => `${show(d.entry)} is no plain path: ${d.why}`,
  'zip/duplicate-entry': (d: { entry: string; first: string }) =>
    d.entry === d.first
      ? `${show(d.entry)} is in the zip twice; which of the two is unpacked depends on the program`
      : `${show(d.entry)} and ${show(d.first)} are one file on Windows; which of the two is unpacked depends on the program`,
  'zip/link': (d: { entry: string }) => `${show(d.entry)} is a symbolic link; keepalive-kit writes none`,
  'zip/special-file': (d: { entry: string }) =>
    `${show(d.entry)} is a device, a pipe or a socket; keepalive-kit writes plain files only`,
  'zip/folder': (d: { entries: readonly string[] }) =>
    `the zip has entries for folders, which keepalive-kit does not write: ${some(d.entries.map(show))}`,
  'zip/headers-differ': (d: { entry: string; what: string }) =>
    `${show(d.entry)} has another ${d.what} where its data stands than in the list of files; programs would unpack different things`,
  'zip/hidden-bytes': (d: { offset: number; bytes: number }) =>
    `${d.bytes} bytes from byte ${d.offset} on belong to no file of the zip; some programs would unpack what is hidden there`,
  'zip/overlap': (d: { entry: string }) => `the data of ${show(d.entry)} lies inside that of another file`,
} as const

/** What can be wrong with an output folder, a zip or a machine that is held against its profile. */
export const VERIFY_MESSAGES = {
  ...ZIP_MESSAGES,
  'verify/no-output': (d: { folder: string }) =>
    `${show(d.folder)} is no output of keepalive-kit, and neither an output nor a zip lies directly in it`,
  'verify/too-large': (d: { max: number; files: number }) =>
    `the folder holds more than ${d.max} bytes or ${d.files} files, so it was not read; an output of keepalive-kit is far smaller`,
  'verify/no-manifest': (_: object) =>
    'there is no manifest.json: this is no output of keepalive-kit, or one that lost it; generate it again',
  'verify/not-ours': (_: object) => 'manifest.json was not written by keepalive-kit',
  'verify/unknown-format': (d: { format: string; known: number }) =>
    `manifest.json has format ${d.format}, and this version of keepalive-kit knows ${d.known}; verify with the version that wrote it, or a later one`,
  'verify/bad-manifest': (d: { reason: string }) => `manifest.json cannot be read: ${d.reason}`,
  'verify/manifest-changed': (_: object) =>
    'manifest.json was changed: it is not what keepalive-kit makes of profile.yaml',
  'verify/other-version': (d: { made: string; version: string }) =>
    `it was made by ${show(d.made)}, and this is ${d.version}: only its own checksums were compared; verify with that version to compare it with its profile`,
  'verify/folder-renamed': (d: { folder: string; name: string }) =>
    `the zip unpacks into ${d.folder === '' ? 'no folder of its own' : show(d.folder)} instead of ${show(d.name)}`,
  'verify/outside-folder': (d: { entry: string; folder: string }) =>
    `${show(d.entry)} is outside of the folder ${show(d.folder)} that everything else is in`,
  'verify/missing': (d: { path: string }) => `${d.path} is missing`,
  'verify/added': (d: { path: string }) => `${show(d.path)} was added: keepalive-kit did not write it`,
  'verify/renamed': (d: { from: string; to: string }) => `${d.from} was renamed to ${show(d.to)}`,
  'verify/changed': (d: { path: string; how: string }) => `${d.path} was changed: ${d.how}`,
  'verify/mode': (d: { path: string; mode: string; wanted: string }) =>
    `${d.path} has mode ${d.mode} instead of ${d.wanted}`,
  'verify/modes-lost': (d: { mode: string }) =>
    `all files have mode ${d.mode}: what they are stored on keeps no modes, or they were changed; start the scripts with sh`,
  'verify/not-a-file': (d: { path: string }) =>
    `${show(d.path)} is a link or another thing that is no plain file; keepalive-kit writes none`,
  'verify/not-its-profile': (d: { path: string }) =>
    `${show(d.path)} is as manifest.json lists it, but not what keepalive-kit makes of profile.yaml: both were changed`,
  'verify/sums-differ': (d: { how: readonly string[] }) => `SHA256SUMS was changed: ${some(d.how)}`,
  'verify/bad-profile': (d: { reason: string }) => `profile.yaml is no profile that can be made again: ${d.reason}`,
  'verify/profile-differs': (d: { keys: readonly string[] }) =>
    `manifest.json and profile.yaml are of two profiles: they differ in ${d.keys.join(', ')}`,
  'verify/repacked': (_: object) =>
    'the files are as they should be, but the zip is not the one that keepalive-kit writes: it was packed again, or what is stored beside the files (dates, comments) was changed',
} as const
