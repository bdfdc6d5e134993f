import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Artifact } from '../../src/core/artifact.ts'
import { readTree, replaceTree } from '../../src/effects/tree.ts'

const file = (path: string, text: string, mode: Artifact['mode'] = 0o644): Artifact => ({
  path,
  mode,
  bytes: Buffer.from(text),
})
const folder = () => join(mkdtempSync(join(tmpdir(), 'keepalive-kit-tree-')), 'out', 'line4')
const texts = (path: string) =>
  Object.fromEntries([...readTree(path)].map(([name, { bytes }]) => [name, Buffer.from(bytes).toString()]))
const beside = (path: string) => readdirSync(join(path, '..')).filter((name) => name !== 'line4')

const OLD = [file('a.txt', 'old'), file('linux/install.sh', 'old', 0o755)]
const NEW = [file('a.txt', 'new'), file('windows/keepalive.reg', 'new')]

describe('a tree on disk', () => {
  it('is there whole, with its modes whatever the umask, and nothing beside it', () => {
    const path = folder()
    const before = process.umask(0o077)
    try {
      replaceTree(path, OLD)
    } finally {
      process.umask(before)
    }
    expect(texts(path)).toEqual({ 'a.txt': 'old', 'linux/install.sh': 'old' })
    expect(statSync(join(path, 'linux/install.sh')).mode & 0o777).toBe(0o755)
    expect(statSync(join(path, 'a.txt')).mode & 0o777).toBe(0o644)
    expect(beside(path)).toEqual([])
  })

  it('is replaced as a whole', () => {
    const path = folder()
    replaceTree(path, OLD)
    replaceTree(path, NEW)
    expect(texts(path)).toEqual({ 'a.txt': 'new', 'windows/keepalive.reg': 'new' })
    expect(beside(path)).toEqual([])
  })

  it('stays as it was when the new one cannot be written', () => {
    const path = folder()
    replaceTree(path, OLD)
    expect(() => replaceTree(path, [...NEW, file('a.txt/b', 'a.txt is a file')])).toThrow()
    expect(texts(path)).toEqual({ 'a.txt': 'old', 'linux/install.sh': 'old' })
    expect(beside(path)).toEqual([])
  })

  it('is still read when a run stopped between the two renames, and the next run goes on from there', () => {
    const path = folder()
    replaceTree(path, OLD)
    renameSync(path, join(path, '..', '.line4.keepalive-kit-old'))
    expect(texts(path)).toEqual({ 'a.txt': 'old', 'linux/install.sh': 'old' })
    replaceTree(path, NEW)
    expect(texts(path)).toEqual({ 'a.txt': 'new', 'windows/keepalive.reg': 'new' })
    expect(beside(path)).toEqual([])
  })

  it('shakes off what a run left that stopped while writing, or before cleaning up', () => {
    const path = folder()
    replaceTree(path, OLD)
    for (const name of ['.line4.keepalive-kit-new', '.line4.keepalive-kit-old']) {
      mkdirSync(join(path, '..', name))
      writeFileSync(join(path, '..', name, 'half'), '')
    }
    replaceTree(path, NEW)
    expect(texts(path)).toEqual({ 'a.txt': 'new', 'windows/keepalive.reg': 'new' })
    expect(beside(path)).toEqual([])
  })

  it('is the old one or the new one whenever the process is killed', { timeout: 120_000 }, () => {
    const path = folder()
    const script = new URL('../support/replace-forever.ts', import.meta.url).pathname
    for (let kill = 0; kill < 12; kill += 1) {
      spawnSync(process.execPath, ['--import', 'tsx', script, path], {
        timeout: 900 + kill * 37,
        killSignal: 'SIGKILL',
        stdio: 'ignore',
      })
      if (!existsSync(join(path, '..'))) continue
      const seen = new Set(Object.values(texts(path)))
      expect(seen.size).toBeLessThanOrEqual(1)
      if (readTree(path).size > 0) expect(readTree(path).size).toBe(200)
    }
    expect(readTree(path).size).toBe(200)
  })
})
