import { cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, it } from 'vitest'
import { run } from '../../support/oracle.ts'
import { block, done, howToMend, onImage, onUnix, read, refused, tcbsd } from '../../support/shell-kits.ts'
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

  it('consists of two text files: the prior state and the written lines', () => {
    const root = image()
    const lines = (oids: Readonly<Record<string, number | 'unknown'>>): string[] =>
      Object.entries(oids).map(([oid, value]) => `value net.inet.tcp.${oid} ${value}`)
    const head = ['keepalive-kit record 1', 'profile line-4', 'file /etc/sysctl.conf']
    const unknown = 'unknown' as const
    expect(read(root, tcbsd.state, 'line-4/before').split('\n')).toEqual([
      ...head,
      'was present',
      'ending none',
      'part none',
      ...lines({
        keepidle: unknown,
        keepintvl: unknown,
        keepcnt: unknown,
        keepinit: unknown,
        always_keepalive: unknown,
      }),
      expect.stringMatching(/^end [0-9]+ [0-9]+$/),
      '',
    ])
    expect(read(root, tcbsd.state, 'line-4/installed').split('\n')).toEqual([
      ...head,
      ...block
        .trimEnd()
        .split('\n')
        .map((line) => `line ${line}`),
      ...lines({ keepidle: 60_000, keepintvl: 10_000, keepcnt: 5, keepinit: 30_000, always_keepalive: 1 }),
      expect.stringMatching(/^end [0-9]+ [0-9]+$/),
      '',
    ])
    expect(modeOf(join(root, tcbsd.state, 'line-4'))).toBe('0755')
    expect(modeOf(join(root, tcbsd.state, 'line-4/before'))).toBe('0644')
  })

  it.each(
    someOf<[what: string, file: 'before' | 'installed', spoil: (text: string) => string, message: string]>(
      [
        ['is empty', 'before', () => '', 'is damaged: lines are missing'],
        ['is truncated', 'before', (text) => text.replace(/end .*\n$/, ''), 'is damaged: lines are missing'],
        ['is truncated', 'installed', (text) => text.replace(/1\nend .*\n$/, ''), 'is damaged in line'],
        [
          'was written by a newer kit',
          'before',
          (text) => text.replace('record 1', 'record 2'),
          'was written by a newer version',
        ],
        ['is not a record', 'installed', () => 'hello\n', 'is not a record of keepalive-kit'],
        ['is of another profile', 'before', (text) => text.replace('line-4', 'line-5'), 'is damaged in line 2'],
        ['names another file', 'before', (text) => text.replace('sysctl.conf', 'passwd'), 'is damaged in line 3'],
        [
          'names another setting',
          'before',
          (text) => text.replace('net.inet.tcp.keepidle', 'kern.securelevel'),
          'is damaged in line 7',
        ],
        [
          'holds a value that is not a number',
          'installed',
          (text) => text.replace('keepcnt 5', 'keepcnt 5;reboot'),
          'is damaged in line',
        ],
        [
          'repeats a line',
          'before',
          (text) => text.replace('was present\n', 'was present\nwas present\n'),
          'is damaged in line 5',
        ],
        [
          'continues after its end',
          'before',
          (text) => `${text}value net.inet.tcp.keepidle 1\n`,
          'is damaged in line 13',
        ],
      ],
      4,
    ),
  )('that %s (%s) is refused, and nothing changes', (_, file, spoil, message) => {
    const root = image()
    const path = join(root, tcbsd.state, 'line-4', file)
    writeFileSync(path, spoil(readFileSync(path, 'latin1')))
    const found = filesOf(root)
    for (const [script, ...args] of [['install.sh'], ['uninstall.sh', '--force']] as const)
      expect(onImage(root, script, ...args)).toEqual(refused(1, `the record ${path} ${message}`))
    expect(filesOf(root)).toEqual(found)
  })

  it('may be missing: then there is nothing to undo', () => {
    expect(onImage(newFolder(), 'uninstall.sh')).toEqual(done('There is no record of profile line-4'))
  })

  it('without its second file is refused', () => {
    const root = image()
    const path = join(root, tcbsd.state, 'line-4/installed')
    run('rm', [path])
    expect(onImage(root, 'uninstall.sh')).toEqual(
      refused(1, `the record ${path} is missing or cannot be read. ${howToMend} Nothing was changed.`),
    )
    expect(existsSync(join(root, tcbsd.state, 'line-4/before'))).toBe(true)
  })
})
