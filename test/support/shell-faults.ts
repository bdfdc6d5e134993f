import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { byCodeUnit } from '../../src/core/diagnostic.ts'
import { machine } from './netns.ts'
import { which } from './oracle.ts'
import { newFolder } from './shells.ts'

/**
 * Where and how a run is stopped. `at` counts the calls of programs, including those in pipelines, or with `step` the
 * simple commands of bash, including builtins.
 *
 * - `kill`: the script is killed just before the call; `killed-after`: just after it; `half`: after half of its output
 * - `step`: the script is killed just before the simple command; only bash has a trap for it
 * - `fail`: the program does nothing and returns 1
 * - a signal's name: the script gets it just before the call
 * - `plain`: nothing happens, and no call is counted, which is faster; `none`: nothing happens; `look` and `watch`: the state of the machine is recorded before each simple command
 *   (`look`, bash only) or call (`watch`)
 */
export type Fault =
  | 'plain'
  | 'none'
  | 'look'
  | 'watch'
  | 'kill'
  | 'killed-after'
  | 'half'
  | 'step'
  | 'fail'
  | 'HUP'
  | 'INT'
  | 'TERM'
  | 'PIPE'

export interface Job {
  /**
   * The first state of the run: a folder with `etc`, `var` and `kernel`; default: the state that the previous job left.
   */
  readonly from?: string
  readonly script: string
  readonly args?: readonly string[]
  readonly shell?: string
  readonly fault?: Fault
  readonly at?: number
  /** A call that always fails, so that the rollback after it can be stopped too. */
  readonly fails?: number
}

export interface Outcome {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
  /** A copy of the machine after the run, usable as `from`. */
  readonly folder: string
  readonly state: State
  /** The calls of programs with their arguments, in order. */
  readonly calls: readonly string[]
  /** The call with the fault, with its arguments; empty with `step`. */
  readonly stopped: string
  /** With `look` and `watch`: the simple commands or calls before which the machine differs from the one before. */
  readonly changes: readonly number[]
  /** With `look` and `step`: the number of simple commands. */
  readonly steps: number
}

/** Each path below /etc, /var or $TMPDIR (`tmp`) with its mode, owner and content; `kernel` with the running values. */
export type State = Readonly<Record<string, string>>

// Runs in place of each program: counts the call, applies the fault at the chosen call, and otherwise runs the program.
// It creates a file that must not exist, which reserves a number that no other call of a pipeline can take.
const wrapper = `#!/bin/dash
name=\${0##*/}
read -r n <"$CALLS/next" || n=1
set -C
until { printf '%s\\n' "$name $*" >"$CALLS/$n"; } 2>/dev/null; do n=$((n + 1)); done
set +C
echo $((n + 1)) >"$CALLS/next"
look() {
  values=
  for file in /proc/sys/net/ipv4/tcp_keepalive_* "$MACHINE"/kernel/*; do
    [ ! -e "$file" ] || { read -r value <"$file" && values="$values $value"; }
  done
  echo "$n$values $(/usr/bin/find "$MACHINE/etc" "$MACHINE/var" -printf '%P %y %i %s %m %U:%G %T@ %l, ')" >>"$LOOKS"
}
[ "$FAULT" != watch ] || look
[ "$n" != "$FAILS" ] || exit 1
[ "$n" = "$AT" ] || exec "$REAL/$name" "$@"
half() { /usr/bin/head -c $(($(/usr/bin/wc -c <"$1") / 2)) "$1"; }
case $FAULT in
  kill) kill -9 0 ;;
  killed-after) "$REAL/$name" "$@"; kill -9 0 ;;
  half)
    "$REAL/$name" "$@" >"$CALLS/output"
    half "$CALLS/output"
    for last; do :; done
    if [ "$name" = cp ]; then half "$last" >"$CALLS/output" && /usr/bin/cat "$CALLS/output" >"$last"; fi
    kill -9 0 ;;
  fail) exit 1 ;;
  none | watch) exec "$REAL/$name" "$@" ;;
  *) kill -s "$FAULT" "$MAIN"; exec "$REAL/$name" "$@" ;;
esac
`

// bash runs this before the script. All its subshells share the position in the file of numbers, so the simple commands
// have one count. If commands of a pipeline read at the same time, a number may be lost: then the next one stops the
// script.
const beforeBash = `set -T
look() {
  local file value values=
  for file in /proc/sys/net/ipv4/tcp_keepalive_* "$MACHINE"/kernel/*; do
    read -r value <"$file" && values+="$value "
  done
  printf '%s\\n' "$step $values$(/usr/bin/find "$MACHINE/etc" "$MACHINE/var" -printf '%P %y %i %s %m %U:%G %T@ %l, ')" >>"$LOOKS"
}
trap 'read -r step <&9; ((AT == 0 || step < AT)) || kill -9 0; [[ $FAULT != look ]] || look' DEBUG
`

// One run after the other in the same namespaces: each restores a state, runs the script in a process group of its own,
// and copies the state. The kernel's values are files in a folder too; on Linux they are copied from and to /proc/sys.
const driver = `
mkdir -p "$MACHINE/kernel" "$MACHINE/tmp"
while IFS='|' read -r id from fault at fails path shell script args; do
  if [ "$from" != - ]; then
    find "$MACHINE/etc" "$MACHINE/var" "$MACHINE/kernel" "$MACHINE/tmp" -mindepth 1 -delete
    cp -a "$from/." "$MACHINE/"
    [ -z "$PROC_VALUES" ] || for name in $PROC_VALUES; do
      read -r value && echo "$value" >"/proc/sys/net/ipv4/$name"
    done <"$MACHINE/kernel/values"
  fi
  find "$CALLS" -mindepth 1 -delete
  echo 1 >"$CALLS/next"
  {
    FAULT=$fault AT=$at FAILS=$fails LOOKS=$OUT/$id.looks TMPDIR=$MACHINE/tmp PATH=$path:$PATH /usr/bin/setsid \\
      /bin/sh -c 'MAIN=$$; export MAIN; exec "$@"' - $shell "$script" $args </dev/null >"$OUT/$id.stdout" 2>"$OUT/$id.stderr"
    echo $? >"$OUT/$id.code"
    read -r step <&9
    echo "$step" >"$OUT/$id.steps"
  } 9<"$NUMBERS"
  [ -z "$PROC_VALUES" ] || (cd /proc/sys/net/ipv4 && cat $PROC_VALUES) >"$MACHINE/kernel/values"
  cp -a "$MACHINE" "$OUT/$id"
  case $fault in none | watch) cp -a "$CALLS" "$OUT/$id.calls" ;; esac
  [ "$fault" = step ] || [ ! -e "$CALLS/$at" ] || cp "$CALLS/$at" "$OUT/$id.stopped"
done <"$JOBS"
`

/** A stand-in for a TC/BSD kernel with a clock of 1000 Hz, as far as the scripts ask. */
const freebsd = {
  uname: 'echo FreeBSD',
  sysctl: `
if [ "$1" = -n ]; then
  shift
  for oid; do
    { read -r value <"$MACHINE/kernel/$oid"; } 2>/dev/null || { echo "sysctl: unknown oid '$oid'" >&2; exit 1; }
    echo "$value"
  done
  exit 0
fi
for assignment; do
  oid=\${assignment%%=*}
  [ -e "$MACHINE/kernel/$oid" ] || { echo "sysctl: unknown oid '$oid'" >&2; exit 1; }
  echo "\${assignment#*=}" >"$MACHINE/kernel/$oid"
  echo "$assignment"
done`,
}

/** No power is lost in these tests, so waiting for the disk would only cost time. */
const noWaiting = { sync: ':' }

const systems = {
  linux: { standIns: {}, values: ['tcp_keepalive_time', 'tcp_keepalive_intvl', 'tcp_keepalive_probes'] },
  tcbsd: { standIns: freebsd, values: [] },
} as const
export type System = keyof typeof systems

/** Runs jobs one after the other on a machine of their own; they may run only the scripts given to it. */
export interface FaultInjector {
  run(jobs: readonly Job[]): Outcome[]
}

export function faultInjector(system: System, scripts: readonly string[]): FaultInjector {
  const folder = newFolder()
  const path = (name: string): string => join(folder, name)
  for (const name of ['wrappers', 'real', 'calls']) mkdirSync(path(name))
  writeFileSync(path('wrapper'), wrapper, { mode: 0o755 })
  writeFileSync(path('before-bash'), beforeBash)
  writeFileSync(path('numbers'), Array.from({ length: 20_000 }, (_, index) => `${index + 1}\n`).join(''))
  const standIns: Readonly<Record<string, string>> = { ...systems[system].standIns, ...noWaiting }
  for (const name of programsIn(scripts)) {
    symlinkSync('../wrapper', path(`wrappers/${name}`))
    const standIn = standIns[name]
    if (standIn === undefined) symlinkSync(which(name === 'awk' ? 'mawk' : name) ?? name, path(`real/${name}`))
    else writeFileSync(path(`real/${name}`), `#!/bin/dash\n${standIn}\n`, { mode: 0o755 })
  }
  const plant = machine(
    {},
    {
      REAL: path('real'),
      CALLS: path('calls'),
      NUMBERS: path('numbers'),
      JOBS: path('jobs'),
      OUT: path('out'),
      BASH_ENV: '',
      PROC_VALUES: systems[system].values.join(' '),
    },
  )
  const line = (job: Job, id: number): string => {
    const { from = '-', script, args = [], shell = 'dash', fault = 'none', at = 0, fails = 0 } = job
    const [program = '', ...options] = shell.split(' ')
    const stepped = fault === 'step' || fault === 'look'
    const words = stepped ? ['env', `BASH_ENV=${path('before-bash')}`, which('bash')] : [which(program), ...options]
    const programs = path((stepped && fails === 0) || fault === 'plain' ? 'real' : 'wrappers')
    return [id, from, fault, at, fails, programs, words.join(' '), script, args.join(' ')].join('|')
  }
  return {
    run: (jobs) => {
      const out = newFolder()
      for (const batch of batchesOf(jobs)) {
        writeFileSync(join(out, 'jobs'), batch.map((id) => `${line(jobs[id] as Job, id)}\n`).join(''))
        const { code, stderr } = plant.run(`OUT=${out} JOBS=${out}/jobs\n${driver}`)
        if (code !== 0) throw new Error(`the runs could not be made: ${code} ${stderr}`)
      }
      return jobs.map((_, id) => outcome(join(out, `${id}`)))
    },
  }
}

/**
 * Batches that end within the time limit of a run, even on a slow machine. A job that continues from another stays in
 * its batch.
 */
function batchesOf(jobs: readonly Job[]): number[][] {
  const batches: number[][] = []
  for (const [id, { from }] of jobs.entries()) {
    const last = batches.at(-1)
    if (last === undefined || (last.length >= 30 && from !== undefined)) batches.push([id])
    else last.push(id)
  }
  return batches
}

/** Every program of this machine whose name is a word in one of the scripts: all that they call, and some more. */
function programsIn(scripts: readonly string[]): string[] {
  const words = new Set(scripts.flatMap((script) => readFileSync(script, 'latin1').match(/[a-z][a-z0-9_-]*/g) ?? []))
  return ['sysctl', 'sync', ...words].filter(
    (word, index, all) => all.indexOf(word) === index && which(word) !== undefined,
  )
}

function outcome(folder: string): Outcome {
  const text = (suffix: string): string => readFileSync(`${folder}.${suffix}`, 'latin1')
  const calls = existsSync(`${folder}.calls`) ? readdirSync(`${folder}.calls`).filter((name) => /^\d+$/.test(name)) : []
  return {
    code: Number(text('code')),
    stdout: text('stdout'),
    stderr: text('stderr'),
    folder,
    state: stateOf(folder),
    calls: calls
      .toSorted((a, b) => Number(a) - Number(b))
      .map((name) => readFileSync(join(`${folder}.calls`, name), 'latin1').trimEnd()),
    stopped: existsSync(`${folder}.stopped`) ? text('stopped').split('\n').slice(0, 1).join() : '',
    changes: existsSync(`${folder}.looks`) ? changesIn(text('looks')) : [],
    steps: Number(text('steps')) - 1,
  }
}

/** From lines of "STEP MACHINE": the steps at which the machine differs from that of the previous step. */
function changesIn(looks: string): number[] {
  const lines = looks
    .trimEnd()
    .split('\n')
    .toSorted((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10))
  const machineIn = (line = ''): string => line.slice(line.indexOf(' '))
  return lines
    .filter((line, at) => machineIn(line) !== machineIn(lines[at - 1]))
    .map((line) => Number.parseInt(line, 10))
}

/** The state in a folder with `etc`, `var`, `kernel` and `tmp`. */
export function stateOf(folder: string): State {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  const kernel = readdirSync(join(folder, 'kernel')).map((name) => readFileSync(join(folder, 'kernel', name), 'latin1'))
  const told = paths
    .filter((path) => /^(etc|var|tmp)\//.test(path) && path !== 'etc/.of-the-test')
    .map((path) => [path, described(join(folder, path))] as const)
  return Object.fromEntries(
    [...told, ['kernel', kernel.join('').replaceAll('\n', ' ')] as const].toSorted(([a], [b]) => byCodeUnit(a, b)),
  )
}

function described(path: string): string {
  const entry = lstatSync(path)
  const { mode, uid, gid } = entry
  const owner = `${(mode & 0o7777).toString(8).padStart(4, '0')} ${uid}:${gid}`
  if (entry.isSymbolicLink()) return `link to ${readlinkSync(path)}`
  return `${owner} ${entry.isDirectory() ? 'folder' : JSON.stringify(readFileSync(path, 'latin1'))}`
}
