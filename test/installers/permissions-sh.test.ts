import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Permissions } from '../../src/core/target.ts'
import { readSh, type Command, type Script } from '../readers/sh.ts'
import { CALLS, readStrace, type Traced } from '../readers/strace.ts'
import { buildBundle, buildTarget, profileText } from '../support/build.ts'
import { machine, missingNamespaces } from '../support/netns.ts'
import { describeWithOracle, missingPrograms } from '../support/oracle.ts'

/** The builtins of a POSIX shell that the scripts use. */
const BUILTINS = new Set(
  ': [ break cd continue echo exit export kill printf pwd read return set shift test trap umask unset'.split(' '),
)
/** Commands that evaluate text or start another shell. */
const EVALUATES = ['.', 'eval', 'exec', 'source', 'sh', 'bash', 'dash', 'su', 'doas', 'sudo', 'env', 'xargs', '-exec']
const NETWORK = ['curl', 'wget', 'fetch', 'ftp', 'nc', 'ssh', 'scp', 'telnet', 'ping', 'apt', 'apt-get', 'pkg', 'pip']

const LOADING = '. "$shared"'

const SCRIPTS = ['linux', 'tcbsd']
  .flatMap((target) => buildBundle(profileText({ name: 'line-4', probes: 5, init: 30_000, always: true }), target))
  .filter(({ path }) => /\.(?:sh|chroot)$/.test(path))
  .map(({ path, bytes, permissions }, _, all) => {
    const text = Buffer.from(bytes).toString('latin1')
    const shared = all.find((file) => file.path === `${path.split('/')[0]}/shared.sh`)
    return {
      path,
      // A script with the functions that it loads from the file beside it.
      text: text.includes(LOADING)
        ? `${Buffer.from(shared?.bytes ?? []).toString('latin1')}${text.replace(LOADING, ':')}`
        : text,
      permissions: permissions as Permissions,
    }
  })
  .filter(({ path }) => !path.endsWith('/shared.sh'))

/** The name that a command calls. After the word `command` it is a program, even if a function has the same name. */
const calledBy = ([name, program]: Command): string => (name === 'command' ? program : name) ?? 'a variable'

const names = (script: Script): readonly string[] => [...new Set(script.commands.map(calledBy))]

const programsOf = (script: Script): readonly string[] => [
  ...new Set(script.commands.filter(([name = '']) => !script.functions.has(name) && !BUILTINS.has(name)).map(calledBy)),
]

/** The folders of PATH, and /dev/null. */
const HARMLESS = new Set(['/sbin', '/bin', '/usr/sbin', '/usr/bin', '/dev/null'])

/** The paths in a script, with `$` for parts that the run decides; regular expressions of awk are left out. */
function pathsIn({ words }: Script): readonly string[] {
  const texts = words.map((word) => word.replaceAll(/~ \/[^/\n]*\//g, ''))
  const found = texts.flatMap((text) =>
    [...text.matchAll(/(?<![\w$.*\])\\^])\/[.a-z][\w./*$-]*/g)].map(([path]) => path.replace(/\.$/, '')),
  )
  return [...new Set(found)].filter((path) => !HARMLESS.has(path)).toSorted()
}

/** Whether the list has this path, or a longer path that begins with it. */
function covers(listed: readonly string[], path: string): boolean {
  const pattern = path
    .replaceAll(/[.^]/g, String.raw`\$&`)
    .replaceAll(/[*$]|X{6}/g, '.*')
    .replace(/\/$/, '')
  return listed.some((one) => new RegExp(`^${pattern}(?:[./].*)?$`).test(one))
}

describe('every sh script', () => {
  it('has a list of its permissions', () => {
    expect(SCRIPTS.map(({ path }) => path).filter((path) => path.endsWith('install.sh'))).toHaveLength(4)
    expect(SCRIPTS.filter(({ permissions }) => permissions === undefined)).toEqual([])
  })
})

describeWithOracle('a sh script, as shfmt reads it,', missingPrograms('shfmt'), () => {
  describe.each(SCRIPTS)('$path', ({ text, permissions }) => {
    let script: Script
    beforeAll(() => {
      script = readSh(text)
    })

    it('starts exactly the programs of its list', () => {
      expect(programsOf(script).toSorted()).toEqual(permissions.commands)
    })

    it('evaluates no text and reaches no network', () => {
      const all = [...names(script), ...script.commands.flatMap((words) => words.map((word) => word ?? ''))]
      expect([...EVALUATES, ...NETWORK].filter((name) => all.includes(name))).toEqual([])
      const traps = script.commands.filter(([name]) => name === 'trap').map(([, action]) => action ?? 'a variable')
      expect(traps.filter((action) => !script.functions.has(action) && !/^(?:|-|exit \d+)$/.test(action))).toEqual([])
    })

    it('has no awk program that starts another program or writes a file outside of /proc/sys', () => {
      const programs = script.commands
        .filter((words) => calledBy(words) === 'awk')
        .map((words) => words.join(' ').replace('command ', ''))
      const leaves = /\bsystem\s*\(|\|\s*getline|\bprintf?\b[^;}\n]*(?:>|\|)\s*["a-z]/
      const toKernel =
        'awk { file = $1; sub(/^net\\.ipv4\\./, "/proc/sys/net/ipv4/", file); print $2 > file; close(file) }'
      expect(programs.filter((program) => leaves.test(program) && program !== toKernel)).toEqual([])
    })

    it('names files only from its list', () => {
      const keys = [...permissions.reads.keys, ...permissions.writes.keys].map(
        (key) => `/proc/sys/${key.replaceAll('.', '/')}`,
      )
      const listed = [...permissions.reads.files, ...permissions.writes.files, ...keys]
      expect(pathsIn(script).filter((path) => !covers(listed, path))).toEqual([])
    })

    it('names keys of the system only from its list', () => {
      const named = [
        ...script.words.join('\n').matchAll(/\b(?:net|kern|security|vfs|vm)(?:\.[a-z][a-z0-9_]*[a-z0-9])+\b(?!_)/g),
      ].map(([key]) => key)
      const listed = [...permissions.reads.keys, ...permissions.writes.keys]
      const covered = (key: string) => listed.some((one) => one === key || one.startsWith(`${key}.`))
      expect([...new Set(named)].filter((key) => !covered(key))).toEqual([])
    })
  })
})

/** Whether the list covers a path that strace saw; a script may create the parent folders of a listed path. */
function allows(listed: readonly string[], path: string): boolean {
  return listed.some((one) => {
    const pattern = one.replaceAll('.', String.raw`\.`).replaceAll('*', '[^/]*')
    return new RegExp(`^${pattern}(?:/.*)?$`).test(path) || one.startsWith(`${path}/`)
  })
}

const missingTrace = missingNamespaces() ?? missingPrograms('strace', 'dash', 'mawk')

describeWithOracle('the sh scripts for Linux under strace', missingTrace, () => {
  const kit = buildTarget('linux', { name: 'line-4', idle: 60_000, interval: 10_000, probes: 5 })
  const next = buildTarget('linux', { name: 'line-4', idle: 50_000, interval: 10_000, probes: 5 })
  const runs = [
    [kit, 'check.sh'],
    [kit, 'install.sh'],
    [next, 'install.sh'],
    [next, 'check.sh'],
    [next, 'uninstall.sh', '--previous'],
    [next, 'uninstall.sh', '--defaults'],
    [next, 'uninstall.sh', '--force'],
  ] as const
  const log = (at: number) => `/var/run-${at}.strace`
  let traced: readonly Traced[]
  beforeAll(() => {
    const plant = machine({ 'sysctl.d/60-keepalive.conf': '# of somebody\nnet.ipv4.tcp_keepalive_time = 90\n' })
    const lines = runs.map(
      ([folder, ...script], at) =>
        `strace -f -y -qq -e trace=${CALLS} -o ${log(at)} dash ${folder}/${script.join(' ')} >/dev/null || echo ${at}`,
    )
    expect(plant.run(lines.join('\n'))).toEqual({ code: 0, stdout: '0\n', stderr: '' })
    traced = runs.map((_, at) => readStrace(readFileSync(join(plant.var, `run-${at}.strace`), 'latin1')))
  })

  it.each(runs.map(([, ...script], at) => [script.join(' '), at] as const))(
    'stay within their lists in run %#: %s',
    (script, at) => {
      const [name] = script.split(' ')
      const { permissions } = SCRIPTS.find(({ path }) => path === `linux/${name}`) as (typeof SCRIPTS)[number]
      const { started, written, network } = traced[at] as Traced
      const keys = permissions.writes.keys.map((key) => `/proc/sys/${key.replaceAll('.', '/')}`)
      const listed = [...permissions.writes.files, ...keys, '/dev/null']
      expect(started.filter((program) => !['dash', ...permissions.commands].includes(program))).toEqual([])
      expect(written.filter((path) => !allows(listed, path))).toEqual([])
      expect(network).toEqual([])
    },
  )

  it('are seen to write only when they change something', () => {
    expect(traced[1]?.written).toContain('/proc/sys/net/ipv4/tcp_keepalive_time')
    expect(traced[1]?.written).toContain('/var/lib/keepalive-kit/record')
    expect(traced[0]?.written).not.toContain('/var/lib/keepalive-kit')
  })
})
