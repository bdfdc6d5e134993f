import * as nodeModule from 'node:module'
import { buffer } from 'node:stream/consumers'
import { main } from './cli/main.ts'
import { VERSION } from './effects/assets.ts'

// Nodes after 20 keep compiled code between runs.
if ('enableCompileCache' in nodeModule) (nodeModule.enableCompileCache as () => void)()

// A reader that has seen enough (`| head`) is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
})

void main(process.argv.slice(2), VERSION, {
  cwd: process.cwd(),
  env: process.env,
  readStdin: () => buffer(process.stdin),
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
  terminal: process.stderr.isTTY,
}).then((exitCode) => {
  process.exitCode = exitCode
})
