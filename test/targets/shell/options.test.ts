import { expect, it } from 'vitest'
import { describeWithOracle, missingPrograms, run } from '../../support/oracle.ts'
import { done, onUnix, read, refused, scripts, targets } from '../../support/shell-kits.ts'
import { newFolder, runScript } from '../../support/shells.ts'

onUnix.each(scripts)('$target/$name', ({ path }) => {
  it('is ASCII with LF and a final newline, and names /bin/sh as its interpreter', () => {
    expect(read(path)).toMatch(/^#!\/bin\/sh\n[\n -~]+\n$/)
  })

  it('prints its usage, options and exit codes with --help', () => {
    const help = runScript(path, ['--help'])
    expect(help).toEqual(done('Usage: '))
    expect(help.stdout).toMatch(/--root DIR .*--help .*Exit: 0 /s)
  })

  it.each([
    ['an unknown option', ['--frobnicate'], 'unknown option or argument: --frobnicate'],
    ['an argument', ['beckhoff'], 'unknown option or argument: beckhoff'],
    ['--root without a folder', ['--root'], '--root needs the folder of the image'],
    ['--root with a missing folder', ['--root', '/no/such/folder'], 'no such folder: /no/such/folder'],
    ['--root with an empty name', ['--root', ''], '--root needs the folder of the image'],
    ['a wrong option after --help', ['--help', '-x'], 'unknown option or argument: -x'],
  ])('refuses %s with exit code 2', (_, args, message) => {
    expect(runScript(path, args)).toEqual(refused(2, message))
  })

  it('refuses to run on another operating system', () => {
    const standIns = { uname: 'echo SunOS' }
    expect(runScript(path, [], { standIns })).toEqual(refused(1, 'and this machine runs SunOS. Nothing was changed.'))
  })
})

onUnix.each(scripts.filter(({ name }) => name !== 'check.sh'))('$target/$name without root', ({ target, path }) => {
  const standIns = { uname: `echo ${target === 'linux' ? 'Linux' : 'FreeBSD'}`, id: 'echo 1000' }

  it('refuses with exit code 5 and says how to become root', () => {
    const become = target === 'linux' ? 'sudo' : 'doas'
    expect(runScript(path, [], { standIns })).toEqual(
      refused(5, `only root can change these settings. Run it again with ${become}.`),
    )
  })

  it('works on an image', () => {
    expect(runScript(path, ['--root', newFolder()], { standIns }).code).toBe(0)
  })
})

describeWithOracle('Every script, with what it shares with the others,', missingPrograms('shellcheck'), () => {
  it.each(scripts)('passes shellcheck: $target/$name', ({ target, path }) => {
    const input = `${read(targets[target].kit, 'shared.sh')}${read(path).replace('. "$shared"', ':')}`
    expect(run('shellcheck', ['-s', 'sh', '-S', 'warning', '-e', 'SC2034,SC2154', '-'], { input })).toEqual({
      code: 0,
      stdout: '',
      stderr: '',
    })
  })
})
