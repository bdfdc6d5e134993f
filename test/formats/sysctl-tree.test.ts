import { describe, expect, it } from 'vitest'
import { freebsdTrees, linuxTrees, type Start } from '../../src/formats/sysctl/tree.ts'
import { TARGETS } from '../../src/targets/index.ts'

const time = 'net.ipv4.tcp_keepalive_time'
const bytes = (files: Readonly<Record<string, string>>) =>
  new Map(Object.entries(files).map(([path, text]) => [path, Buffer.from(text)] as const))

/** The idle time that holds, and those that it overrides. */
const timeOf = (start: Start | undefined): readonly (string | undefined)[] => {
  const { statement, overridden = [] } = start?.effective.get(time) ?? {}
  return [statement, ...overridden].map((one) => one?.written)
}

describe('A tree of Linux', () => {
  it.each<
    [what: string, files: Readonly<Record<string, string>>, systemd: readonly unknown[], procps: readonly unknown[]]
  >([
    [
      'the last name of all folders',
      { 'etc/sysctl.d/60-a.conf': `${time} = 1`, 'usr/lib/sysctl.d/99-b.conf': `${time} = 2` },
      ['2', '1'],
      ['2', '1'],
    ],
    [
      '/etc, then /run, /usr/local/lib and /usr/lib, for one name',
      {
        'usr/lib/sysctl.d/60-a.conf': `${time} = 4`,
        'usr/local/lib/sysctl.d/60-a.conf': `${time} = 3`,
        'run/sysctl.d/60-a.conf': `${time} = 2`,
        'etc/sysctl.d/60-a.conf': `${time} = 1`,
      },
      ['1'],
      ['1'],
    ],
    [
      '/etc/sysctl.conf with procps only',
      { 'etc/sysctl.conf': `${time} = 9`, 'etc/sysctl.d/99-z.conf': `${time} = 1` },
      ['1'],
      ['9', '1'],
    ],
    [
      'its copy in a folder, as copying a link leaves it',
      { 'etc/sysctl.conf': `${time} = 9`, 'etc/sysctl.d/99-sysctl.conf': `${time} = 9` },
      ['9'],
      ['9', '9'],
    ],
    [
      'a full name before a later pattern',
      { 'etc/sysctl.d/60-a.conf': `${time} = 1`, 'etc/sysctl.d/99-b.conf': 'net.ipv4.tcp_keepalive_* = 7' },
      ['1', '7'],
      ['1', '7'],
    ],
    [
      'no value with systemd, if the kernel refuses the last line',
      { 'etc/sysctl.d/60-a.conf': `${time} = 1`, 'etc/sysctl.d/99-b.conf': `${time} = x` },
      [undefined, '1'],
      ['1'],
    ],
    ['no file of another kind', { 'etc/sysctl.d/60-a.txt': `${time} = 1`, 'etc/sysctl.d/x/60.conf': 'x' }, [], []],
  ])('lets decide: %s', (_, files, systemd, procps) => {
    const [tree] = linuxTrees(bytes(files), TARGETS)
    expect(timeOf(tree?.systemd)).toEqual(systemd.length === 0 ? [undefined] : systemd)
    expect(timeOf(tree?.procps)).toEqual(procps.length === 0 ? [undefined] : procps)
  })

  it.each([
    ['etc', 'run'],
    ['run', 'usr/local/lib'],
    ['usr/local/lib', 'usr/lib'],
    ['usr/lib', 'lib'],
  ])('reads a file from /%s and not the file of that name in /%s', (folder, other) => {
    const files = { [`${other}/sysctl.d/1.conf`]: `${time} = 2`, [`${folder}/sysctl.d/1.conf`]: `${time} = 1` }
    const [tree] = linuxTrees(bytes(files), TARGETS)
    expect([timeOf(tree?.systemd), timeOf(tree?.procps)]).toEqual([['1'], ['1']])
  })

  it('lists the read and the masked files, and the differences of the two ways to start', () => {
    const [tree] = linuxTrees(
      bytes({
        'etc/sysctl.conf': `${time} = 9`,
        'etc/sysctl.d/60-a.conf': '',
        'lib/sysctl.d/60-a.conf': `${time} = 5`,
        'usr/lib/sysctl.d/10-b.conf': `${time} = 1\nbad`,
      }),
      TARGETS,
    )
    expect(tree).toMatchObject({
      root: '',
      systemd: { files: ['usr/lib/sysctl.d/10-b.conf', 'etc/sysctl.d/60-a.conf'] },
      procps: { files: ['usr/lib/sysctl.d/10-b.conf', 'etc/sysctl.d/60-a.conf', 'etc/sysctl.conf'] },
      masked: [{ path: 'lib/sysctl.d/60-a.conf', by: 'etc/sysctl.d/60-a.conf' }],
    })
    expect(tree?.diagnostics.map(({ message }) => message)).toEqual([
      'Linux skips this line: "bad" has no =; write name=value',
      `${time} depends on what starts the machine: with systemd it is 1 (usr/lib/sysctl.d/10-b.conf), with procps (sysctl --system) it is 9 (etc/sysctl.conf)`,
    ])
  })

  it('separates machines by the path before etc and usr', () => {
    const trees = linuxTrees(
      bytes({
        'a/etc/sysctl.d/1.conf': `${time} = 1`,
        '/usr/lib/sysctl.d/1.conf': `${time} = 2`,
        'b/usr/local/lib/sysctl.d/1.conf': `${time} = 3`,
        'c/sysctl.d/1.conf': `${time} = 4`,
        'd/sysctl.conf': `${time} = 5`,
        'e/readme': '',
      }),
      TARGETS,
    )
    expect(trees.map(({ root, procps }) => [root, ...timeOf(procps)])).toEqual([
      ['/', '2'],
      ['a/', '1'],
      ['b/', '3'],
      ['c/', '4'],
      ['d/', '5'],
    ])
  })
})

describe('the system of a tree', () => {
  const idle = 'net.inet.tcp.keepidle'
  it.each<[what: string, files: Readonly<Record<string, string>>, linux: number, freebsd: number]>([
    ['Linux: /etc/sysctl.conf alone', { 'etc/sysctl.conf': `${time} = 40\n` }, 1, 0],
    [
      'Linux: that file, and a folder of vendors',
      { 'etc/sysctl.conf': `${time} = 40\n`, 'usr/lib/sysctl.d/50-default.conf': 'kernel.sysrq = 16\n' },
      1,
      0,
    ],
    ['FreeBSD: /etc/sysctl.conf alone', { 'etc/sysctl.conf': `${idle}=40000\n` }, 0, 1],
    [
      'FreeBSD: a .local beside it',
      { 'etc/sysctl.conf': '# none\n', 'etc/sysctl.conf.local': `${idle}=40000\n` },
      0,
      1,
    ],
    ['two machines', { 'a/etc/sysctl.conf': `${time} = 40\n`, 'b/etc/sysctl.conf': `${idle}=40000\n` }, 1, 1],
  ])('%s', (_, files, linux, freebsd) => {
    const [ours, theirs] = [linuxTrees(bytes(files), TARGETS), freebsdTrees(bytes(files), TARGETS)]
    expect([ours.length, theirs.length]).toEqual([linux, freebsd])
    const told = [...ours, ...theirs].flatMap(({ diagnostics }) => diagnostics.map(({ code }) => code))
    expect(told).not.toContain('sysctl/of-another-system')
  })
})
