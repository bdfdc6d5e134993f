import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describeWithOracle, missingPrograms, run, which, type Ran } from './oracle.ts'
import { missing as missingWine, newWine, ONCE_MORE, started, type Wine } from './wine.ts'

const onWindows = process.platform === 'win32'

/** Why PowerShell scripts that change the registry cannot run here, or `undefined` if they can. */
const missing = onWindows ? missingOnWindows() : (missingWine ?? missingPrograms('dotnet', 'flock'))

function missingOnWindows(): string | undefined {
  if (process.env['ORACLES_MAY_CHANGE_THIS_WINDOWS'] === '1') return undefined
  return 'the scripts would change this machine; on a disposable one, set ORACLES_MAY_CHANGE_THIS_WINDOWS=1'
}

/** A suite of PowerShell scripts that change a registry; under Wine a failed test is repeated once. */
export function describeOnWindows(name: string, define: () => void): void {
  describeWithOracle(name, missing, define, onWindows ? {} : ONCE_MORE)
}

/** A Windows to install on: a new Wine, or this machine if it runs Windows. */
export function newWindows(): Wine {
  if (!onWindows) return withoutWaiting(newWine())
  return {
    env: {},
    driveC: (path) => join('C:\\', path),
    run: (program, args, options) => run(program, args, options),
    remove() {},
  }
}

/** Wine's services outlive a program by seconds and hold its pipes open. Output into files does not wait for them. */
function withoutWaiting(wine: Wine): Wine {
  const [out, err] = [wine.driveC('stdout'), wine.driveC('stderr')]
  const toFiles = ['-c', 'out=$1 err=$2; shift 2; exec wine "$@" >"$out" 2>"$err"', 'sh', out, err]
  return {
    ...wine,
    run(program, args, options = {}) {
      return started(program, () => {
        const { code } = run('sh', [...toFiles, program, ...args], { ...options, env: { ...wine.env, ...options.env } })
        return { code, stdout: readFileSync(out, 'utf8'), stderr: readFileSync(err, 'utf8') }
      })
    },
  }
}

/** Obstacles for a script, which only the engine under Wine can simulate. */
export interface Trouble {
  /** The script runs without "Run as administrator": its thread has such a token. */
  readonly notElevated?: boolean
  /** The registry takes one of the values, and refuses the next. */
  readonly refuse?: boolean
  /** A value that changes once it was written, as under a policy. */
  readonly alter?: string
}
export const canMakeTrouble = !onWindows

/** Runs a script file to its end as `powershell -NoProfile -NonInteractive -File` does; `code` is the whole exit code. */
export function powershell(
  windows: Wine,
  script: string,
  args: readonly string[] = [],
  trouble: Trouble = {},
  cwd?: string,
): Ran {
  if (onWindows) return run(...onThisWindows(script, args), cwd === undefined ? {} : { cwd })
  const options = [
    ...(trouble.notElevated === true ? ['--not-elevated'] : []),
    ...(trouble.refuse === true ? ['--refuse'] : []),
    ...(trouble.alter === undefined ? [] : ['--alter', trouble.alter]),
  ]
  if (options.length === 0 && cwd === undefined) return served(windows, [script, ...args])
  const { code, stdout, stderr } = runHost(windows, [...options, script, ...args], cwd)
  const last = /^exit code: (\d+)\n$/m.exec(stderr)
  if (last === null) throw new Error(`the PowerShell host did not end by itself, but with ${code}: ${stdout}${stderr}`)
  return { code: Number(last[1]), stdout, stderr: stderr.slice(0, last.index) }
}

/** The Windows in which a host waits for scripts. */
const serving = new WeakSet<Wine>()

/** Runs a script in the host that waits in this Windows, with a new runspace, which saves the start of a process. */
function served(windows: Wine, args: readonly string[]): Ran {
  const [fresh, request, answer] = [windows.driveC('request.new'), windows.driveC('request'), windows.driveC('answer')]
  if (!serving.has(windows)) startWine(windows, ['--serve', String.raw`C:\.`]).unref()
  serving.add(windows)
  writeFileSync(fresh, JSON.stringify(args))
  renameSync(fresh, request)
  const end = Date.now() + 120_000
  while (!existsSync(answer)) {
    if (Date.now() > end) {
      serving.delete(windows)
      rmSync(request, { force: true })
      throw new Error(`the PowerShell host gave no answer for ${args.join(' ')}`)
    }
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5)
  }
  const { code, stdout, stderr } = JSON.parse(readFileSync(answer, 'utf8')) as Ran
  rmSync(answer)
  return { code, stdout: unix(stdout), stderr: unix(stderr) }
}

/** Runs script files one after the other, each given with its arguments; under Wine in one process, which is faster. */
export function powershellEach(windows: Wine, scripts: readonly (readonly string[])[]): readonly Ran[] {
  if (onWindows) return scripts.map(([script = '', ...args]) => powershell(windows, script, args))
  const list = windows.driveC('list')
  writeFileSync(list, scripts.map((script) => `${JSON.stringify(script)}\n`).join(''))
  const { code, stderr } = runHost(windows, ['--each', String.raw`C:\list`])
  if (code !== 0) throw new Error(`the PowerShell host failed: ${stderr}`)
  const answers = readFileSync(`${list}.out`, 'utf8').trim().split('\n')
  return answers.map((answer) => JSON.parse(answer) as Ran)
}

/** Starts a script file that runs beside the test; the promise resolves when the script ends. */
export function startPowershell(windows: Wine, script: string): Promise<unknown> {
  const child = onWindows ? spawn(...onThisWindows(script, []), { stdio: 'ignore' }) : startWine(windows, [script])
  return once(child, 'exit')
}

function startWine(windows: Wine, args: readonly string[]): ChildProcess {
  // Without TMPDIR: Wine finds its server by it, and with two servers the scripts would not share a machine.
  const environment = Object.fromEntries(Object.entries(process.env).filter(([name]) => name !== 'TMPDIR'))
  return spawn('wine', [host(), ...args], { env: { ...environment, ...windows.env, ...FOR_DOTNET }, stdio: 'ignore' })
}

function onThisWindows(script: string, args: readonly string[]): [program: string, args: readonly string[]] {
  const program = which('powershell.exe') ?? 'pwsh.exe'
  return [program, ['-NoProfile', '-NonInteractive', '-ExecutionPolicy', 'Bypass', '-File', script, ...args]]
}

/** The syntax errors in script files, and the syntax that only PowerShell 7 knows; one per line. */
export function syntaxFaults(windows: Wine, scripts: readonly string[]): string {
  const { code, stdout, stderr } = runHost(windows, ['--parse', ...scripts])
  return code === 0 || stdout !== '' ? stdout : `the PowerShell host failed: ${stderr}`
}

/** The parts by which a script can reach beyond itself, as the parser of the engine finds them. */
export interface ScriptContents {
  readonly functions: readonly string[]
  /** Names of commands; `null` if only the run decides the name: then `unnamed` has its text. */
  readonly commands: readonly (string | null)[]
  readonly unnamed: readonly string[]
  /** `[Type]::Method` and `.Method` */
  readonly calls: readonly string[]
  readonly types: readonly string[]
  readonly strings: readonly string[]
  readonly redirections: readonly string[]
}

export function contentsOf(windows: Wine, scripts: readonly string[]): readonly ScriptContents[] {
  const { code, stdout, stderr } = runHost(windows, ['--contents', ...scripts])
  if (code !== 0) throw new Error(`the PowerShell host failed: ${stderr}`)
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as ScriptContents)
}

const FOR_DOTNET = {
  // .NET maps code twice, so that no page is writable and executable; Wine 8 loses one of the two at a garbage collection.
  DOTNET_EnableWriteXorExecute: '0',
  // Wine loads assemblies through its mscoree, which newWine switches off.
  WINEDLLOVERRIDES: 'mshtml=',
}

/** The first line that `pw.exe` writes to stderr, before it reads its arguments. */
const BEGUN = 'begun\n'

/** Runs the PowerShell host, `pw.exe`; starts it again if Wine lost it before it began, when no script has run. */
export function runHost(windows: Wine, args: readonly string[], cwd?: string): Ran {
  const start = (): Ran => {
    const ran = windows.run(host(), args, { env: FOR_DOTNET, ...(cwd === undefined ? {} : { cwd }) })
    return { code: ran.code, stdout: unix(ran.stdout), stderr: unix(ran.stderr).replaceAll(/^wine: .*\n/gm, '') }
  }
  const first = start()
  const ran = first.stderr.startsWith(BEGUN) ? first : start()
  if (!ran.stderr.startsWith(BEGUN))
    throw new Error(`the PowerShell host did not begin, but ended with ${ran.code}: ${ran.stdout}${ran.stderr}`)
  return { ...ran, stderr: ran.stderr.slice(BEGUN.length) }
}

const unix = (text: string) => text.replaceAll('\r\n', '\n')

const folder = join(import.meta.dirname, '../oracles/powershell')
let built: string | undefined

/** The path of the PowerShell host, which is built first if it is absent or older than its sources. */
function host(): string {
  if (built !== undefined) return built
  const { code, stdout, stderr } = run('sh', [join(folder, 'build.sh')], { timeout: 300_000 })
  if (code !== 0) throw new Error(`the PowerShell host cannot be built: ${stdout}${stderr}`)
  built = join(folder, 'publish/pw.exe')
  return built
}
