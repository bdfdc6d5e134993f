import { chmodSync, cpSync, existsSync, lstatSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { buildTarget } from '../support/build.ts'
import { machine, missingNamespaces, type Machine } from '../support/netns.ts'
import { describeWithOracle, missingPrograms, run, type Ran } from '../support/oracle.ts'
import { awks, filesOf, modeOf, newFolder, programOf, runScript, shells, tree } from '../support/shells.ts'

const profile = { name: 'line-4', idle: 60_000, interval: 10_000, probes: 5 }
const targets = {
  tcbsd: {
    kit: buildTarget('tcbsd', { ...profile, init: 30_000, always: true }),
    file: 'etc/sysctl.conf',
    state: 'var/db/keepalive-kit',
    data: 'keepalive.sysctl.conf',
  },
  linux: {
    kit: buildTarget('linux', profile),
    file: 'etc/sysctl.d/60-keepalive.conf',
    state: 'var/lib/keepalive-kit',
    data: '60-keepalive.conf',
  },
} as const
const { tcbsd, linux } = targets
const otherKits = {
  tcbsd: buildTarget('tcbsd', { name: 'other', idle: 4_000, interval: 4_000 }),
  linux: buildTarget('linux', { name: 'other', idle: 4_000, interval: 4_000 }),
} as const
const scripts = (['tcbsd', 'linux'] as const).flatMap((target) =>
  ['install.sh', 'uninstall.sh', 'verify.sh'].map((name) => ({ target, name, path: join(targets[target].kit, name) })),
)

const read = (...path: string[]): string => readFileSync(join(...path), 'latin1')
const blockOf = (kit: string, name = profile.name): string =>
  `# BEGIN keepalive-kit ${name}\n${read(kit, 'keepalive.sysctl.conf')}# END keepalive-kit ${name}\n`
const block = blockOf(tcbsd.kit)

/** Runs a script of the TC/BSD kit on an image. */
const onImage = (root: string, script: string, ...args: string[]): Ran =>
  runScript(join(tcbsd.kit, script), ['--root', root, ...args])

const done = (stdout: string): Ran => ({ code: 0, stdout: expect.stringContaining(stdout) as string, stderr: '' })
const refused = (code: number, stderr: string): Ran => ({
  code,
  stdout: '',
  stderr: expect.stringContaining(stderr) as string,
})

// Windows has no sh; its scripts have their own tests.
const onUnix = describe.skipIf(process.platform === 'win32')

onUnix.each(scripts)('$target/$name', ({ path }) => {
  it('is ASCII with LF and a final newline, and runs under /bin/sh', () => {
    expect(read(path)).toMatch(/^#!\/bin\/sh\n[\n -~]+\n$/)
  })

  it('says with --help what it does, its options and its exit codes', () => {
    const help = runScript(path, ['--help'])
    expect(help).toEqual(done('Usage: '))
    expect(help.stdout).toMatch(/--root DIR .*--help .*Exit: 0 /s)
  })

  it.each([
    ['an unknown option', ['--frobnicate'], 'unknown option or argument: --frobnicate'],
    ['an argument', ['beckhoff'], 'unknown option or argument: beckhoff'],
    ['--root without a folder', ['--root'], '--root needs the folder of the image'],
    ['--root with a folder that is not there', ['--root', '/no/such/folder'], 'no such folder: /no/such/folder'],
    ['--root with an empty name', ['--root', ''], 'not a usable folder'],
    ['a wrong option behind --help', ['--help', '-x'], 'unknown option or argument: -x'],
  ])('refuses %s with exit code 2', (_, args, message) => {
    expect(runScript(path, args)).toEqual(refused(2, message))
  })

  it('refuses a machine of another system', () => {
    const standIns = { uname: 'echo SunOS' }
    expect(runScript(path, [], { standIns })).toEqual(refused(1, 'and this machine runs SunOS. Nothing was changed.'))
  })
})

onUnix.each(scripts.filter(({ name }) => name !== 'verify.sh'))('$target/$name without root', ({ target, path }) => {
  const standIns = { uname: `echo ${target === 'linux' ? 'Linux' : 'FreeBSD'}`, id: 'echo 1000' }

  it('refuses with exit code 5 and says how to become root', () => {
    const become = target === 'linux' ? 'sudo' : 'doas'
    expect(runScript(path, [], { standIns })).toEqual(
      refused(5, `only root can change these settings. Run it again with ${become}.`),
    )
  })

  it('is not needed for an image', () => {
    expect(runScript(path, ['--root', newFolder()], { standIns }).code).toBe(0)
  })
})

describeWithOracle('Every script', missingPrograms('shellcheck'), () => {
  it('has nothing that shellcheck objects to', () => {
    expect(run('shellcheck', ['-s', 'sh', ...scripts.map(({ path }) => path)])).toEqual({
      code: 0,
      stdout: '',
      stderr: '',
    })
  })
})

// The stand-ins speak as FreeBSD's programs do, as far as the scripts ask. They prove what the scripts make of these
// answers, not that a FreeBSD kernel gives them: its clock ticks, EINVAL and `sysctl key=value` are restated here.
const freebsd = {
  uname: 'echo FreeBSD',
  sysctl: `
read -r hz <"$KERNEL/kern.hz"
[ "$1" = -n ] && oid=$2 || oid=\${1%%=*}
[ -e "$KERNEL/$oid" ] || { echo "sysctl: unknown oid '$oid'" >&2; exit 1; }
case $oid in *.keepidle | *.keepintvl | *.keepinit) unit=1000 ;; *) unit=$hz ;; esac
read -r held <"$KERNEL/$oid"
if [ "$1" = -n ]; then echo $((held * unit / hz)); exit; fi
ticks=$((\${1#*=} * hz / unit))
[ "$unit" = "$hz" ] || [ "$ticks" -ge 1 ] || { echo "sysctl: $1: Invalid argument" >&2; exit 1; }
echo "$oid: $((held * unit / hz)) -> \${1#*=}"
echo "$ticks" >"$KERNEL/$oid"`,
}

interface FreeBsd extends Machine {
  readonly kernel: string
  /** idle, interval, init, probes and always as the kernel holds them: times in ticks. */
  held(): string
}

function freebsdMachine(
  options: {
    readonly hz?: number
    readonly files?: Readonly<Record<string, string>>
    readonly env?: Readonly<Record<string, string>>
  } = {},
): FreeBsd {
  const hz = options.hz ?? 1_000
  const oids = { keepidle: 7200 * hz, keepintvl: 75 * hz, keepinit: 75 * hz, keepcnt: 8, always_keepalive: 1 }
  const kernel = newFolder()
  writeFileSync(join(kernel, 'kern.hz'), `${hz}\n`)
  for (const [oid, value] of Object.entries(oids)) writeFileSync(join(kernel, `net.inet.tcp.${oid}`), `${value}\n`)
  return {
    ...machine(options.files, { KIT: tcbsd.kit, KERNEL: kernel, ...options.env }, freebsd),
    kernel,
    held: () =>
      Object.keys(oids)
        .map((oid) => read(kernel, `net.inet.tcp.${oid}`).trim())
        .join(' '),
  }
}
const atFirst = '7200000 75000 75000 8 1'
const inForce = '60000 10000 30000 5 1'

const pairs = [
  ...shells.map((shell) => ({ shell, awk: 'mawk', systems: ['tcbsd', 'linux'] as const })),
  ...awks.slice(1).map((awk) => ({ shell: 'dash', awk, systems: ['tcbsd'] as const })),
]
for (const { shell, awk, systems } of pairs) {
  describeWithOracle(`Under ${shell} with ${awk} as awk`, missingPrograms(programOf(shell), awk), () => {
    it.each(systems)('a %s image gets the profile once, and its own bytes back', (target) => {
      const { kit, file, data, state } = targets[target]
      const original = { [file]: '# \xe4\r\nkern.x = 1\r\n# the end', 'etc/fstab': 'x\n' }
      const root = tree({})
      for (const [path, text] of Object.entries(original)) {
        mkdirSync(join(root, path, '..'), { recursive: true })
        writeFileSync(join(root, path), text, 'latin1')
      }
      const script = (name: string): Ran => runScript(join(kit, name), ['--root', root], { shell, awk })
      expect(script('install.sh')).toEqual(done('Profile line-4 is installed.'))
      expect(read(root, file)).toBe(target === 'linux' ? read(kit, data) : `${original[file] ?? ''}\n${block}`)
      const installed = filesOf(root)
      expect(Object.keys(installed).filter((path) => path.startsWith(state))).not.toEqual([])
      expect(script('install.sh')).toEqual(done('there was nothing to change'))
      expect(filesOf(root)).toEqual(installed)
      expect(script('verify.sh')).toEqual(done('Profile line-4 is as it should be.'))
      expect(script('uninstall.sh')).toEqual(done('Profile line-4 is uninstalled.'))
      expect(filesOf(root)).toEqual(original)
    })
  })
}

for (const shell of shells) {
  describeWithOracle(`On a machine with ${shell}`, missingPrograms(programOf(shell)) ?? missingNamespaces(), () => {
    const steps = ['install', 'verify', 'uninstall']
    const code = steps.map((step) => `${shell} "$KIT/${step}.sh" >/dev/null; echo "${step} $?"`).join('\n')
    const expected = { code: 0, stdout: 'install 0\nverify 0\nuninstall 0\n', stderr: '' }

    it('the TC/BSD scripts put the profile in force and put back what was there', () => {
      const plant = freebsdMachine({ files: { 'sysctl.conf': 'a=1' } })
      expect(plant.run(code)).toEqual(expected)
      expect(plant.held()).toBe(atFirst)
      expect(read(plant.etc, 'sysctl.conf')).toBe('a=1')
    })

    it('the Linux scripts put the profile in force and put back what was there', () => {
      expect(machine({}, { KIT: linux.kit }).run(code)).toEqual(expected)
    })
  })
}

onUnix('The block in /etc/sysctl.conf', () => {
  const conf = (text: string): string => tree({ 'etc/sysctl.conf': text })

  it('makes the file, mode 0644, where there was none, and uninstall removes it again', () => {
    const root = newFolder()
    expect(onImage(root, 'install.sh').code).toBe(0)
    expect(read(root, tcbsd.file)).toBe(block)
    expect(modeOf(join(root, tcbsd.file))).toBe('0644')
    expect(onImage(root, 'uninstall.sh').code).toBe(0)
    expect(filesOf(root)).toEqual({})
  })

  it.each<[what: string, original: string, separator: string]>([
    ['is empty', '', ''],
    ['ends with a newline', 'a=1\nb=2\n', ''],
    ['has no newline at its end', 'a=1\nb=2', '\n'],
    ['has CRLF lines', 'a=1\r\nb=2\r\n', ''],
    ['has CRLF lines and no end', 'a=1\r\nb=2', '\n'],
    ['ends with empty lines', 'a=1\n\n\n', ''],
    ['has only an empty line', '\n', ''],
    ['has backslashes, percent signs and blanks', '  a\\n=%s\t \n\\', '\n'],
    ['has a very long line', `# ${'x'.repeat(70_000)}\n`, ''],
    [
      'has words that are like the marks',
      '# BEGIN keepalive-kit\n#END keepalive-kit x\n # BEGIN keepalive-kit x\n',
      '',
    ],
  ])('leaves the other lines byte for byte as they are where the file %s', (_, original, separator) => {
    const root = conf(original)
    expect(onImage(root, 'install.sh')).toEqual(done('is installed'))
    expect(read(root, tcbsd.file)).toBe(`${original}${separator}${block}`)
    expect(onImage(root, 'uninstall.sh')).toEqual(done('is uninstalled'))
    expect(filesOf(root)).toEqual({ 'etc/sysctl.conf': original })
  })

  it('is last, so that it wins over an earlier assignment, and moves there again when lines were added behind it', () => {
    const root = conf('net.inet.tcp.keepidle = 1\n')
    onImage(root, 'install.sh')
    writeFileSync(join(root, tcbsd.file), `${read(root, tcbsd.file)}net.inet.tcp.keepidle=2\n`)
    expect(onImage(root, 'verify.sh').stdout).toContain('keepidle: wanted 60000, in the files 2 (/etc/sysctl.conf:')
    expect(onImage(root, 'install.sh').code).toBe(0)
    expect(read(root, tcbsd.file)).toBe(`net.inet.tcp.keepidle = 1\nnet.inet.tcp.keepidle=2\n${block}`)
    expect(onImage(root, 'verify.sh').code).toBe(0)
  })

  it('replaces the block of another profile, which comes back, in its place, with uninstall', () => {
    const original = `a=1\n${blockOf(otherKits.tcbsd, 'other')}b=2`
    const root = conf(original)
    expect(onImage(root, 'install.sh').code).toBe(0)
    expect(read(root, tcbsd.file)).toBe(`a=1\nb=2\n${block}`)
    expect(onImage(root, 'uninstall.sh').code).toBe(0)
    expect(read(root, tcbsd.file)).toBe(original)
  })

  it.each([
    [
      'BEGIN without END',
      `a=1\n# BEGIN keepalive-kit x\nb=2\n`,
      'line 3 is the last one, and the block of line 2 has no end',
    ],
    ['END without BEGIN', 'a=1\n# END keepalive-kit x\n', 'line 2 ends a block that is not open'],
    [
      'END of another profile',
      '# BEGIN keepalive-kit x\n# END keepalive-kit y\n',
      'line 2 ends a block that is not open',
    ],
    [
      'a block in a block',
      '# BEGIN keepalive-kit x\n# BEGIN keepalive-kit y\n# END keepalive-kit y\n',
      'line 2 begins a block inside the one of line 1',
    ],
    ['two blocks', `${block}${block}`, 'begins a second block'],
    [
      'marks with CRLF',
      '# BEGIN keepalive-kit x\r\nb=2\r\n',
      'line 2 is the last one, and the block of line 1 has no end',
    ],
    ['NUL bytes', 'a=1\0\n', 'is not a text file: it has NUL bytes'],
  ])('is not written where the file has %s', (_, original, message) => {
    const root = conf(original)
    expect(onImage(root, 'install.sh')).toEqual(refused(1, message))
    expect(filesOf(root)).toEqual({ 'etc/sysctl.conf': original })
  })

  it.each(['real.conf', '/conf/real.conf'])('goes into the file that a link leads to: %s', (link) => {
    const real = link.startsWith('/') ? link.slice(1) : `etc/${link}`
    const root = tree({ [real]: 'a=1\n', 'etc/x': '' })
    symlinkSync(link, join(root, tcbsd.file))
    expect(onImage(root, 'install.sh').code).toBe(0)
    expect(lstatSync(join(root, tcbsd.file)).isSymbolicLink()).toBe(true)
    expect(read(root, real)).toBe(`a=1\n${block}`)
    expect(onImage(root, 'uninstall.sh').code).toBe(0)
    expect(read(root, real)).toBe('a=1\n')
  })

  it('does not follow a link out of the image', () => {
    const outside = tree({ 'sysctl.conf': 'a=1\n' })
    const root = newFolder()
    symlinkSync(outside, join(root, 'etc'))
    expect(onImage(root, 'install.sh')).toEqual(refused(1, 'leads out of the image'))
    expect(filesOf(outside)).toEqual({ 'sysctl.conf': 'a=1\n' })
  })

  it('leaves mode and owner as they are', () => {
    const root = conf('a=1\n')
    chmodSync(join(root, tcbsd.file), 0o640)
    if (process.getuid?.() === 0) run('chown', ['33:33', join(root, tcbsd.file)])
    const { uid, gid } = lstatSync(join(root, tcbsd.file))
    for (const script of ['install.sh', 'uninstall.sh']) {
      expect(onImage(root, script).code).toBe(0)
      expect(modeOf(join(root, tcbsd.file))).toBe('0640')
      expect(lstatSync(join(root, tcbsd.file))).toMatchObject({ uid, gid })
    }
  })

  it('keeps the lines that the user wrote after the installation', () => {
    const root = conf('a=1')
    onImage(root, 'install.sh')
    writeFileSync(join(root, tcbsd.file), `first=1\n${read(root, tcbsd.file)}last=1`)
    expect(onImage(root, 'uninstall.sh')).toEqual(done('is uninstalled'))
    expect(filesOf(root)).toEqual({ 'etc/sysctl.conf': 'first=1\na=1\nlast=1' })
  })

  it('goes into /etc/sysctl.conf.local with --local', () => {
    const root = conf('a=1\n')
    expect(onImage(root, 'install.sh', '--local').code).toBe(0)
    expect(read(root, 'etc/sysctl.conf')).toBe('a=1\n')
    expect(read(root, 'etc/sysctl.conf.local')).toBe(block)
    expect(onImage(root, 'verify.sh').code).toBe(0)
    expect(onImage(root, 'install.sh')).toEqual(
      refused(1, 'already installed in /etc/sysctl.conf.local, not in /etc/sysctl.conf'),
    )
    expect(onImage(root, 'uninstall.sh').code).toBe(0)
    expect(filesOf(root)).toEqual({ 'etc/sysctl.conf': 'a=1\n' })
  })

  it('is only spoken of with --dry-run', () => {
    const root = conf('a=1\n')
    expect(onImage(root, 'install.sh', '--dry-run')).toEqual(done(`Would write ${root}/etc/sysctl.conf.`))
    expect(filesOf(root)).toEqual({ 'etc/sysctl.conf': 'a=1\n' })
    onImage(root, 'install.sh')
    const installed = filesOf(root)
    expect(onImage(root, 'uninstall.sh', '--dry-run')).toEqual(done(`Would put back ${root}/etc/sysctl.conf.`))
    expect(filesOf(root)).toEqual(installed)
  })

  it('that somebody changed is left and named, and goes with --force', () => {
    const root = conf('a=1\n')
    onImage(root, 'install.sh')
    const edited = read(root, tcbsd.file).replace('keepidle=60000', 'keepidle=50000')
    writeFileSync(join(root, tcbsd.file), edited)
    const left = onImage(root, 'uninstall.sh')
    expect(left.stderr).toBe(
      `warning: ${root}/etc/sysctl.conf was changed after the installation. It was left as it is.\n`,
    )
    expect(left.stdout).toContain('the record stays')
    expect(read(root, tcbsd.file)).toBe(edited)
    expect(onImage(root, 'uninstall.sh', '--force')).toEqual(done('is uninstalled'))
    expect(filesOf(root)).toEqual({ 'etc/sysctl.conf': 'a=1\n' })
  })

  it('follows a new version of the profile, and uninstall goes back to before the first', () => {
    const root = conf('a=1')
    const first = buildTarget('tcbsd', { name: 'line-4', idle: 4_000, interval: 4_000 })
    runScript(join(first, 'install.sh'), ['--root', root])
    const record = read(root, tcbsd.state, 'line-4/before')
    expect(onImage(root, 'install.sh').code).toBe(0)
    expect(read(root, tcbsd.file)).toBe(`a=1\n${block}`)
    // The new version has three more settings: their prior values join the record, and nothing in it changes.
    const added = ['keepcnt', 'keepinit', 'always_keepalive']
      .map((oid) => `value net.inet.tcp.${oid} unknown\n`)
      .join('')
    expect(read(root, tcbsd.state, 'line-4/before')).toBe(record.replace(/end\n$/, `${added}end\n`))
    expect(onImage(root, 'uninstall.sh').code).toBe(0)
    expect(filesOf(root)).toEqual({ 'etc/sysctl.conf': 'a=1' })
  })
})

onUnix.each(['tcbsd', 'linux'] as const)('Two profiles on one %s image', (target) => {
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
    [', also when it only says what it would do', ['--dry-run']],
  ])('install names the one whose place it takes, and the order back%s', (_, args) => {
    const root = newFolder()
    expect(first(root, 'install.sh').stdout).not.toContain('takes the place')
    expect(second(root, 'install.sh', ...args)).toEqual(
      done(
        `Profile line-4 takes the place of profile other in ${root}/${file}. Uninstall in the reverse order: first line-4, then other.\n`,
      ),
    )
  })

  it('one that is installed again keeps its place in that order', () => {
    expect(first(both(), 'install.sh')).toEqual(done('Uninstall in the reverse order: first line-4, then other.\n'))
  })

  it('the first cannot be uninstalled before the second: it is named, and nothing is changed', () => {
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

  it('both go in the reverse order, and nothing remains', () => {
    const root = both()
    expect(second(root, 'uninstall.sh')).toEqual(done('Profile line-4 is uninstalled.'))
    expect(first(root, 'uninstall.sh')).toEqual(done('Profile other is uninstalled.'))
    expect(filesOf(root)).toEqual({})
  })

  it('the first goes before the second with --force', () => {
    const root = both()
    expect(first(root, 'uninstall.sh', '--force')).toEqual(done('Profile other is uninstalled.'))
    expect(Object.keys(filesOf(root))).not.toContain(file)
  })
})

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

  it('is two small text files that say what was there and what was written', () => {
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
      'end',
      '',
    ])
    expect(read(root, tcbsd.state, 'line-4/installed').split('\n')).toEqual([
      ...head,
      ...block
        .trimEnd()
        .split('\n')
        .map((line) => `line ${line}`),
      ...lines({ keepidle: 60_000, keepintvl: 10_000, keepcnt: 5, keepinit: 30_000, always_keepalive: 1 }),
      'end',
      '',
    ])
    expect(modeOf(join(root, tcbsd.state, 'line-4'))).toBe('0755')
    expect(modeOf(join(root, tcbsd.state, 'line-4/before'))).toBe('0644')
  })

  it.each<[what: string, file: 'before' | 'installed', spoil: (text: string) => string, message: string]>([
    ['is empty', 'before', () => '', 'is damaged: lines are missing'],
    ['was cut short', 'before', (text) => text.slice(0, -'end\n'.length), 'is damaged: lines are missing'],
    ['was cut short', 'installed', (text) => text.slice(0, -'1\nend\n'.length), 'is damaged in line'],
    ['is of a newer kit', 'before', (text) => text.replace('record 1', 'record 2'), 'was written by a newer version'],
    ['is something else', 'installed', () => 'hello\n', 'is not a record of keepalive-kit'],
    ['is of another profile', 'before', (text) => text.replace('line-4', 'line-5'), 'is damaged in line 2'],
    ['names another file', 'before', (text) => text.replace('sysctl.conf', 'passwd'), 'is damaged in line 3'],
    [
      'names another setting',
      'before',
      (text) => text.replace('net.inet.tcp.keepidle', 'kern.securelevel'),
      'is damaged in line 7',
    ],
    [
      'holds what is no number',
      'installed',
      (text) => text.replace('keepcnt 5', 'keepcnt 5;reboot'),
      'is damaged in line',
    ],
    [
      'says something twice',
      'before',
      (text) => text.replace('was present\n', 'was present\nwas present\n'),
      'is damaged in line 5',
    ],
    ['goes on behind its end', 'before', (text) => `${text}value net.inet.tcp.keepidle 1\n`, 'is damaged in line 13'],
  ])('that %s (%s) is not believed: nothing is changed', (_, file, spoil, message) => {
    const root = image()
    const path = join(root, tcbsd.state, 'line-4', file)
    writeFileSync(path, spoil(readFileSync(path, 'latin1')))
    const found = filesOf(root)
    for (const [script, ...args] of [['install.sh'], ['uninstall.sh', '--force']] as const)
      expect(onImage(root, script, ...args)).toEqual(refused(1, `the record ${path} ${message}`))
    expect(filesOf(root)).toEqual(found)
  })

  it('that is not there is no error: there is nothing to undo', () => {
    expect(onImage(newFolder(), 'uninstall.sh')).toEqual(done('There is no record of profile line-4'))
  })

  it('without its second half is not believed', () => {
    const root = image()
    const path = join(root, tcbsd.state, 'line-4/installed')
    run('rm', [path])
    expect(onImage(root, 'uninstall.sh')).toEqual(
      refused(1, `the record ${path} is missing or cannot be read. Nothing was changed.`),
    )
    expect(existsSync(join(root, tcbsd.state, 'line-4/before'))).toBe(true)
  })
})

describeWithOracle('The scripts on a TC/BSD machine', missingNamespaces(), () => {
  const install = 'sh "$KIT/install.sh"'
  const uninstall = 'sh "$KIT/uninstall.sh"'

  it('say what they did', () => {
    const plant = freebsdMachine()
    expect(plant.run(install).stdout.split('\n')).toEqual([
      'Set net.inet.tcp.keepidle to 60000 (before: 7200000).',
      'Set net.inet.tcp.keepintvl to 10000 (before: 75000).',
      'Set net.inet.tcp.keepcnt to 5 (before: 8).',
      'Set net.inet.tcp.keepinit to 30000 (before: 75000).',
      'Wrote /etc/sysctl.conf.',
      'Profile line-4 is installed. What was there before is recorded in /var/db/keepalive-kit/line-4: uninstall.sh puts it back.',
      expect.stringMatching(/^Connections that are open now keep their old timer/),
      expect.stringMatching(/TCP_KEEPIDLE/),
      expect.stringMatching(/jail/),
      '',
    ])
    expect(plant.held()).toBe(inForce)
    expect(plant.run('sh "$KIT/verify.sh"')).toEqual(
      done('net.inet.tcp.keepidle: wanted 60000, in the files 60000 (/etc/sysctl.conf:5), running 60000: ok\n'),
    )
  })

  it('put everything back when the clock cannot hold a value, and name the value and the clock', () => {
    const kit = buildTarget('tcbsd', { name: 'odd', idle: 60_000, interval: 4_010 })
    const plant = freebsdMachine({ hz: 128, files: { 'sysctl.conf': 'a=1' }, env: { KIT: kit } })
    const held = plant.held()
    const { code, stdout, stderr } = plant.run(install)
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toContain('net.inet.tcp.keepintvl was set to 4010, but reads back as 4007.')
    expect(stderr).toContain('kern.hz = 128')
    expect(stderr).toContain('Everything that had been changed was put back as it was.')
    expect(plant.held()).toBe(held)
    expect([filesOf(plant.etc), filesOf(plant.var)]).toEqual([{ '.of-the-test': '', 'sysctl.conf': 'a=1' }, {}])
  })

  it.each([100, 128, 1_000])('put back the very same clock ticks, at %i of them in a second', (hz) => {
    const plant = freebsdMachine({ hz, env: { KIT: buildTarget('tcbsd', { idle: 4_000, interval: 5_000 }) } })
    writeFileSync(join(plant.kernel, 'net.inet.tcp.keepidle'), '777\n')
    const held = plant.held()
    expect(plant.run(`${install} >/dev/null && ${uninstall} >/dev/null`)).toEqual({ code: 0, stdout: '', stderr: '' })
    expect(plant.held()).toBe(held)
  })

  it('leave a running value that somebody changed since, and name it', () => {
    const plant = freebsdMachine()
    plant.run(install)
    writeFileSync(join(plant.kernel, 'net.inet.tcp.keepcnt'), '3\n')
    const left = plant.run(uninstall)
    expect(left).toMatchObject({
      code: 0,
      stderr:
        'warning: net.inet.tcp.keepcnt was set to 5 by the installation and is 3 now; before, it was 8. It was left as it is.\n',
    })
    expect(plant.held()).toBe('7200000 75000 75000 3 1')
    expect(plant.run(`${uninstall} --force`)).toEqual(done('is uninstalled'))
    expect(plant.held()).toBe(atFirst)
    expect([filesOf(plant.etc), filesOf(plant.var)]).toEqual([{ '.of-the-test': '' }, {}])
  })

  it('say what to do when a value is refused altogether', () => {
    const plant = freebsdMachine()
    run('rm', [join(plant.kernel, 'net.inet.tcp.keepcnt')])
    expect(plant.run(install)).toEqual(
      refused(1, 'this system has no setting net.inet.tcp.keepcnt. Nothing was changed.'),
    )
    expect([filesOf(plant.etc), filesOf(plant.var)]).toEqual([{ '.of-the-test': '' }, {}])
  })

  const filter =
    'warning: the write filter of TC/BSD is on (bwf_enable in rc.conf): this change is gone at the next start, unless the filter is switched off. Switch it off, start the machine again, then run this again.\n'

  it.each<[rcConf: string, file: string, on: boolean]>([
    ['bwf_enable="YES"', 'rc.conf', true],
    ["a=1\n\tbwf_enable='yes' # c", 'rc.conf', true],
    ['bwf_enable=On; b=2', 'rc.conf.local', true],
    ['bwf_enable=1\n', 'rc.conf.d/bwf', true],
    ['bwf_enable="NO"\nbwf_enable="TRUE"\n', 'rc.conf', true],
    ['bwf_enable="YES"\nbwf_enable="NO"\n', 'rc.conf', false],
    ['# bwf_enable="YES"\n', 'rc.conf', false],
    ['bwf_enabled="YES"\nx_bwf_enable="YES"\n', 'rc.conf', false],
    ['bwf_enable="YESTERDAY"\n', 'rc.conf', false],
    ['bwf_enable=\n', 'rc.conf', false],
  ])('warn before and after, where the write filter would forget the change: %j in %s is %s', (rcConf, file, on) => {
    const plant = freebsdMachine({ env: { RC_CONF: rcConf } })
    expect(plant.run(`mkdir /etc/rc.conf.d && printf %s "$RC_CONF" >/etc/${file}`).code).toBe(0)
    for (const script of [install, uninstall]) {
      const both = `${script} 2>&1 >/dev/null`
      expect(plant.run(both)).toEqual({ code: 0, stdout: on ? `${filter}${filter}` : '', stderr: '' })
    }
  })

  it('let the file that is read last say whether the write filter is on', () => {
    const plant = freebsdMachine({ files: { 'rc.conf': 'bwf_enable=YES', 'rc.conf.local': 'bwf_enable=NO' } })
    expect(plant.run(install)).toEqual(done('is installed'))
  })

  it('warn once of the write filter with --dry-run, and not at all for an image', () => {
    const plant = freebsdMachine({ files: { 'rc.conf': 'bwf_enable=YES' } })
    expect(plant.run(`${install} --dry-run`)).toMatchObject({ code: 0, stderr: filter })
    expect(plant.run(`${install} --root /`)).toEqual(done('is installed'))
  })

  it.each(['cp', 'mv', 'mktemp', 'chmod', 'mkdir'])(
    'leave what was there when %s fails, at whatever call',
    (program) => {
      // A stand-in that fails at its nth call, for n = 1, 2, ... until the installation gets through.
      const fails = `n=$(($(cat "$KERNEL/calls") + 1)); echo $n >"$KERNEL/calls"; [ $n -ne "$(cat "$KERNEL/fails-at")" ] || exit 1; exec /bin/${program} "$@"`
      const files = { 'sysctl.conf': 'a=1' }
      const kernel = freebsdMachine()
      const plant = machine(
        files,
        { KIT: tcbsd.kit, KERNEL: kernel.kernel },
        { ...freebsd, [program]: fails.replace('/bin/mktemp', '/usr/bin/mktemp') },
      )
      for (let call = 1; ; call++) {
        expect(call).toBeLessThan(12)
        writeFileSync(join(kernel.kernel, 'calls'), '0\n')
        writeFileSync(join(kernel.kernel, 'fails-at'), `${call}\n`)
        const { code } = plant.run(install)
        if (code === 0) break
        expect({ call, code, held: kernel.held() }).toEqual({ call, code: 1, held: atFirst })
        expect([filesOf(plant.etc), filesOf(plant.var)]).toEqual([{ '.of-the-test': '', ...files }, {}])
      }
      expect(kernel.held()).toBe(inForce)
    },
  )
})

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

  it('of /etc/sysctl.conf.local are named where they win on TC/BSD', () => {
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

  it('of /etc/sysctl.conf do not win over those in /etc/sysctl.conf.local', () => {
    expect(warnings('tcbsd', { 'etc/sysctl.conf': `${idle}=1\n` }, '--local')).toEqual([])
  })

  it('of a later drop-in are named where they win on Linux', () => {
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

  it('are named on Linux for the files that are read later, and no others', () => {
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

  it.each<[what: string, links: Readonly<Record<string, string>>, files: readonly string[], said: readonly string[]]>([
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
  ])('of a left-over /etc/sysctl.conf are said as what they are on an image %s', (_, links, files, said) => {
    const root = tree({ 'etc/sysctl.conf': `${time} = 1\n`, ...Object.fromEntries(files.map((path) => [path, ''])) })
    for (const [path, to] of Object.entries(links)) {
      mkdirSync(join(root, path, '..'), { recursive: true })
      symlinkSync(to, join(root, path))
    }
    const script = (name: string): Ran => runScript(join(linux.kit, name), ['--root', root])
    const decides = said.includes(sysctlConf)
    expect(script('install.sh')).toMatchObject({ code: 0, stderr: said.map((line) => `${line}\n`).join('') })
    expect(script('verify.sh')).toMatchObject({ code: decides ? 1 : 0, stderr: decides ? '' : `${perhaps}\n` })
  })

  it('of a 99-sysctl.conf that is a file of its own win as those of any drop-in', () => {
    const root = tree({ [link]: `${time} = 999\n` })
    const script = (name: string): Ran => runScript(join(linux.kit, name), ['--root', root])
    expect(script('install.sh').stderr).toBe(`${wins(`/${link}:1`, time, '999', ours)}\n`)
    expect(script('verify.sh')).toMatchObject({
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

  it.each(pairsOfPatterns)('that name our settings by a pattern are a possibility: $shell, $awk', ({ shell, awk }) => {
    const root = tree({ 'etc/sysctl.d/99-site.conf': patterns.map(([key]) => `${key} = 7\n`).join('') })
    const stderr = patterns
      .flatMap(([, names], index) => names.map((name) => `${byPattern(index + 1, name)}\n`))
      .join('')
    for (const name of ['install.sh', 'verify.sh'])
      expect(runScript(join(linux.kit, name), ['--root', root], { shell, awk })).toMatchObject({ code: 0, stderr })
  })

  it('that name our settings by a pattern and give them our value are no matter, and FreeBSD knows no pattern', () => {
    expect(warnings('linux', { 'etc/sysctl.d/99-site.conf': 'net.ipv4.tcp_keepalive_ti* = 60\n' })).toEqual([])
    expect(warnings('tcbsd', { 'etc/sysctl.conf.local': 'net.inet.tcp.keep* = 7\n' })).toEqual([])
  })

  it('make verify say that the profile is not as it should be, with file and line', () => {
    const root = tree({ 'etc/sysctl.conf.local': `# mine\n${idle}=1\n` })
    onImage(root, 'install.sh')
    const { code, stdout, stderr } = onImage(root, 'verify.sh')
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' })
    expect(stdout).toContain(
      `${idle}: wanted 60000, in the files 1 (/etc/sysctl.conf.local:2), running not asked: NOT AS WANTED\n`,
    )
  })
})
