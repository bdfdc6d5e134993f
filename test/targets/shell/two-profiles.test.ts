import { join } from 'node:path'
import { expect, it } from 'vitest'
import { type Ran } from '../../support/oracle.ts'
import { done, onUnix, otherKits, refused, targets } from '../../support/shell-kits.ts'
import { filesOf, newFolder, runScript } from '../../support/shells.ts'
import { someOf } from '../../support/depth.ts'

onUnix.each(someOf(['tcbsd', 'linux'] as const, 1, 1))('Two profiles on one %s image', (target) => {
  const { kit, file } = targets[target]
  const first = (root: string, script: string, ...args: string[]): Ran =>
    runScript(join(otherKits[target], script), ['--root', root, ...args])
  const second = (root: string, script: string, ...args: string[]): Ran =>
    runScript(join(kit, script), ['--root', root, ...args])
  const both = (): string => {
    const root = newFolder()
    first(root, 'install.sh')
    second(root, 'install.sh')
    return root
  }

  it.each([
    ['', []],
    [', with --dry-run too', ['--dry-run']],
  ])('are named by install.sh with the order of their removal%s', (_, args) => {
    const root = newFolder()
    expect(first(root, 'install.sh').stdout).not.toContain('takes the place')
    expect(second(root, 'install.sh', ...args)).toEqual(
      done(
        `Profile line-4 takes the place of profile other in ${root}/${file}. Uninstall in the reverse order: first line-4, then other.\n`,
      ),
    )
  })

  it('keep that order when the first is installed again', () => {
    expect(first(both(), 'install.sh')).toEqual(done('Uninstall in the reverse order: first line-4, then other.\n'))
  })

  it('cannot be uninstalled first to last: nothing changes, and the error names the second', () => {
    const root = both()
    const found = filesOf(root)
    for (const args of [[], ['--dry-run']])
      expect(first(root, 'uninstall.sh', ...args)).toEqual(
        refused(
          1,
          `${root}/${file} holds profile line-4, which was installed after profile other: uninstall line-4 first. Nothing was changed.\n`,
        ),
      )
    expect(filesOf(root)).toEqual(found)
  })

  it('are uninstalled last to first without a trace', () => {
    const root = both()
    expect(second(root, 'uninstall.sh')).toEqual(done('Profile line-4 is uninstalled.'))
    expect(first(root, 'uninstall.sh')).toEqual(done('Profile other is uninstalled.'))
    expect(filesOf(root)).toEqual({})
  })

  it('must still be uninstalled last to first when the first was installed again', () => {
    const root = both()
    first(root, 'install.sh')
    const found = filesOf(root)
    for (const args of [[], ['--defaults'], ['--dry-run']])
      expect(first(root, 'uninstall.sh', ...args)).toEqual(
        refused(
          1,
          `error: profile line-4 was installed over what stands in ${root}/${file} now: uninstall line-4 first. Nothing was changed.\n`,
        ),
      )
    expect(filesOf(root)).toEqual(found)
    expect(second(root, 'uninstall.sh')).toEqual(done('Profile line-4 is uninstalled.'))
    expect(first(root, 'uninstall.sh')).toEqual(done('Profile other is uninstalled.'))
    expect(filesOf(root)).toEqual({})
  })

  it('can be uninstalled first to last with --force', () => {
    const root = both()
    expect(first(root, 'uninstall.sh', '--force')).toEqual(done('Profile other is uninstalled.'))
    expect(Object.keys(filesOf(root))).not.toContain(file)
  })
})
