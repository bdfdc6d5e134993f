import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync, chmodSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { missingNamespaces } from '../../support/netns.ts'
import { describeWithOracle, run, type Ran } from '../../support/oracle.ts'
import { plantOf } from '../../support/plant.ts'
import { blockOf, read, targets } from '../../support/shell-kits.ts'
import { filesOf, newFolder, runScript, tree } from '../../support/shells.ts'
import { someOf } from '../../support/depth.ts'

const targetNames = ['linux', 'tcbsd'] as const
const contentOf = (target: (typeof targetNames)[number]): string =>
  target === 'linux' ? read(targets.linux.kit, targets.linux.data) : blockOf(targets.tcbsd.kit)

/** A PATH that records each call of a program of this machine; `calls` returns the names called so far. */
function recordingPath(): { readonly path: string; readonly calls: () => ReadonlySet<string> } {
  const folder = newFolder()
  const log = join(newFolder(), 'calls')
  writeFileSync(log, '')
  // The recorder takes the program's name from its own and uses only builtins of the shell.
  const recorder = join(folder, '.recorder')
  const places = ['/usr/sbin', '/usr/bin', '/sbin', '/bin']
  writeFileSync(
    recorder,
    `#!/bin/sh\nname=\${0##*/}\necho "$name" >>'${log}'\nfor folder in ${places.join(' ')}; do [ ! -x "$folder/$name" ] || exec "$folder/$name" "$@"; done\nexit 127\n`,
  )
  chmodSync(recorder, 0o755)
  const names = new Set(places.flatMap((place) => readdirSync(place)))
  for (const name of [...names, 'sysctl', 'service', 'sysrc', 'systemctl']) {
    if (name !== '[') {
      try {
        symlinkSync('.recorder', join(folder, name))
      } catch {
        // The name is taken already.
      }
    }
  }
  return { path: folder, calls: () => new Set(readFileSync(log, 'latin1').split('\n').slice(0, -1)) }
}

describe.skipIf(process.platform === 'win32').each(someOf(targetNames, 1))('An image of %s', (target) => {
  const { kit, file } = targets[target]
  const script = (root: string, name: string, ...args: string[]): Ran =>
    runScript(join(kit, name), ['--root', root, ...args])

  it('is changed, verified and restored without reading or changing the running system', () => {
    const { path, calls } = recordingPath()
    const root = tree({ [file]: 'a=1\n' })
    for (const [name = '', ...args] of [
      ['install.sh'],
      ['install.sh', '--dry-run'],
      ['check.sh'],
      ['uninstall.sh', '--defaults'],
      ['uninstall.sh', '--previous'],
      ['uninstall.sh', '--force'],
      ['uninstall.sh'],
    ])
      expect(run('sh', [join(kit, name), '--root', root, ...args], { env: { PATH: path } })).toMatchObject({
        code: 0,
        stderr: '',
      })
    expect(filesOf(root)).toEqual({ [file]: 'a=1\n' })
    expect(calls()).toContain('awk')
    expect([...calls()].toSorted()).toEqual(
      [
        'awk',
        'cat',
        'chmod',
        'cksum',
        'cmp',
        'cp',
        'find',
        'fsync',
        'grep',
        'id',
        'ln',
        'ls',
        'mkdir',
        'mktemp',
        'mv',
        'ps',
      ]
        .concat(['readlink', 'rm', 'rmdir', 'sed', 'sh', 'sort', 'sync', 'tr', 'uname', 'wc'])
        .filter((name) => calls().has(name)),
    )
    for (const name of ['sysctl', 'service', 'sysrc', 'systemctl']) expect(calls()).not.toContain(name)
  })

  const images: readonly [what: string, links: Readonly<Record<string, string>>, file: string][] = [
    ['an absolute link for etc', { etc: '/private/etc' }, `private/${file}`],
    ['a relative link for etc', { etc: 'private/../private/etc' }, `private/${file}`],
    ['links to links', { etc: '/a', a: 'b', b: '/private/etc' }, `private/${file}`],
    ['a link that climbs above the root', { etc: '../../../../private/etc' }, `private/${file}`],
    ['an absolute link for the file', { [file]: '/private/real.conf' }, 'private/real.conf'],
  ]
  it.each(someOf(images, 2, 3))('with %s is changed at the target of the link only', (_, links, real) => {
    const root = tree({ [real]: 'a=1\n', 'private/etc/sysctl.d/x': '' })
    mkdirSync(join(root, 'data/var/db'), { recursive: true })
    mkdirSync(join(root, 'data/var/lib'), { recursive: true })
    for (const [path, to] of Object.entries({ ...links, var: '/data/var' })) {
      mkdirSync(join(root, path, '..'), { recursive: true })
      symlinkSync(to, join(root, path))
    }
    const before = filesOf(root)
    expect(script(root, 'install.sh')).toMatchObject({ code: 0, stderr: '' })
    expect(read(root, real)).toBe(target === 'linux' ? contentOf(target) : `a=1\n${contentOf(target)}`)
    expect(script(root, 'check.sh')).toMatchObject({ code: 0, stderr: '' })
    expect(Object.keys(filesOf(root)).some((path) => path.startsWith('data/var/'))).toBe(true)
    expect(script(root, 'uninstall.sh')).toMatchObject({ code: 0, stderr: '' })
    expect(filesOf(root)).toEqual(before)
  })

  it('with a link to itself stays unchanged, and the error names the link', () => {
    const root = newFolder()
    symlinkSync('etc', join(root, 'etc'))
    expect(script(root, 'install.sh')).toMatchObject({
      code: 1,
      stderr: `error: ${root}/${file} is a link that leads to itself. Nothing was changed.\n`,
    })
  })
})

describeWithOracle('A live installation', missingNamespaces(), () => {
  it.each(targetNames)('writes the same bytes and mode as an installation into an image: %s', (target) => {
    const { kit, file } = targets[target]
    const image = tree({ [file]: 'a=1\n' })
    expect(runScript(join(kit, 'install.sh'), ['--root', image])).toMatchObject({ code: 0, stderr: '' })
    const plant = plantOf(target, { files: { [file.replace('etc/', '')]: 'a=1\n' } })
    expect(plant.tell('install')).toEqual({ said: 'install 0', stderr: '' })
    expect(read(plant.etc, file.replace('etc/', ''))).toBe(read(image, file))
    const modeOf = (path: string): string => run('stat', ['-c', '%a', path]).stdout
    expect(modeOf(join(plant.etc, file.replace('etc/', '')))).toBe(modeOf(join(image, file)))
  })
})
