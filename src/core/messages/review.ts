import { messagesAbout } from '../message.ts'
import { show, some } from '../words.ts'

const { error, warning } = messagesAbout('input')
const usage = messagesAbout('usage')

/** Problems with the sides of a comparison, with a lock, and with files to import. */
export const REVIEW_MESSAGES = {
  'lock/unusable': error(
    (d: { why: string }) => `this lock cannot be used: ${d.why}; write it again with keepalive-kit lock, or restore it`,
  ),
  'lock/differs': error(
    (d: { count: number }) =>
      `${d.count === 1 ? 'one entry does' : `${d.count} entries do`} not match this lock; see the differences, and write the lock again if they are intended`,
  ),
  'lock/no-files': error(
    (d: { path: string }) =>
      `${show(d.path)} comes from a machine, but a lock covers files of the kit; give profiles, folders or zips, or compare this with a profile: --profile`,
  ),

  'verify/drift': error((d: { profile: string }) => `this does not match ${show(d.profile)}; see the differences`),
  'diff/changed': warning((d: { text: string }) => d.text),
  'diff/not-a-side': usage.error(
    (d: { side: string }) =>
      `${show(d.side)} is not a profile, output folder, zip, lock or file of settings that the kit can read`,
  ),
  'diff/no-output': usage.error(
    (d: { side: string }) =>
      `${show(d.side)} holds no output of the kit and no files of settings (etc/sysctl.d, sysctl.conf)`,
  ),
  'diff/no-files': usage.error(
    (d: { side: string }) =>
      `a patch compares files, and ${d.side} has none; give profiles, folders or zips of the kit`,
  ),
  'diff/nothing-set': error(
    (d: { side: string; targets: readonly string[] }) =>
      `${show(d.side)} sets no keep-alive value of ${d.targets.join(', ')}; where the system's defaults are what it has, compare with keepalive-kit diff and --target`,
  ),
  'diff/git': usage.error((d: { side: string; why: string }) => `git cannot give ${show(d.side)}: ${d.why}`),

  'script/no-values': warning('this script of the kit holds no values of its own: the installer beside it does'),
  'import/nothing-found': error(
    (d: { file: string }) =>
      `${show(d.file)} sets no keep-alive value that the kit knows, so there is nothing to import`,
  ),
  'import/unknown-kind': error(
    (d: { file: string }) =>
      `${show(d.file)} is not a file that the kit reads. It reads .reg, output of reg query or sysctl, sysctl.conf, sysctl.d, or what the kit wrote`,
  ),
  'import/many-outputs': error(
    (d: { file: string; names: readonly string[] }) =>
      `${show(d.file)} holds more than one output (${some(d.names)}); name the folder of one`,
  ),
  'import/profile-differs': warning(
    'profile.yaml and the files beside it disagree; machines get the files, so the profile is made from these',
  ),
  'import/default-taken': warning(
    (d: { field: string; target: string; value: string; key: string }) =>
      `${d.target}: ${d.key} is not set, so ${d.field} is the system's default, ${d.value}`,
  ),
  'import/odd-switch': warning(
    (d: { target: string; key: string; value: number }) =>
      `${d.target}: ${d.key} is ${d.value} there, which counts as on; the profile says true, and the kit writes 1`,
  ),
  'import/elsewhere': warning(
    (d: { target: string; places: readonly string[] }) => `${d.target}: values in ${some(d.places)} were not imported`,
  ),
  'import/not-said': warning(
    (d: { names: readonly string[] }) => `it also sets ${some(d.names)}, which a profile cannot express`,
  ),
  'import/removes': warning(
    (d: { target: string; keys: readonly string[] }) =>
      `${d.target}: it deletes ${d.keys.join(' and ')}; a profile cannot express that, but uninstall scripts and keepalive-remove.reg do it`,
  ),
} as const
