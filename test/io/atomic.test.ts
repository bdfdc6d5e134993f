import { mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { beside, createFile, replaceBy, replaceFile, shareFile } from '../../src/io/atomic.ts'
import { replaceText } from '../../src/io/long-text.ts'
import { describeWithOracle, missingPrograms, run } from '../support/oracle.ts'
import { ROOT } from '../support/profiles.ts'

const folder = () => mkdtempSync(join(tmpdir(), 'keepalive-kit-atomic-'))
const bytes = (text: string) => Buffer.from(text)
const text = (path: string) => readFileSync(path, 'utf8')

describe('a file that is replaced', () => {
  it.each([
    ['by bytes', (path: string) => replaceFile(path, bytes('new'))],
    ['by lines', (path: string) => replaceText(path, ['ne', 'w'])],
  ])('has mode 0644 whatever the umask, and nothing beside it: %s', (_how, replace) => {
    const path = join(folder(), 'a', 'file')
    const umask = process.umask(0o077)
    try {
      replace(path)
    } finally {
      process.umask(umask)
    }
    expect(text(path)).toBe('new')
    expect(statSync(path).mode & 0o777).toBe(0o644)
    expect(readdirSync(join(path, '..'))).toEqual(['file'])
  })

  it('stays if the new one cannot be made, and the error names it', () => {
    const path = join(folder(), 'file')
    writeFileSync(path, 'old')
    const fail = (fresh: string) => {
      writeFileSync(fresh, 'half')
      throw Object.assign(new Error('ENOSPC'), { syscall: 'write', path: fresh })
    }
    expect(() => replaceBy(path, fail)).toThrow(expect.objectContaining({ path }) as Error)
    expect(text(path)).toBe('old')
    expect(readdirSync(join(path, '..'))).toEqual(['file'])
  })
})

describe('a file that must not be there yet', () => {
  it('is made once', () => {
    const path = join(folder(), 'mark')
    expect(createFile(path, bytes('mine'))).toBe(true)
    expect(createFile(path, bytes('other'))).toBe(false)
    expect(text(path)).toBe('mine')
    expect(readdirSync(join(path, '..'))).toEqual(['mark'])
  })

  it('is made even if an ended process of the same number left half of it', () => {
    const path = join(folder(), 'mark')
    writeFileSync(beside(path, 'new'), 'half')
    expect(createFile(path, bytes('mine'))).toBe(true)
    expect(text(path)).toBe('mine')
  })
})

/** Runs in a process of its own, for strace to look at: makes a file, and gives it a second name. */
const CHILD = `
import { createFile, shareFile } from ${JSON.stringify(join(ROOT, 'src/io/atomic.ts'))}
console.log(createFile('mark', Buffer.from('mine')), createFile('mark', Buffer.from('other')))
shareFile('mark', 'second')
`

describeWithOracle('a file system without links', missingPrograms('strace'), () => {
  it('has the same files', () => {
    const cwd = folder()
    const tsx = createRequire(import.meta.url).resolve('tsx')
    const child = [process.execPath, '--import', tsx, '--input-type=module', '-e', CHILD]
    const deny = ['-f', '-qq', '-o', '/dev/null', '-e', 'inject=?link,?linkat:error=EPERM']
    expect(run('strace', [...deny, ...child], { cwd })).toMatchObject({ code: 0, stdout: 'true false\n' })
    expect(readdirSync(cwd).map((name) => [name, text(join(cwd, name)), statSync(join(cwd, name)).nlink])).toEqual([
      ['mark', 'mine', 1],
      ['second', 'mine', 1],
    ])
  })
})

describe('a second name', () => {
  it('is a link, in place of another file too', () => {
    const there = folder()
    const [from, to] = [join(there, 'one'), join(there, 'two')]
    writeFileSync(from, 'one')
    writeFileSync(to, 'two')
    shareFile(from, to)
    expect(statSync(to).ino).toBe(statSync(from).ino)
  })
})
