import { readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { main } from '../src/cli/main.ts'
import { VERSION } from '../src/io/assets.ts'
import { GOLDEN, GOLDEN_LOCK, GOLDEN_TREES, LOCKED_PROFILES, ROOT, TREE_PROFILES } from './support/profiles.ts'

/** The answer of the command line in the root of the project, without warnings about profiles. */
async function answer(...line: readonly string[]): Promise<{ readonly code: number; readonly said: string }> {
  let said = ''
  const code = await main(line, VERSION, {
    cwd: ROOT,
    env: {},
    readStdin: () => Promise.resolve(Buffer.alloc(0)),
    out: (text) => void (said += text),
    err: (text) => void (said += text),
    terminal: false,
  })
  return { code, said: said.replace(/^test\/profiles.*: warning: [^]*?\^\n/gm, '') }
}

describe('test/golden', () => {
  it.each(TREE_PROFILES)('has the files of %s, byte for byte', async (profile) => {
    const { code, said } = await answer('generate', profile, '--out', GOLDEN, '--check')
    expect(said).toContain('all as they should be')
    expect(code).toBe(0)
  })

  it('has the settings of all other profiles, and the digests of their files', async () => {
    const { code, said } = await answer('verify', '--lock', GOLDEN_LOCK, ...LOCKED_PROFILES)
    expect(said).toContain(`${GOLDEN_LOCK}: as it should be`)
    expect(code).toBe(0)
  })

  it('has no other files', () => {
    expect(readdirSync(ROOT + GOLDEN).toSorted()).toEqual(['keepalive.lock.json', ...GOLDEN_TREES])
  })
})
