import { existsSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { sha256 } from '#checksums'
import { describeWithOracle, run } from './support/oracle.ts'
import { PROFILE_NAMES, PROFILES, ROOT } from './support/profiles.ts'

const BIN = join(ROOT, 'dist/bin.cjs')
const ANYWHERE = PROFILES.map((profile) => (profile.startsWith('preset:') ? profile : join(ROOT, profile)))

interface Circumstances {
  readonly node?: string
  readonly env?: Readonly<Record<string, string>>
  readonly profiles?: readonly string[]
  readonly umask?: string
}

/** The digest of every zip of one run, by name. */
function digests({
  node = process.execPath,
  env = {},
  profiles = ANYWHERE,
  umask = '022',
}: Circumstances): Record<string, string> {
  const out = mkdtempSync(join(tmpdir(), 'keepalive-kit-same-'))
  const { code, stderr } = run(
    'sh',
    ['-c', `umask ${umask} && exec "$@"`, 'sh', node, BIN, 'bundle', ...profiles, '--out', out],
    { cwd: out, env },
  )
  if (code !== 0) throw new Error(stderr)
  return Object.fromEntries(
    readdirSync(out)
      .toSorted()
      .map((name) => [name, sha256(readFileSync(join(out, name)))]),
  )
}

describe.skipIf(process.platform === 'win32')('the same profile gives the same bytes', () => {
  const here = digests({})

  it('with a zip for each profile', () => {
    expect(Object.keys(here)).toEqual(PROFILE_NAMES.map((name) => `${name}.zip`))
  })

  it.each<[string, Circumstances]>([
    ['in Tokyo, in C', { env: { TZ: 'Asia/Tokyo', LC_ALL: 'C' } }],
    ['in UTC, in UTF-8', { env: { TZ: 'UTC', LC_ALL: 'C.UTF-8' } }],
    ['in New York, in Turkish', { env: { TZ: 'America/New_York', LC_ALL: 'tr_TR.UTF-8', LANG: 'tr_TR.UTF-8' } }],
    ['with the profiles in another order', { profiles: ANYWHERE.toReversed() }],
    ['with another umask', { umask: '077' }],
    ['with another user and home', { env: { HOME: '/nowhere', USER: 'somebody', SOURCE_DATE_EPOCH: '1' } }],
  ])('%s', (_where, circumstances) => {
    expect(digests(circumstances)).toEqual(here)
  })

  describe.each([20, 22, 24, 26])('Node %i', (major) => {
    const node = join(ROOT, `test/oracles/node/node_modules/node${major}/bin/node`)
    const missing = existsSync(node) ? undefined : `Node ${major} is not installed (test/oracles/install.sh does)`
    describeWithOracle('makes the same bytes', missing, () => {
      it('bytes', () => {
        expect(run(node, ['--version']).stdout).toMatch(new RegExp(`^v${major}\\.`))
        expect(digests({ node })).toEqual(here)
      })
    })
  })
})
