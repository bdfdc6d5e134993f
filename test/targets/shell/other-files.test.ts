import { mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { missingPrograms, type Ran } from '../../support/oracle.ts'
import { linux, onImage, onUnix, pairs, targets } from '../../support/shell-kits.ts'
import { programOf, runScript, tree } from '../../support/shells.ts'
import { someOf } from '../../support/depth.ts'

onUnix('Lines of other files', () => {
  const warnings = (
    target: 'tcbsd' | 'linux',
    files: Readonly<Record<string, string>>,
    ...args: string[]
  ): string[] => {
    const { code, stderr } = runScript(join(targets[target].kit, 'install.sh'), ['--root', tree(files), ...args])
    expect(code).toBe(0)
    return stderr.split('\n').filter((line) => line !== '')
  }
  const wins = (where: string, key: string, value: string, over: string): string =>
    `warning: ${where} sets ${key} to ${value} and is read after ${over}: after the next start that value holds. Remove or correct that line.`
  const idle = 'net.inet.tcp.keepidle'
  const time = 'net.ipv4.tcp_keepalive_time'

  it('in /etc/sysctl.conf.local are reported when they win on TC/BSD', () => {
    const lines: [line: string, value?: string][] = [
      [`${idle}=1`, '1'],
      [`  ${idle} : 2 # c`, '2'],
      [`${idle}="3"\r`, '3'],
      [`${idle}=60000`],
      [`#${idle}=1`],
      [` # ${idle}=1`],
      [`${idle}X=1`],
      [`x.${idle}=1`],
      ['netXinet.tcp.keepidle=1'],
      [idle],
      ['net.inet.tcp.keepcnt=9', '9'],
    ]
    expect(warnings('tcbsd', { 'etc/sysctl.conf.local': lines.map(([line]) => `${line}\n`).join('') })).toEqual(
      lines.flatMap(([line, value], index) => {
        const key = line.includes('keepcnt') ? 'net.inet.tcp.keepcnt' : idle
        return value === undefined ? [] : [wins(`/etc/sysctl.conf.local:${index + 1}`, key, value, '/etc/sysctl.conf')]
      }),
    )
  })

  it('in /etc/sysctl.conf do not overrule the block in /etc/sysctl.conf.local', () => {
    expect(warnings('tcbsd', { 'etc/sysctl.conf': `${idle}=1\n` }, '--local')).toEqual([])
  })

  it('in a later drop-in are reported when they win on Linux', () => {
    const lines: [line: string, value?: string][] = [
      [`${time} = 1`, '1'],
      [`${time}=2`, '2'],
      ['net/ipv4/tcp_keepalive_time = 3\r', '3'],
      [`-${time} = 4`, '4'],
      [`${time} = 60`],
      [`#${time} = 1`],
      [`;${time} = 1`],
      [`${time}_x = 1`],
      [`${time}: 1`],
    ]
    expect(warnings('linux', { 'etc/sysctl.d/99-site.conf': lines.map(([line]) => `${line}\n`).join('') })).toEqual(
      lines.flatMap(([, value], index) =>
        value === undefined
          ? []
          : [wins(`/etc/sysctl.d/99-site.conf:${index + 1}`, time, value, '/etc/sysctl.d/60-keepalive.conf')],
      ),
    )
  })

  it('are reported on Linux only from files that are read later', () => {
    const files: [path: string, named: boolean][] = [
      ['etc/sysctl.d/60-keepalive2.conf', true],
      ['run/sysctl.d/70-x.conf', true],
      ['usr/lib/sysctl.d/98-x.conf', true],
      ['etc/sysctl.conf', true],
      ['usr/lib/sysctl.d/60-keepalive.conf', false],
      ['usr/lib/sysctl.d/70-x.conf', false],
      ['etc/sysctl.d/50-x.conf', false],
      ['etc/sysctl.d/99-x.conf.bak', false],
    ]
    expect(warnings('linux', Object.fromEntries(files.map(([path]) => [path, `${time} = 1\n`])))).toEqual(
      files.flatMap(([path, named]) =>
        named ? [wins(`/${path}:1`, time, '1', '/etc/sysctl.d/60-keepalive.conf')] : [],
      ),
    )
  })

  const ours = '/etc/sysctl.d/60-keepalive.conf'
  const sysctlConf = wins('/etc/sysctl.conf:1', time, '1', ours)
  const perhaps = `warning: /etc/sysctl.conf:1 sets ${time} to 1. systemd does not read that file; if procps reads it (sysctl --system), that value holds.`
  const systemd = 'usr/lib/systemd/systemd-sysctl'
  const link = 'etc/sysctl.d/99-sysctl.conf'

  it.each(
    someOf<[what: string, links: Readonly<Record<string, string>>, files: readonly string[], said: readonly string[]]>(
      [
        ['without systemd', {}, [], [sysctlConf]],
        ['without systemd, with a link to it', { [link]: '../sysctl.conf' }, [], [sysctlConf]],
        ['with systemd, but no link to it', {}, [systemd], [perhaps]],
        ['with systemd in /lib', {}, ['lib/systemd/systemd-sysctl'], [perhaps]],
        ["with systemd and Debian's link to it", { [link]: '../sysctl.conf' }, [systemd], [sysctlConf]],
        ['with systemd and a link to it from /', { [link]: '/etc/sysctl.conf' }, [systemd], [sysctlConf]],
        [
          'with systemd and a vendor link',
          { 'usr/lib/sysctl.d/99-x.conf': '../../../etc/sysctl.conf' },
          [systemd],
          [sysctlConf],
        ],
        [
          'with systemd and a link that is read before ours',
          { 'etc/sysctl.d/10-x.conf': '../sysctl.conf' },
          [systemd],
          [perhaps],
        ],
        ['with systemd and a link to another file', { [link]: '../other/sysctl.conf' }, [systemd], [perhaps]],
        ['with systemd and a masked name', { [link]: '/dev/null' }, [systemd], [perhaps]],
      ],
      4,
    ),
  )(
    'in a left-over /etc/sysctl.conf are reported according to their effect on an image %s',
    (_, links, files, said) => {
      const root = tree({ 'etc/sysctl.conf': `${time} = 1\n`, ...Object.fromEntries(files.map((path) => [path, ''])) })
      for (const [path, to] of Object.entries(links)) {
        mkdirSync(join(root, path, '..'), { recursive: true })
        symlinkSync(to, join(root, path))
      }
      const script = (name: string): Ran => runScript(join(linux.kit, name), ['--root', root])
      const decides = said.includes(sysctlConf)
      expect(script('install.sh')).toMatchObject({ code: 0, stderr: said.map((line) => `${line}\n`).join('') })
      expect(script('check.sh')).toMatchObject({ code: decides ? 1 : 0, stderr: decides ? '' : `${perhaps}\n` })
    },
  )

  it('in a regular file 99-sysctl.conf win like those in any drop-in', () => {
    const root = tree({ [link]: `${time} = 999\n` })
    const script = (name: string): Ran => runScript(join(linux.kit, name), ['--root', root])
    expect(script('install.sh').stderr).toBe(`${wins(`/${link}:1`, time, '999', ours)}\n`)
    expect(script('check.sh')).toMatchObject({
      code: 1,
      stdout: expect.stringContaining(`in the files 999 (/${link}:1), running not asked: NOT AS WANTED\n`) as string,
    })
  })

  const byPattern = (line: number, name: string): string =>
    `warning: /etc/sysctl.d/99-site.conf:${line} sets net.ipv4.tcp_keepalive_${name} to 7 by a pattern and is read after ${ours}: if each file is read on its own (sysctl -p FILE of procps), that value holds; read together, ours does.`
  const patterns: [key: string, names: readonly string[]][] = [
    ['net.ipv4.tcp_keepalive_*', ['time', 'intvl', 'probes']],
    ['net/ipv4/tcp_keepalive_*', ['time', 'intvl', 'probes']],
    ['-net.ipv4.tcp_keepalive_?i*', ['time']],
    ['net.*.tcp_keepalive_[!ip]???', ['time']],
    ['net.ipv?.tcp_keepalive_[a-i]*', ['intvl']],
    ['*.*.tcp_keepalive_pr*', ['probes']],
    ['net.*time', []],
    ['*', []],
    ['net.ipv4.*.tcp_keepalive_time', []],
    ['net.ipv4.udp_*', []],
    ['net.ipv4.tcp_keepalive_[', []],
    ['net.ipv4.tcp_keepalive_[z-a]ime', []],
    ['net.ipv4.tcp_keepalive_*|$(touch x)', []],
    ['#net.ipv4.tcp_keepalive_*', []],
  ]
  const pairsOfPatterns = pairs.filter(({ shell, awk }) => missingPrograms(programOf(shell), awk) === undefined)

  it.each(someOf(pairsOfPatterns, 4, 4))(
    'with a pattern for our settings are reported as a possible conflict: $shell, $awk',
    ({ shell, awk }) => {
      const root = tree({ 'etc/sysctl.d/99-site.conf': patterns.map(([key]) => `${key} = 7\n`).join('') })
      const stderr = patterns
        .flatMap(([, names], index) => names.map((name) => `${byPattern(index + 1, name)}\n`))
        .join('')
      for (const name of ['install.sh', 'check.sh'])
        expect(runScript(join(linux.kit, name), ['--root', root], { shell, awk })).toMatchObject({ code: 0, stderr })
    },
  )

  it('with a pattern are ignored if they set our value, and on FreeBSD, which has no patterns', () => {
    expect(warnings('linux', { 'etc/sysctl.d/99-site.conf': 'net.ipv4.tcp_keepalive_ti* = 60\n' })).toEqual([])
    expect(warnings('tcbsd', { 'etc/sysctl.conf.local': 'net.inet.tcp.keep* = 7\n' })).toEqual([])
  })

  it('make check.sh fail and name the file and the line', () => {
    const root = tree({ 'etc/sysctl.conf.local': `# mine\n${idle}=1\n` })
    onImage(root, 'install.sh')
    const { code, stdout, stderr } = onImage(root, 'check.sh')
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' })
    expect(stdout).toContain(
      `${idle}: wanted 60000, in the files 1 (/etc/sysctl.conf.local:2), running not asked: NOT AS WANTED\n`,
    )
  })
})
