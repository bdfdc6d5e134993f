import { join } from 'node:path'
import { expect, it } from 'vitest'
import { someOf } from '../../support/depth.ts'
import { type Ran } from '../../support/oracle.ts'
import { done, onUnix, otherKits, refused, targets } from '../../support/shell-kits.ts'
import { filesOf, runScript, tree } from '../../support/shells.ts'

onUnix.each(someOf(['tcbsd', 'linux'] as const, 1, 1))('Two profiles on one %s image', (target) => {
  const { kit, file } = targets[target]
  const first = (root: string, script: string, ...args: string[]): Ran =>
    runScript(join(otherKits[target], script), ['--root', root, ...args])
  const second = (root: string, script: string, ...args: string[]): Ran =>
    runScript(join(kit, script), ['--root', root, ...args])
  const original = { [file]: '# mine\n', 'etc/fstab': 'x\n' }
  const both = (): string => {
    const root = tree(original)
    expect(first(root, 'install.sh').code).toBe(0)
    expect(second(root, 'install.sh').code).toBe(0)
    return root
  }

  it('share one record: the second takes the place of the first, and its uninstall.sh goes back to the beginning', () => {
    const root = both()
    expect(second(root, 'uninstall.sh')).toEqual(done('All is as it was at the beginning.\n'))
    expect(filesOf(root)).toEqual(original)
  })

  it('cannot be uninstalled by the one that is not installed, which names the other, and changes nothing', () => {
    const root = both()
    const found = filesOf(root)
    for (const args of [[], ['--defaults'], ['--previous'], ['--dry-run']])
      expect(first(root, 'uninstall.sh', ...args)).toEqual(
        refused(
          1,
          'error: profile line-4 is installed, not other: use its uninstall.sh, or --force. Nothing was changed.\n',
        ),
      )
    expect(filesOf(root)).toEqual(found)
  })

  it('go back to the beginning with --force, whichever is installed', () => {
    const root = both()
    expect(first(root, 'uninstall.sh', '--force')).toEqual(done('All is as it was at the beginning.\n'))
    expect(filesOf(root)).toEqual(original)
  })

  it('go back to the first with --previous, which is the installed one then', () => {
    const root = both()
    expect(second(root, 'uninstall.sh', '--previous')).toEqual(
      done('What was installed before is back: profile other.\n'),
    )
    expect(second(root, 'uninstall.sh')).toEqual(refused(1, 'profile other is installed, not line-4'))
    expect(first(root, 'check.sh').code).toBe(0)
    expect(first(root, 'uninstall.sh').code).toBe(0)
    expect(filesOf(root)).toEqual(original)
  })
})
