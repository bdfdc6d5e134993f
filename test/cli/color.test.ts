import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { Desk } from '../support/cli.ts'
import { describeWithOracle, missingPrograms, run } from '../support/oracle.ts'

const BIN = fileURLToPath(new URL('../../dist/bin.cjs', import.meta.url))
const RED = '\u001b[31m'

/** Runs the program with an invalid profile in a shell on a terminal that `script` creates. */
function onTerminal(redirection: string) {
  const { folder } = new Desk({ 'p.yaml': 'name: 1\n', out: '', err: '' })
  const command = `'${process.execPath}' '${BIN}' validate p.yaml ${redirection}`
  const { stdout } = run('script', ['-qec', command, '/dev/null'], { cwd: folder, env: { TERM: 'xterm' } })
  return { screen: stdout, err: readFileSync(join(folder, 'err'), 'utf8') }
}

describeWithOracle('messages', missingPrograms('script'), () => {
  it('are plain in a file, even if results go to a terminal', () => {
    const { err } = onTerminal('2>err')
    expect(err).toContain('p.yaml:1:7: error:')
    expect(err).not.toContain('\u001b')
  })

  it('are coloured on a terminal, even if results go to a file', () => {
    expect(onTerminal('>out').screen).toContain(RED)
  })
})
