import { isatty } from 'node:tty'
import { main } from './cli/main.ts'
import { VERSION } from './io/assets.ts'

// A reader that has seen enough (`| head`) is no failure; results that cannot be written are.
let lost = false
process.stdout.on('error', ({ code, message }: NodeJS.ErrnoException) => {
  if (code === 'EPIPE') return
  lost = true
  process.exitCode = 3
  process.stderr.write(`keepalive-kit: the results cannot be written to standard output: ${message}\n`)
})
process.stderr.on('error', () => {})

async function readStdin(most: number): Promise<Uint8Array> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of process.stdin as AsyncIterable<Buffer>) {
    chunks.push(chunk)
    length += chunk.length
    if (length >= most) break
  }
  return Buffer.concat(chunks)
}

/** Ends a process that has nothing left to wait for, though its command has not come to its end: that must not look like success. */
function endedEarly(): void {
  process.exitCode = 3
  process.stderr.write(
    'keepalive-kit: the command stopped before its end, so that its results are not complete. This is a fault of keepalive-kit, not of yours; please report it with the command that you ran.\n',
  )
}

/** The working folder; `undefined` if somebody removed it. */
function workingFolder(): string | undefined {
  try {
    return process.cwd()
  } catch {
    return undefined
  }
}

/** Runs one command line in this process, whose exit code it sets. */
export async function run(argv: readonly string[]): Promise<void> {
  const cwd = workingFolder()
  if (cwd === undefined) {
    process.stderr.write('keepalive-kit: the working folder no longer exists; change to another one\n')
    process.exitCode = 3
    return
  }
  process.once('exit', endedEarly)
  const exitCode = await main(argv, VERSION, {
    cwd,
    env: process.env,
    readStdin,
    out: (text) => process.stdout.write(text),
    err: (text) => process.stderr.write(text),
    // `isTTY` is undefined, and not false, if it is no terminal.
    terminal: isatty(process.stderr.fd),
    columns: process.stdout.columns,
  })
  process.off('exit', endedEarly)
  process.exitCode = lost ? 3 : exitCode
}
