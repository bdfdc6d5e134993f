import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { expect, it } from 'vitest'
import { buildTarget } from '../../support/build.ts'
import { describeWithOracle, missingPrograms, run } from '../../support/oracle.ts'
import { linux, onUnix, read, refused, scripts, targets } from '../../support/shell-kits.ts'
import { newFolder, programOf, runScript, shells, tree } from '../../support/shells.ts'
import { someOf } from '../../support/depth.ts'

// Mistakes made at three in the morning.

for (const shell of shells)
  describeWithOracle(`A folder for --root, under ${shell}`, missingPrograms(programOf(shell)), () => {
    const started = (cwd: string, root: string) =>
      run('sh', ['-c', `cd "$CWD" && exec ${shell} "$SCRIPT" --root "$IMAGE"`], {
        env: { CWD: cwd, SCRIPT: join(linux.kit, 'install.sh'), IMAGE: root },
      })

    it('is refused if it was deleted while it was the working directory', () => {
      const gone = join(newFolder(), 'gone')
      mkdirSync(gone)
      const { code, stderr } = run(
        'sh',
        ['-c', `cd "$CWD" && rmdir "$CWD" && exec ${shell} "$SCRIPT" --root . --dry-run`],
        { env: { CWD: gone, SCRIPT: join(linux.kit, 'install.sh') } },
      )
      expect(code).toBe(2)
      expect(stderr).toContain('no such folder: .')
    })

    it('is refused, not mistaken for its neighbour, if its name ends with a newline', () => {
      const parent = newFolder()
      for (const name of ['image', 'image\n']) mkdirSync(join(parent, name))
      const { code, stderr } = started(join(parent, 'image\n'), '.')
      expect(code).toBe(2)
      expect(stderr).toContain('not a usable folder')
      expect(readdirSync(join(parent, 'image'))).toEqual([])
    })

    it('may have a name that begins with a hyphen', () => {
      const parent = newFolder()
      mkdirSync(join(parent, '-'))
      expect(started(parent, '-').code).toBe(0)
      expect(readdirSync(join(parent, '-'))).toEqual(['etc', 'var'])
    })
  })

onUnix.each([
  ...scripts,
  ...(['tcbsd', 'linux'] as const).map((target) => ({
    target,
    name: 'shared.sh',
    path: join(targets[target].kit, 'shared.sh'),
  })),
])('$target/$name, truncated,', ({ path }) => {
  it('changes nothing, wherever it ends', () => {
    const whole = read(path)
    const folder = newFolder()
    const cut = join(folder, basename(path))
    for (const name of ['install.sh', 'shared.sh']) writeFileSync(join(folder, name), read(dirname(path), name))
    const started = basename(path) === 'shared.sh' ? join(folder, 'install.sh') : cut
    const image = newFolder()
    const ends = [...Array.from({ length: Math.floor(whole.length / 512) }, (_, at) => at * 512), whole.length - 3]
    const wrong = someOf(ends.slice(1), 12, 24).flatMap((end) => {
      writeFileSync(cut, whole.slice(0, end))
      const { code, stdout } = runScript(started, ['--root', image])
      return code !== 0 && stdout === '' && readdirSync(image).length === 0 ? [] : [`at ${end}: ${code} ${stdout}`]
    })
    expect(wrong).toEqual([])
  })
})

for (const option of someOf(['-e', '-f', '-C'], 1))
  describeWithOracle(`A shell started with ${option}`, missingPrograms('dash'), () => {
    it.each(['linux', 'tcbsd'] as const)('installs and uninstalls for %s', (target) => {
      const { kit, file } = targets[target]
      const image = tree({ [file]: '# of somebody\n' })
      const ran = (name: string) => run('dash', [option, join(kit, name), '--root', image])
      expect(ran('install.sh')).toMatchObject({ code: 0, stderr: '' })
      expect(ran('check.sh')).toMatchObject({ code: 0, stderr: '' })
      expect(ran('uninstall.sh')).toMatchObject({ code: 0, stderr: '' })
      expect(read(image, file)).toBe('# of somebody\n')
    })
  })

onUnix('uninstall.sh', () => {
  it('reports a drop-in that was deleted by hand, and restores the prior file with --force', () => {
    const image = tree({ [linux.file]: '# of somebody\n' })
    expect(runScript(join(linux.kit, 'install.sh'), ['--root', image]).code).toBe(0)
    rmSync(join(image, linux.file))
    const { code, stderr } = runScript(join(linux.kit, 'uninstall.sh'), ['--root', image])
    expect(code).toBe(1)
    expect(stderr).toContain(`${linux.file} was changed since keepalive-kit wrote it. Nothing was changed.`)
    expect(runScript(join(linux.kit, 'uninstall.sh'), ['--root', image, '--force']).code).toBe(0)
    expect(read(image, linux.file)).toBe('# of somebody\n')
  })

  it.each(['linux', 'tcbsd'] as const)('names the file that holds the settings when no record exists: %s', (target) => {
    const { kit, file, data } = targets[target]
    const image = tree({ [file]: readFileSync(join(kit, data), 'latin1') })
    const { code, stdout, stderr } = runScript(join(kit, 'uninstall.sh'), ['--root', image])
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toBe(
      `error: ${image}/${file} has profile line-4, but no record says what was there before: ${target === 'linux' ? 'uninstall.sh --defaults removes that file' : 'uninstall.sh --defaults removes a block; other lines are removed by hand'}. Nothing was changed.\n`,
    )
  })
})

onUnix('A message', () => {
  it.each(['etc/sysctl.conf', 'etc/sysctl.conf.local'])('names a line of %s that overrules the defaults', (file) => {
    const root = tree({ [file]: 'net.inet.tcp.keepidle=1\n' })
    expect(runScript(join(targets.tcbsd.kit, 'uninstall.sh'), ['--root', root, '--defaults'])).toEqual({
      code: 4,
      stdout: 'There was nothing to change.\n',
      stderr: `warning: /${file}:1 sets net.inet.tcp.keepidle to 1 at the next start. Remove or correct that line.\n`,
    })
  })

  it('says that the beginning is back when that is an earlier version of the profile', () => {
    const { kit, file, data } = linux
    const overlay = readFileSync(join(kit, data), 'latin1').replace(/ = 60\n/, ' = 61\n')
    const root = tree({ [file]: overlay })
    expect(runScript(join(kit, 'install.sh'), ['--root', root]).code).toBe(0)
    const { stdout } = runScript(join(kit, 'uninstall.sh'), ['--root', root])
    expect(stdout).toContain('All is as it was at the beginning.')
    expect(read(root, file)).toBe(overlay)
  })

  it('says with --dry-run that only the record would change', () => {
    const root = tree({ [linux.file]: '' })
    rmSync(join(root, linux.file))
    expect(runScript(join(linux.kit, 'install.sh'), ['--root', root]).code).toBe(0)
    expect(runScript(join(linux.kit, 'uninstall.sh'), ['--root', root, '--defaults']).code).toBe(0)
    expect(runScript(join(linux.kit, 'uninstall.sh'), ['--root', root, '--dry-run'])).toEqual({
      code: 0,
      stdout: `Would change only the record in ${root}/${linux.state}.\n`,
      stderr: '',
    })
  })

  it('refuses a second --root', () => {
    const root = tree({})
    const { code, stderr } = runScript(join(linux.kit, 'check.sh'), ['--root', root, '--root', root])
    expect({ code, first: stderr.split('\n')[0] }).toEqual({ code: 2, first: 'error: --root was given twice' })
  })
})

onUnix('A profile named lock', () => {
  it('has a record like any other', () => {
    const kit = buildTarget('linux', { name: 'lock', idle: 60_000, interval: 10_000 })
    const image = tree({ [linux.file]: '# of somebody\n' })
    for (const name of ['install.sh', 'install.sh', 'uninstall.sh'])
      expect(runScript(join(kit, name), ['--root', image])).toMatchObject({ code: 0, stderr: '' })
    expect(read(image, linux.file)).toBe('# of somebody\n')
  })
})

onUnix('The chroot script of the stick', () => {
  it('refuses unknown options before it changes anything', () => {
    const script = join(targets.tcbsd.kit, 'stick/INSTALLER/post_install.d/60-keepalive.chroot')
    expect(runScript(script, ['--bogus'])).toEqual(refused(2, 'unknown option or argument: --bogus'))
    expect(runScript(script, ['--help']).stdout).toContain('Usage: ')
  })
})
