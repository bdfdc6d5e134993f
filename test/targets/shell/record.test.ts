import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, it } from 'vitest'
import { run } from '../../support/oracle.ts'
import { block, done, onImage, onUnix, read, refused, tcbsd } from '../../support/shell-kits.ts'
import { filesOf, modeOf, newFolder, tree } from '../../support/shells.ts'
import { someOf } from '../../support/depth.ts'

onUnix('A record', () => {
  let installed: string
  beforeAll(() => {
    installed = tree({ 'etc/sysctl.conf': 'a=1' })
    expect(onImage(installed, 'install.sh').code).toBe(0)
  })
  const image = (): string => {
    const root = newFolder()
    cpSync(installed, root, { recursive: true })
    return root
  }

  it('says what was there at the beginning, what the kit set, and what is installed', () => {
    const root = image()
    const oids = ['keepidle', 'keepintvl', 'keepcnt', 'keepinit', 'always_keepalive']
    const set = { always_keepalive: 1, keepcnt: 5, keepidle: 60_000, keepinit: 30_000, keepintvl: 10_000 }
    expect(read(root, tcbsd.state, 'record').split('\n')).toEqual([
      'keepalive-kit record 1',
      'place /etc/sysctl.conf',
      expect.stringMatching(/^before file [0-9]+ 3$/),
      ...oids.map((oid) => `before net.inet.tcp.${oid} unknown`),
      ...Object.entries(set).map(([oid, value]) => `known net.inet.tcp.${oid} ${value}`),
      expect.stringMatching(/^known part [0-9]+ [0-9]+$/),
      'installed line-4',
      ...block
        .trimEnd()
        .split('\n')
        .map((line) => `installed| ${line}`),
      expect.stringMatching(/^end [0-9]+ [0-9]+$/),
      '',
    ])
    expect(read(root, tcbsd.state, 'before.conf')).toBe('a=1')
    expect(modeOf(join(root, tcbsd.state))).toBe('0755')
    expect(modeOf(join(root, tcbsd.state, 'record'))).toBe('0644')
  })

  it.each(
    someOf<[what: string, spoil: (text: string) => string, newer?: boolean]>(
      [
        ['is empty', () => ''],
        ['is truncated', (text) => text.replace(/end .*\n$/, '')],
        ['was written by a newer kit', (text) => text.replace('record 1', 'record 2'), true],
        ['is not a record', () => 'hello\n'],
        ['names another file', (text) => text.replace('sysctl.conf', 'passwd')],
        ['has another value', (text) => text.replace('keepcnt 5', 'keepcnt 6')],
        ['repeats a line', (text) => text.replace('installed line-4\n', 'installed line-4\ninstalled line-4\n')],
        ['continues after its end', (text) => `${text}before net.inet.tcp.keepidle 1\n`],
      ],
      4,
    ),
  )('that %s is refused, and nothing changes', (_, spoil, newer = false) => {
    const root = image()
    const path = join(root, tcbsd.state, 'record')
    writeFileSync(path, spoil(readFileSync(path, 'latin1')))
    const found = filesOf(root)
    for (const [script, ...args] of [['install.sh'], ['uninstall.sh', '--force']] as const)
      expect(onImage(root, script, ...args)).toEqual(
        refused(
          1,
          newer
            ? 'was written by a newer version of keepalive-kit: use that one. Nothing was changed.\n'
            : 'is damaged. Put it back from a copy; or delete ',
        ),
      )
    expect(filesOf(root)).toEqual(found)
  })

  it('may be missing: then there is nothing to undo', () => {
    expect(onImage(newFolder(), 'uninstall.sh')).toEqual(done('There is no record in '))
  })

  it('without the copy of the file of the beginning is refused', () => {
    const root = image()
    run('rm', [join(root, tcbsd.state, 'before.conf')])
    expect(onImage(root, 'uninstall.sh')).toEqual(refused(1, 'before.conf is damaged. '))
  })

  it.each([
    ['is a link', 'mv "$STATE" "$STATE.x" && ln -s keepalive-kit.x "$STATE"', 'must not be a link, nor what is in it'],
    [
      'lies in a folder that everybody can write',
      'chmod 0777 "$STATE"',
      'somebody else owns or can change a folder on',
    ],
    [
      'lies in a folder of another user',
      'chown 33 "$STATE"',
      'somebody else owns or can change a folder on the way to',
    ],
    ['is a link to another file', 'mv "$STATE/record" /"$STATE/x" && ln -s x "$STATE/record"', 'must not be a link'],
  ])('that %s is not believed', (_, spoil, message) => {
    const root = image()
    run('sh', ['-c', spoil], { env: { STATE: join(root, tcbsd.state) } })
    const found = filesOf(root)
    for (const script of ['install.sh', 'uninstall.sh']) expect(onImage(root, script)).toEqual(refused(1, message))
    expect(filesOf(root)).toEqual(found)
  })
})
