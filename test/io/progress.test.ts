import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { describeWithOracle, missingPrograms, run } from '../support/oracle.ts'

const BIN = fileURLToPath(new URL('../../dist/bin.cjs', import.meta.url))
const MANY = 1_500

/** Bundles on a terminal that `script` makes, and gives back everything that it showed. */
function shown(profiles: number, ...options: readonly string[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'keepalive-kit-progress-'))
  for (let i = 0; i < profiles; i += 1)
    writeFileSync(join(folder, `line${i}.yaml`), `name: line${i}\nidle: 20s\ninterval: 5s\n`)
  const command = `'${process.execPath}' '${BIN}' bundle --dry-run ${options.join(' ')} *.yaml`
  return run('script', ['-qec', command, '/dev/null'], { cwd: folder, env: { TERM: 'xterm' } }).stdout
}

describeWithOracle('a terminal', missingPrograms('script'), () => {
  it('appears when more than a second of work is ahead', () => {
    expect(shown(MANY)).toMatch(new RegExp(`bundling .* \\d+/${MANY}, .* left`))
  })

  it.each([
    ['for a moment’s work', 1, ''],
    ['when it is to be quiet', MANY, '-q'],
  ])('shows nothing of the kind %s', (_when, profiles, option) => {
    expect(shown(profiles, option)).not.toContain('bundling')
  })
})
