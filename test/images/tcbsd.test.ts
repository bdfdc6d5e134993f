import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { buildTarget } from '../support/build.ts'
import { describeWithOracle, missingPrograms, run, type Ran } from '../support/oracle.ts'
import { filesOf, tree } from '../support/shells.ts'

const KIT = buildTarget('tcbsd', { name: 'line-4', idle: 60_000, interval: 10_000 })
const textOf = (path: string): string => readFileSync(join(KIT, path), 'latin1')
const BLOCK = `# BEGIN keepalive-kit line-4\n${textOf('keepalive.sysctl.conf')}# END keepalive-kit line-4\n`

describe('the overlay tree', () => {
  it('contains the assignments, byte for byte, in the file that is read last', () => {
    expect(textOf('overlay/etc/sysctl.conf.local')).toBe(textOf('keepalive.sysctl.conf'))
  })
})

const STICK = ['stick/INSTALLER/post_install.d/60-keepalive.chroot']

describe.each(STICK)('%s', (path) => {
  it('is ASCII with LF and a final newline, so that sh runs it from a FAT stick', () => {
    expect(textOf(path)).toMatch(/^#!\/bin\/sh\n[\n -~]+\n$/)
  })
})

describeWithOracle('the scripts of the stick', missingPrograms('shellcheck'), () => {
  it.each(STICK)('%s passes shellcheck', (path) => {
    expect(run('shellcheck', ['-s', 'sh', '-S', 'warning', join(KIT, path)])).toEqual({
      code: 0,
      stdout: '',
      stderr: '',
    })
  })
})

/**
 * Runs a script of the stick in a new system as the installer does: in a real chroot, as root, by sh (FAT has no
 * executable bit), without a terminal, from another folder, with its output in a log. The programs are those of this
 * system.
 */
function inChroot(root: string, script: string): Ran {
  mkdirSync(join(root, 'media'), { recursive: true })
  writeFileSync(join(root, 'media/60.CHR'), textOf(script), { mode: 0o644 })
  mkdirSync(join(root, 'recorder'))
  for (const name of ['sysctl', 'service'])
    writeFileSync(join(root, 'recorder', name), `#!/bin/sh\necho "${name} $*" >>/recorder/calls\n`, { mode: 0o755 })
  // /usr/bin/awk is a link into /etc, which is the /etc of the new system here.
  symlinkSync('/usr/bin/original-awk', join(root, 'recorder/awk'))
  const programs = ['bin', 'lib', 'lib64', 'usr', 'dev']
  const mounts = programs.map((name) => `mkdir -p "$ROOT/${name}" && mount --rbind /${name} "$ROOT/${name}" || exit 99`)
  const code = ['mount --make-rprivate /', ...mounts, 'exec chroot "$ROOT" /bin/sh /media/60.CHR </dev/null'].join('\n')
  return run('unshare', ['-m', '-n', 'sh', '-c', code], {
    env: { ROOT: root, PATH: `/recorder:${process.env['PATH']}` },
  })
}

const root =
  missingPrograms('unshare', 'chroot', 'original-awk') ?? (process.getuid?.() === 0 ? undefined : 'a chroot needs root')

describeWithOracle('post_install.d/60-keepalive.chroot in a chroot', root, () => {
  const script = STICK[0] as string
  const made = (files: Readonly<Record<string, string>>) => tree({ 'tmp/.keep': '', 'var/db/.keep': '', ...files })

  it('appends the block to the lines of the new system, and prints nothing on stderr', () => {
    const system = made({ 'etc/sysctl.conf': '# of the system\nkern.x=1\n' })
    const stdout = expect.stringContaining('/etc/sysctl.conf') as string
    expect(inChroot(system, script)).toEqual({ code: 0, stdout, stderr: '' })
    expect(readFileSync(join(system, 'etc/sysctl.conf'), 'latin1')).toBe(`# of the system\nkern.x=1\n${BLOCK}`)
    expect(Object.keys(filesOf(join(system, 'var')))).toContain('db/keepalive-kit/record')
  })

  it('never calls sysctl or service, because the running kernel belongs to the installer', () => {
    const system = made({ 'etc/sysctl.conf': '' })
    expect(inChroot(system, script).code).toBe(0)
    expect(existsSync(join(system, 'recorder/calls'))).toBe(false)
  })

  it('leaves the same bytes as install.sh --root', () => {
    const files = { 'etc/sysctl.conf': 'kern.x=1\n' }
    const [stick, image] = [made(files), made(files)]
    expect(inChroot(stick, script).code).toBe(0)
    expect(run('sh', [join(KIT, 'install.sh'), '--root', image]).code).toBe(0)
    const ofSystem = (folder: string) =>
      Object.fromEntries(Object.entries(filesOf(folder)).filter(([path]) => /^(?:etc|var)\//.test(path)))
    expect(ofSystem(stick)).toEqual(ofSystem(image))
  })

  it('can be undone by uninstall.sh --root', () => {
    const system = made({ 'etc/sysctl.conf': 'kern.x=1\n' })
    expect(inChroot(system, script).code).toBe(0)
    expect(run('sh', [join(KIT, 'uninstall.sh'), '--root', system]).code).toBe(0)
    expect(readFileSync(join(system, 'etc/sysctl.conf'), 'latin1')).toBe('kern.x=1\n')
  })
})
