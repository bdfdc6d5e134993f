import { chmodSync, lstatSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { buildTarget } from '../../support/build.ts'
import { run } from '../../support/oracle.ts'
import { block, blockOf, done, onImage, onUnix, otherKits, read, refused, tcbsd } from '../../support/shell-kits.ts'
import { filesOf, modeOf, newFolder, runScript, tree } from '../../support/shells.ts'
import { someOf } from '../../support/depth.ts'

onUnix('The block in /etc/sysctl.conf', () => {
  const conf = (text: string): string => tree({ 'etc/sysctl.conf': text })

  it('creates a missing file with mode 0644, which uninstall.sh removes again', () => {
    const root = newFolder()
    expect(onImage(root, 'install.sh').code).toBe(0)
    expect(read(root, tcbsd.file)).toBe(block)
    expect(modeOf(join(root, tcbsd.file))).toBe('0644')
    expect(onImage(root, 'uninstall.sh').code).toBe(0)
    expect(filesOf(root)).toEqual({})
  })

  it.each(
    someOf<[what: string, original: string, separator: string]>(
      [
        ['is empty', '', ''],
        ['ends with a newline', 'a=1\nb=2\n', ''],
        ['has no final newline', 'a=1\nb=2', '\n'],
        ['has CRLF lines', 'a=1\r\nb=2\r\n', ''],
        ['has CRLF lines and no final newline', 'a=1\r\nb=2', '\n'],
        ['ends with empty lines', 'a=1\n\n\n', ''],
        ['has only an empty line', '\n', ''],
        ['has backslashes, percent signs and blanks', '  a\\n=%s\t \n\\', '\n'],
        ['has a very long line', `# ${'x'.repeat(70_000)}\n`, ''],
        [
          'has lines that resemble the marks',
          '# BEGIN keepalive-kit\n#END keepalive-kit x\n # BEGIN keepalive-kit x\n',
          '',
        ],
      ],
      4,
      5,
    ),
  )('leaves every other byte unchanged when the file %s', (_, original, separator) => {
    const root = conf(original)
    expect(onImage(root, 'install.sh')).toEqual(done('is installed'))
    expect(read(root, tcbsd.file)).toBe(`${original}${separator}${block}`)
    expect(onImage(root, 'uninstall.sh')).toEqual(done('All is as it was at the beginning.'))
    expect(filesOf(root)).toEqual({ 'etc/sysctl.conf': original })
  })

  it('comes last, to overrule earlier assignments, and moves to the end again after lines were added behind it', () => {
    const root = conf('net.inet.tcp.keepidle = 1\n')
    onImage(root, 'install.sh')
    writeFileSync(join(root, tcbsd.file), `${read(root, tcbsd.file)}net.inet.tcp.keepidle=2\n`)
    expect(onImage(root, 'check.sh').stdout).toContain('keepidle: wanted 60000, at the next start 2 (/etc/sysctl.conf:')
    expect(onImage(root, 'install.sh').code).toBe(0)
    expect(read(root, tcbsd.file)).toBe(`net.inet.tcp.keepidle = 1\nnet.inet.tcp.keepidle=2\n${block}`)
    expect(onImage(root, 'check.sh').code).toBe(0)
  })

  it('replaces a block that no record knows, which uninstall.sh restores in its place', () => {
    const original = `a=1\n${blockOf(otherKits.tcbsd, 'other')}b=2`
    const root = conf(original)
    expect(onImage(root, 'install.sh').code).toBe(0)
    expect(read(root, tcbsd.file)).toBe(`a=1\nb=2\n${block}`)
    expect(onImage(root, 'uninstall.sh').code).toBe(0)
    expect(read(root, tcbsd.file)).toBe(original)
  })

  it.each(
    someOf(
      [
        [
          'BEGIN without END',
          `a=1\n# BEGIN keepalive-kit x\nb=2\n`,
          'line 3 is the last one, and the block of line 2 has no end',
        ],
        ['END without BEGIN', 'a=1\n# END keepalive-kit x\n', 'line 2 ends a block that is not open'],
        [
          'END of another profile',
          '# BEGIN keepalive-kit x\n# END keepalive-kit y\n',
          'line 2 ends a block that is not open',
        ],
        [
          'a block in a block',
          '# BEGIN keepalive-kit x\n# BEGIN keepalive-kit y\n# END keepalive-kit y\n',
          'line 2 begins a second block, and the first one is in line 1',
        ],
        ['two blocks', `${block}${block}`, 'begins a second block'],
        [
          'marks with CRLF',
          '# BEGIN keepalive-kit x\r\nb=2\r\n',
          'line 2 is the last one, and the block of line 1 has no end',
        ],
        ['NUL bytes', 'a=1\0\n', 'is not a text file: it has NUL bytes'],
      ],
      3,
    ),
  )('is not written when the file has %s', (_, original, message) => {
    const root = conf(original)
    expect(onImage(root, 'install.sh')).toEqual(refused(1, message))
    expect(filesOf(root)).toEqual({ 'etc/sysctl.conf': original })
  })

  it.each(['real.conf', '/conf/real.conf'])('goes into the target of a symbolic link: %s', (link) => {
    const real = link.startsWith('/') ? link.slice(1) : `etc/${link}`
    const root = tree({ [real]: 'a=1\n', 'etc/x': '' })
    symlinkSync(link, join(root, tcbsd.file))
    expect(onImage(root, 'install.sh').code).toBe(0)
    expect(lstatSync(join(root, tcbsd.file)).isSymbolicLink()).toBe(true)
    expect(read(root, real)).toBe(`a=1\n${block}`)
    expect(onImage(root, 'uninstall.sh').code).toBe(0)
    expect(read(root, real)).toBe('a=1\n')
  })

  it('does not follow a link out of the image', () => {
    const outside = tree({ 'sysctl.conf': 'a=1\n' })
    const root = newFolder()
    symlinkSync(outside, join(root, 'etc'))
    expect(onImage(root, 'install.sh')).toEqual(refused(1, 'and there is no such folder. Nothing was changed.'))
    expect(filesOf(outside)).toEqual({ 'sysctl.conf': 'a=1\n' })
  })

  it('keeps the mode and the owner of the file', () => {
    const root = conf('a=1\n')
    chmodSync(join(root, tcbsd.file), 0o640)
    if (process.getuid?.() === 0) run('chown', ['33:33', join(root, tcbsd.file)])
    const { uid, gid } = lstatSync(join(root, tcbsd.file))
    for (const script of ['install.sh', 'uninstall.sh']) {
      expect(onImage(root, script).code).toBe(0)
      expect(modeOf(join(root, tcbsd.file))).toBe('0640')
      expect(lstatSync(join(root, tcbsd.file))).toMatchObject({ uid, gid })
    }
  })

  it('keeps lines that were added after the installation', () => {
    const root = conf('a=1')
    onImage(root, 'install.sh')
    writeFileSync(join(root, tcbsd.file), `first=1\n${read(root, tcbsd.file)}last=1`)
    expect(onImage(root, 'uninstall.sh')).toEqual(done('All is as it was at the beginning.'))
    expect(filesOf(root)).toEqual({ 'etc/sysctl.conf': 'first=1\na=1\nlast=1\n' })
  })

  it('goes into /etc/sysctl.conf.local with --local', () => {
    const root = conf('a=1\n')
    expect(onImage(root, 'install.sh', '--local').code).toBe(0)
    expect(read(root, 'etc/sysctl.conf')).toBe('a=1\n')
    expect(read(root, 'etc/sysctl.conf.local')).toBe(block)
    expect(onImage(root, 'check.sh').code).toBe(0)
    expect(onImage(root, 'install.sh')).toEqual(
      refused(1, 'is installed in /etc/sysctl.conf.local. Uninstall it before you install in /etc/sysctl.conf.'),
    )
    expect(onImage(root, 'uninstall.sh').code).toBe(0)
    expect(filesOf(root)).toEqual({ 'etc/sysctl.conf': 'a=1\n' })
  })

  it('is only announced with --dry-run', () => {
    const root = conf('a=1\n')
    expect(onImage(root, 'install.sh', '--dry-run')).toEqual(done(`Would write ${root}/etc/sysctl.conf.`))
    expect(filesOf(root)).toEqual({ 'etc/sysctl.conf': 'a=1\n' })
    onImage(root, 'install.sh')
    const installed = filesOf(root)
    expect(onImage(root, 'uninstall.sh', '--dry-run')).toEqual(done(`Would write ${root}/etc/sysctl.conf.`))
    expect(filesOf(root)).toEqual(installed)
  })

  it('is kept after a manual edit, which the error names, and removed with --force', () => {
    const root = conf('a=1\n')
    onImage(root, 'install.sh')
    const edited = read(root, tcbsd.file).replace('keepidle=60000', 'keepidle=50000')
    writeFileSync(join(root, tcbsd.file), edited)
    for (const args of [[], ['--defaults'], ['--dry-run']])
      expect(onImage(root, 'uninstall.sh', ...args)).toEqual(
        refused(
          1,
          `error: ${root}/etc/sysctl.conf was changed since keepalive-kit wrote it. Nothing was changed. --force goes back all the same. To keep the edit for good, delete ${root}/var/db/keepalive-kit.\n`,
        ),
      )
    expect(read(root, tcbsd.file)).toBe(edited)
    expect(onImage(root, 'uninstall.sh', '--force')).toEqual(done('All is as it was at the beginning.'))
    expect(filesOf(root)).toEqual({ 'etc/sysctl.conf': 'a=1\n' })
  })

  it('takes the values of a new version, and uninstall.sh restores the file from before the first version', () => {
    const root = conf('a=1')
    const first = buildTarget('tcbsd', { name: 'line-4', idle: 4_000, interval: 4_000 })
    runScript(join(first, 'install.sh'), ['--root', root])
    expect(onImage(root, 'install.sh').code).toBe(0)
    expect(read(root, tcbsd.file)).toBe(`a=1\n${block}`)
    expect(onImage(root, 'uninstall.sh').code).toBe(0)
    expect(filesOf(root)).toEqual({ 'etc/sysctl.conf': 'a=1' })
  })
})
