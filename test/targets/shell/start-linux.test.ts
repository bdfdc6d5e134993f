import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, it } from 'vitest'
import { someOf } from '../../support/depth.ts'
import { missingPrograms, type Ran } from '../../support/oracle.ts'
import { linux, onUnix, pairs } from '../../support/shell-kits.ts'
import { newFolder, programOf, runScript } from '../../support/shells.ts'

// Who has the last word at the next start, as install.sh and check.sh say. The profile's idle time is 60 s.

const time = 'net.ipv4.tcp_keepalive_time'
const ours = 'etc/sysctl.d/60-keepalive.conf'
const systemd = 'usr/lib/systemd/systemd-sysctl'

/** Text of a file, or the target of a link, after `-> `. */
type Files = Readonly<Record<string, string>>
function image(files: Files): string {
  const root = newFolder()
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    if (content.startsWith('-> ')) symlinkSync(content.slice(3), join(root, path))
    else writeFileSync(join(root, path), content)
  }
  return root
}

const script = (root: string, name: string, shell?: string, awk?: string): Ran =>
  runScript(join(linux.kit, name), ['--root', root], { ...(shell && { shell }), ...(awk && { awk }) })

const sets = (where: string, value: number | string, key = time): string =>
  `warning: /${where} sets ${key} to ${value} at the next start. Remove or correct that line.\n`
const may = (where: string, key = time): string =>
  `warning: /${where} may set ${key} at the next start: the order there is not known beforehand.\n`
const takes = (where: string): string =>
  `warning: /${where} takes ${time} away: at the next start the kernel keeps its own value.\n`

/** Files, and the warnings of install.sh; without one, ours have the last word. */
type Row = readonly [what: string, files: Files, warns?: string | undefined]

/** sysctl-at-boot.md, section 5, and more of each kind of start. */
const starts: readonly Row[] = [
  [
    'Alpine: /run is read last',
    { 'etc/alpine-release': '', 'run/sysctl.d/10-a.conf': `${time}=9\n` },
    sets('run/sysctl.d/10-a.conf:1', 9),
  ],
  ['Alpine: vendor files are read first', { 'etc/alpine-release': '', 'usr/lib/sysctl.d/99-a.conf': `${time}=9\n` }],
  [
    'Alpine: /etc/sysctl.conf is read after the folder',
    { 'etc/alpine-release': '', 'etc/sysctl.conf': `${time}=9\n` },
    sets('etc/sysctl.conf:1', 9),
  ],
  [
    'Alpine: a regular file in /run hides no file of /etc',
    { 'etc/alpine-release': '', 'run/sysctl.d/60-keepalive.conf': '' },
  ],
  [
    'OpenWrt: /etc/sysctl.conf wins',
    { 'etc/openwrt_release': '', 'etc/sysctl.conf': `${time}=9\n` },
    sets('etc/sysctl.conf:1', 9),
  ],
  [
    'OpenWrt: its own drop-in is read before ours',
    { 'etc/openwrt_release': '', 'etc/sysctl.d/10-default.conf': `${time}=120\n` },
  ],
  ['OpenWrt: vendor folders are not read', { 'etc/openwrt_release': '', 'usr/lib/sysctl.d/99-a.conf': `${time}=9\n` }],
  [
    'Buildroot: a vendor folder is read later',
    { 'etc/init.d/S02sysctl': '', 'usr/lib/sysctl.d/10-a.conf': `${time}=9\n` },
    sets('usr/lib/sysctl.d/10-a.conf:1', 9),
  ],
  [
    'Buildroot: files of one folder have no order',
    { 'etc/init.d/S02sysctl': '', 'etc/sysctl.d/99-a.conf': `${time}=9\n` },
    may('etc/sysctl.d/99-a.conf:1'),
  ],
  [
    'Buildroot: hidden files count',
    { 'etc/init.d/S02sysctl': '', 'lib/sysctl.d/.a.conf': `${time}=9\n` },
    sets('lib/sysctl.d/.a.conf:1', 9),
  ],
  [
    'Buildroot with OpenRC: /etc/sysctl.conf is read first',
    { 'etc/os-release': 'ID=buildroot\n', 'etc/sysctl.conf': `${time}=9\n` },
  ],
  [
    'Void: a later pattern beats an exact name',
    { 'etc/runit/core-services/08-sysctl.sh': '', 'etc/sysctl.d/70-a.conf': 'net.ipv4.tcp_keepalive_*=45\n' },
    ['time', 'intvl', 'probes'].map((key) => may('etc/sysctl.d/70-a.conf:1', `net.ipv4.tcp_keepalive_${key}`)).join(''),
  ],
  [
    'Void: /run hides ours',
    { 'etc/runit/core-services/08-sysctl.sh': '', 'run/sysctl.d/60-keepalive.conf': `${time}=9\n` },
    `${sets('run/sysctl.d/60-keepalive.conf:1', 9)}warning: nothing sets net.ipv4.tcp_keepalive_intvl at the next start.\nwarning: nothing sets net.ipv4.tcp_keepalive_probes at the next start.\n`,
  ],
  [
    'Void: a link that leads nowhere hides nothing',
    { 'etc/runit/core-services/08-sysctl.sh': '', 'run/sysctl.d/60-keepalive.conf': '-> nowhere' },
  ],
  [
    "Yocto's sysvinit: only /etc/sysctl.conf is read",
    { 'etc/init.d/bootmisc.sh': 'sysctl -p /etc/sysctl.conf\n' },
    `warning: this system reads only /etc/sysctl.conf at its start, and not /${ours}: put the lines there too.\n`,
  ],
  [
    'Debian with sysvinit: procps reads /etc/sysctl.conf last',
    { 'etc/init.d/procps': '', 'etc/init.d/bootmisc.sh': '# /etc/sysctl.conf\n', 'etc/sysctl.conf': `${time}=9\n` },
    sets('etc/sysctl.conf:1', 9),
  ],
  [
    'Talos: no file is read',
    { 'etc/os-release': 'NAME=Talos\nID=talos\n' },
    'warning: Talos reads no file of sysctl.d: its values come from machine.sysctls.\n',
  ],
  [
    'systemd: a credential has the last word',
    { [systemd]: '', 'etc/credstore/sysctl.extra': `${time}=9\n` },
    sets('etc/credstore/sysctl.extra:1', 9),
  ],
  [
    'systemd: a bare -NAME takes our setting away',
    { [systemd]: '', 'usr/lib/sysctl.d/70-a.conf': `-${time}\n` },
    takes('usr/lib/sysctl.d/70-a.conf:1'),
  ],
  [
    'systemd: so does one with slashes',
    { [systemd]: '', 'etc/sysctl.d/70-a.conf': '-net/ipv4/tcp_keepalive_time\n' },
    takes('etc/sysctl.d/70-a.conf:1'),
  ],
  ['procps: a bare -NAME takes nothing away', { 'etc/init.d/procps': '', 'etc/sysctl.d/70-a.conf': `-${time}\n` }],
  [
    'systemd: the unit is masked',
    { [systemd]: '', 'etc/systemd/system/systemd-sysctl.service': '-> /dev/null' },
    'warning: systemd-sysctl.service is masked: nothing reads the files of sysctl.d at the start.\n',
  ],
  ['systemd: /etc/sysctl.conf is not read', { [systemd]: '', 'etc/sysctl.conf': `${time}=9\n` }],
  [
    'systemd: a link leads to /etc/sysctl.conf',
    { [systemd]: '', 'etc/sysctl.conf': `${time}=9\n`, 'etc/sysctl.d/99-sysctl.conf': '-> ../sysctl.conf' },
    sets('etc/sysctl.conf:1', 9),
  ],
  [
    'systemd: so does an absolute link, inside the image',
    { [systemd]: '', 'etc/sysctl.conf': `${time}=9\n`, 'usr/lib/sysctl.d/99-a.conf': '-> /etc/sysctl.conf' },
    sets('etc/sysctl.conf:1', 9),
  ],
  [
    'systemd: a link to /dev/null hides a vendor file',
    { [systemd]: '', 'usr/lib/sysctl.d/99-a.conf': `${time}=9\n`, 'etc/sysctl.d/99-a.conf': '-> /dev/null' },
  ],
  [
    'Alpine: a link to /dev/null hides nothing',
    { 'etc/alpine-release': '', 'run/sysctl.d/99-a.conf': `${time}=9\n`, 'etc/sysctl.d/99-a.conf': '-> /dev/null' },
    sets('run/sysctl.d/99-a.conf:1', 9),
  ],
  [
    'systemd: an empty file hides a vendor file',
    { [systemd]: '', 'usr/lib/sysctl.d/99-a.conf': `${time}=9\n`, 'run/sysctl.d/99-a.conf': '' },
  ],
  ['systemd: a hidden file is not read', { [systemd]: '', 'etc/sysctl.d/.99-a.conf': `${time}=9\n` }],
  ['procps: a hidden file sorts first', { 'etc/init.d/procps': '', 'etc/sysctl.d/.99-a.conf': `${time}=9\n` }],
  [
    'systemd: a later pattern yields to the exact name',
    { [systemd]: '', 'etc/sysctl.d/99-a.conf': 'net.ipv4.tcp_keepalive_* = 9\n' },
  ],
  [
    'a file name with a blank',
    { [systemd]: '', 'etc/sysctl.d/99 a.conf': `${time}=9\n` },
    sets('etc/sysctl.d/99 a.conf:1', 9),
  ],
  [
    'other suffixes and earlier names',
    { [systemd]: '', 'etc/sysctl.d/99-a.conf.bak': `${time}=9\n`, 'etc/sysctl.d/50-a.conf': `${time}=9\n` },
  ],
  [
    'ufw is on',
    { [systemd]: '', 'etc/ufw/ufw.conf': 'ENABLED=yes\n', 'etc/ufw/sysctl.conf': 'net/ipv4/tcp_keepalive_time=9\n' },
    sets('etc/ufw/sysctl.conf:1', 9),
  ],
  [
    'ufw is off',
    { [systemd]: '', 'etc/ufw/ufw.conf': 'ENABLED=no\n', 'etc/ufw/sysctl.conf': 'net/ipv4/tcp_keepalive_time=9\n' },
  ],
]

const tuned = { [systemd]: '', 'etc/tuned/active_profile': 'plant\n' }
const off = { 'etc/tuned/tuned-main.conf': '# reapply_sysctl = 1\nreapply_sysctl = 0\n' }
const plant = (text: string): Files => ({ 'etc/tuned/plant/tuned.conf': text })
const withTuned: readonly Row[] = [
  [
    'TuneD sets our key and reapplies no file',
    { ...tuned, ...off, ...plant(`[main]\n[sysctl]\n# ${time}=1\n${time} = 300\n[other]\n${time}=2\n`) },
    sets('etc/tuned/plant/tuned.conf:4', 300),
  ],
  ['TuneD reapplies the files, so ours win', { ...tuned, ...plant(`[sysctl]\n${time}=300\n`) }],
  ['TuneD is not active', { [systemd]: '', ...off, ...plant(`[sysctl]\n${time}=300\n`) }],
  [
    'TuneD: a section of type sysctl with another name',
    { ...tuned, ...off, ...plant(`[plant]\n${time}="300"\ntype=sysctl\n`) },
    sets('etc/tuned/plant/tuned.conf:2', 300),
  ],
  [
    'TuneD: an included profile, one of two',
    {
      ...tuned,
      ...off,
      ...plant('[main]\ninclude=base, other\n'),
      'usr/lib/tuned/other/tuned.conf': `[sysctl]\n${time}=300\n`,
    },
    sets('usr/lib/tuned/other/tuned.conf:2', 300),
  ],
  ['TuneD: profiles include each other', { ...tuned, ...off, ...plant('[main]\ninclude=plant\n') }],
  [
    'TuneD: its newer folder, and our value',
    { ...tuned, ...off, 'usr/lib/tuned/profiles/plant/tuned.conf': `[sysctl]\n${time}=60\n` },
  ],
  [
    'TuneD applies /etc/sysctl.conf, which systemd does not read',
    { ...tuned, ...plant('[sysctl]\nvm.swappiness=1\n'), 'etc/sysctl.conf': `${time}=9\n` },
    sets('etc/sysctl.conf:1', 9),
  ],
]

/** Lines of a file that is read after ours, and what they set; `nothing`: the kernel refuses the value. */
const lines: readonly (readonly [line: string, sets?: number | 'nothing' | 'unset'])[] = [
  [`${time} = 1`, 1],
  [`\t${time}\t=\t2 `, 2],
  ['net/ipv4/tcp_keepalive_time = 3\r', 3],
  [`-${time} = 4`, 4],
  [`${time} = 60`],
  [`${time} = 074`],
  [`${time} = 0x3c`],
  [`${time} = 60 # site`],
  [`${time}=20 # site`, 20],
  [`${time}=0x14`, 20],
  [`${time}=024`, 20],
  [`${time}=60s`, 'nothing'],
  [`${time}="60"`, 'nothing'],
  [`${time}=08`, 'nothing'],
  [`${time}=`, 'nothing'],
  ['net.ipv4.tcp_keepalive_probes=300', 'nothing'],
  [`#${time} = 1`],
  [`;${time} = 1`],
  [` # ${time} = 1`],
  [`${time}_x = 1`],
  [`x.${time} = 1`],
  [`${time}: 1`],
  [time],
  [`\u{feff}${time}=1`],
]
const lineRows = lines.map(([line, value]): Row => {
  const warned = value === 'nothing' ? takes : (where: string) => sets(where, Number(value))
  const said =
    value === undefined
      ? undefined
      : warned('etc/sysctl.d/99-a.conf:2').replace(
          time,
          line.includes('probes') ? 'net.ipv4.tcp_keepalive_probes' : time,
        )
  return [`the line ${JSON.stringify(line)}`, { [systemd]: '', 'etc/sysctl.d/99-a.conf': `# a\n${line}\n` }, said]
})

onUnix('The next start of Linux', () => {
  const tried = pairs.filter(({ shell, awk }) => missingPrograms(programOf(shell), awk) === undefined)
  const rows = [...starts, ...withTuned, ...lineRows].map((row, index) => ({
    row,
    ...(tried[index % tried.length] ?? { shell: 'sh', awk: 'awk' }),
  }))

  it.each(someOf(rows, 20, 40).map(({ row, ...pair }) => [row[0], row, pair] as const))(
    'is what install.sh and check.sh say: %s',
    (_, [, files, warns], { shell, awk }) => {
      const root = image(files)
      const { code, stderr } = script(root, 'install.sh', shell, awk)
      expect({ code, stderr }).toEqual({ code: warns === undefined ? 0 : 4, stderr: warns ?? '' })
      expect(script(root, 'check.sh', shell, awk).code).toBe(warns === undefined ? 0 : 1)
    },
  )

  it('is said before anything is written, and with --dry-run', () => {
    const root = image({ 'etc/os-release': 'ID=talos\n' })
    expect(runScript(join(linux.kit, 'install.sh'), ['--root', root, '--dry-run'])).toEqual({
      code: 4,
      stdout: `Would write ${root}/${ours}.\n`,
      stderr: 'warning: Talos reads no file of sysctl.d: its values come from machine.sysctls.\n',
    })
  })

  it('is shown by check.sh with the file and the line', () => {
    const root = image({ [systemd]: '', 'etc/sysctl.d/99-a.conf': `# a\n${time} = 9\n` })
    script(root, 'install.sh')
    expect(script(root, 'check.sh').stdout).toContain(
      `${time}: wanted 60, at the next start 9 (/etc/sysctl.d/99-a.conf:2), running not asked: NOT AS WANTED\n`,
    )
  })

  it('is named by uninstall.sh --defaults where other files set other values than the defaults', () => {
    const root = image({ [systemd]: '', 'usr/lib/sysctl.d/10-arch.conf': `${time} = 120\n` })
    expect(script(root, 'install.sh').code).toBe(0)
    expect(runScript(join(linux.kit, 'uninstall.sh'), ['--root', root, '--defaults'])).toEqual({
      code: 4,
      stdout: expect.stringContaining('The settings of keepalive-kit are gone.') as string,
      stderr: sets('usr/lib/sysctl.d/10-arch.conf:1', 120),
    })
  })
})
