import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import type { Artifact } from '../../src/core/artifact.ts'
import { replaceFile } from '../../src/io/atomic.ts'
import { readFolder } from '../../src/io/outputs.ts'
import { readTree, recover, replaceTree } from '../../src/io/tree.ts'
import { describeWithOracle, missingPrograms, run } from '../support/oracle.ts'
import { spread, timesOf } from '../support/depth.ts'

const file = (path: string, text: string, mode: Artifact['mode'] = 0o644): Artifact => ({
  path,
  mode,
  bytes: Buffer.from(text),
})
const folder = () => join(mkdtempSync(join(tmpdir(), 'keepalive-kit-tree-')), 'out', 'line4')
const texts = (path: string) =>
  Object.fromEntries([...readFolder(path).files].map(([name, { bytes }]) => [name, Buffer.from(bytes).toString()]))
const beside = (path: string) => readdirSync(join(path, '..')).filter((name) => name !== 'line4')

const OLD = [file('a.txt', 'old'), file('linux/install.sh', 'old', 0o755)]
const NEW = [file('a.txt', 'new'), file('windows/keepalive.reg', 'new')]

/** No process has this number. */
const DEAD = 4_194_305

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
    expect(() => replaceTree(path, [...NEW, file('a.txt/b', 'a.txt is a file')])).toThrow('ENOTDIR')
    expect(texts(path)).toEqual({ 'a.txt': 'old', 'linux/install.sh': 'old' })
    expect(beside(path)).toEqual([])
  })

  it('comes back when a run stopped between the two renames', () => {
    const path = folder()
    replaceTree(path, OLD)
    renameSync(path, join(path, '..', `.line4.keepalive-kit-old-${DEAD}`))
    expect(readTree(path).files.size).toBe(0)
    recover(dirname(path))
    expect(texts(path)).toEqual({ 'a.txt': 'old', 'linux/install.sh': 'old' })
    expect(beside(path)).toEqual([])
  })

  it('loses the leftovers of stopped runs, and keeps those of a running one', () => {
    const path = folder()
    replaceTree(path, OLD)
    const running = `.line4.keepalive-kit-new-${process.ppid}`
    for (const name of [`.line4.keepalive-kit-new-${DEAD}`, `.line4.keepalive-kit-old-${DEAD}`, running]) {
      mkdirSync(join(path, '..', name))
      writeFileSync(join(path, '..', name, 'half'), '')
    }
    recover(dirname(path))
    replaceTree(path, NEW)
    expect(texts(path)).toEqual({ 'a.txt': 'new', 'windows/keepalive.reg': 'new' })
    expect(beside(path)).toEqual([running])
  })

  it('is the old one or the new one whenever the process is killed', { timeout: 240_000 }, async () => {
    const path = folder()
    for (const kill of spread(12, timesOf(12, 4))) {
      await replaceUntilKilled(path, kill * 7)
      recover(dirname(path))
      const tree = readFolder(path).files
      expect(tree.size).toBe(200)
      expect(new Set([...tree.values()].map(({ bytes }) => Buffer.from(bytes).toString())).size).toBe(1)
    }
  })
})

/** Lets a process replace the tree again and again, and kills it `after` milliseconds after the first time. */
async function replaceUntilKilled(path: string, after: number): Promise<void> {
  const script = fileURLToPath(new URL('../support/replace-forever.ts', import.meta.url))
  const child = spawn(process.execPath, ['--import', 'tsx', script, path], { stdio: ['ignore', 'pipe', 'inherit'] })
  child.stdout.once('data', () => setTimeout(() => child.kill('SIGKILL'), after))
  const [code, signal] = (await once(child, 'exit')) as [number | null, string | null]
  expect({ code, signal }).toEqual({ code: null, signal: 'SIGKILL' })
}

const mayMount =
  process.platform === 'linux' && process.getuid?.() === 0 ? undefined : 'only root on Linux may mount a file system'

describeWithOracle('a disk that is full', mayMount ?? missingPrograms('mount', 'umount'), () => {
  it('leaves the old zip and the old tree as they were, and nothing beside them', () => {
    const disk = mkdtempSync(join(tmpdir(), 'keepalive-kit-disk-'))
    expect(run('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', disk]).code).toBe(0)
    try {
      const [zip, path] = [join(disk, 'line4.zip'), join(disk, 'line4')]
      replaceFile(zip, Buffer.from('old'))
      replaceTree(path, OLD)
      expect(() => replaceFile(zip, Buffer.alloc(300_000))).toThrow('ENOSPC')
      expect(() => replaceTree(path, [file('big', 'x'.repeat(300_000))])).toThrow('ENOSPC')
      expect(readFileSync(zip, 'utf8')).toBe('old')
      expect(texts(path)).toEqual({ 'a.txt': 'old', 'linux/install.sh': 'old' })
      expect(readdirSync(disk).toSorted()).toEqual(['line4', 'line4.zip'])
    } finally {
      run('umount', [disk])
    }
  })
})
