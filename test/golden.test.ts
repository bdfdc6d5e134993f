import { readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { main } from '../src/cli/main.ts'
import { VERSION } from '../src/io/assets.ts'
import { GOLDEN_NAMES, GOLDEN_PROFILES, ROOT } from './support/profiles.ts'

describe('what is kept in out/', () => {
  it.each(GOLDEN_PROFILES)('is what the kit makes of %s, byte for byte', async (profile) => {
    let said = ''
    const code = await main(['generate', profile, '--check'], VERSION, {
      cwd: ROOT,
      env: {},
      readStdin: () => Promise.resolve(Buffer.alloc(0)),
      out: (text) => void (said += text),
      err: (text) => void (said += text),
      terminal: false,
    })
    expect(said.replace(/^test\/profiles.*: warning: [^]*?\^\n/gm, '')).toContain('all as they should be')
    expect(code).toBe(0)
  })

  it('is nothing else', () => {
    const kept = readdirSync(`${ROOT}out`, { withFileTypes: true }).filter(
      (entry) => entry.isDirectory() && !entry.name.startsWith('.'),
    )
    expect(kept.map(({ name }) => name).toSorted()).toEqual(GOLDEN_NAMES)
  })
})
