import {
  chmodSync,
  chownSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  symlinkSync,
} from 'node:fs'
import * as nodeModule from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { codeFolder } from '../../src/io/code-folder.ts'
import { itWhere, run } from '../support/oracle.ts'
import { ROOT } from '../support/profiles.ts'

const USER = process.geteuid?.() ?? 0
const SOMEBODY = 12_345

let temporary: string
let own: string

beforeEach(() => {
  temporary = realpathSync(mkdtempSync(join(tmpdir(), 'keepalive-kit-code-')))
  own = join(temporary, `keepalive-kit-${USER}`)
  vi.stubEnv('TMPDIR', temporary)
})
afterEach(() => {
  vi.unstubAllEnvs()
})

describe.skipIf(process.platform === 'win32')("the folder of V8's code", () => {
  it('is made for this user alone, whatever the umask', () => {
    const before = process.umask(0)
    try {
      expect(codeFolder()).toBe(own)
    } finally {
      process.umask(before)
    }
    expect([lstatSync(own).mode & 0o7777, lstatSync(own).uid]).toEqual([0o700, USER])
    expect(codeFolder()).toBe(own)
  })

  it('is made where TMPDIR leads by a link', () => {
    const link = join(temporary, 'link')
    symlinkSync(join(temporary, 'real'), link)
    mkdirSync(join(temporary, 'real'))
    vi.stubEnv('TMPDIR', link)
    expect(codeFolder()).toBe(join(temporary, 'real', `keepalive-kit-${USER}`))
  })

  it('may lie in a folder for all users, in which each removes only what is his', () => {
    chmodSync(temporary, 0o1777)
    expect(codeFolder()).toBe(own)
  })

  const root = itWhere(USER === 0)
  it.each<[string, () => void]>([
    ['the temporary folder is missing', () => vi.stubEnv('TMPDIR', join(temporary, 'none'))],
    ['all users may rename what is in the temporary folder', () => chmodSync(temporary, 0o777)],
    ['a group may rename what is in the temporary folder', () => chmodSync(temporary, 0o770)],
    [
      'all users may rename the temporary folder',
      () => {
        chmodSync(temporary, 0o777)
        mkdirSync(join(temporary, 'mine'))
        vi.stubEnv('TMPDIR', join(temporary, 'mine'))
      },
    ],
    ['a link has its name', () => symlinkSync(mkdtempSync(join(temporary, 'other-')), own)],
    ['others may read it', () => mkdirSync(own, { mode: 0o755 })],
  ])('does not exist where %s', (_where, arrange) => {
    arrange()
    expect(codeFolder()).toBeUndefined()
  })

  root.each<[string, () => void]>([
    ['somebody else made it', () => (mkdirSync(own, { mode: 0o700 }), chownSync(own, SOMEBODY, SOMEBODY))],
    ['the temporary folder is that of somebody else', () => chownSync(temporary, SOMEBODY, SOMEBODY)],
  ])('does not exist where %s', (_where, arrange) => {
    arrange()
    expect(codeFolder()).toBeUndefined()
  })
})

describe.skipIf(!('enableCompileCache' in nodeModule))('the program', () => {
  const start = () => run(process.execPath, [join(ROOT, 'dist/bin.cjs'), '--help'], { env: { TMPDIR: temporary } }).code

  it('caches its code in that folder', () => {
    expect(start()).toBe(0)
    expect(readdirSync(temporary)).toEqual([`keepalive-kit-${USER}`])
    expect(readdirSync(own)).toHaveLength(1)
  })

  it('runs without a cache if there is no such folder', () => {
    mkdirSync(own, { mode: 0o755 })
    expect(start()).toBe(0)
    expect(readdirSync(own)).toEqual([])
    expect(readdirSync(temporary)).toEqual([`keepalive-kit-${USER}`])
  })
})
