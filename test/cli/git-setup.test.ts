import { execPath } from 'node:process'
import { chmodSync, existsSync, lstatSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { byCodeUnit } from '../../src/core/diagnostic.ts'
import { Desk, LINE4 } from '../support/cli.ts'
import { describeWithOracle, missingPrograms, run } from '../support/oracle.ts'
import { ROOT } from '../support/profiles.ts'

const ENCODING = ['out/** -text', 'out/**/windows/keepalive.reg text working-tree-encoding=UTF-16LE-BOM eol=crlf']

/** The lines of both ways about files in UTF-16. */
const wide = (text: string) => text.split('\n').filter((line) => line.includes('.reg '))

describe('git-setup', () => {
  it('prints the lines, and the cost of each way in a line', async () => {
    const desk = new Desk()
    const { code, out, err } = await desk.type('git-setup')
    expect(code).toBe(0)
    expect(out.split('\n')).toEqual(expect.arrayContaining(ENCODING))
    expect(wide(out).every((line) => line.endsWith(' text working-tree-encoding=UTF-16LE-BOM eol=crlf'))).toBe(true)
    expect(err.split('\n').map((line) => line.split(':')[0])).toEqual(['--way encoding', '--way textconv', ''])
    expect(desk.files()).toEqual([])
  })

  it('names exactly the files in UTF-16', async () => {
    const desk = new Desk({ 'a.yaml': LINE4 })
    await desk.type('generate a.yaml')
    const { out } = await desk.type('git-setup')
    const utf16 = desk.files().filter((path) => readFileSync(join(desk.folder, path))[0] === 0xff)
    const named = wide(out).map((line) => String(line.split(' ')[0]).replace('**', 'line4'))
    expect(named.toSorted(byCodeUnit)).toEqual(utf16)
  })

  it('textconv compares as text the files that git keeps as bytes', async () => {
    const { out } = await new Desk().type('git-setup --way textconv --quiet')
    expect(out).toContain('out/**/windows/keepalive.reg -text diff=keepalive-reg\n')
  })

  it.each([
    ['plant/out/', 'plant/out/** -text'],
    ['./plant', 'plant/** -text'],
    ['plant\\out', 'plant/out/** -text'],
  ])('--out %s', async (out, line) => {
    expect((await new Desk().type(`git-setup --out ${out}`)).out).toMatch(
      new RegExp(`^${line.replaceAll('*', '\\*')}\n`),
    )
  })

  it.each(['.', './', '/srv/out', '../out', 'a/../b', 'a//b', 'a/./b', '#a', '!a', 'a*', '"a"', 'a[b]'])(
    '--out %s cannot stand in .gitattributes',
    async (out) => {
      const desk = new Desk()
      expect(await desk.type(`git-setup --write --out ${out}`)).toMatchObject({ code: 2, out: '' })
      expect(desk.files()).toEqual([])
    },
  )
})

describe('git-setup --write', () => {
  const own = '* text=auto\n*.png binary\n'
  const attributes = (desk: Desk) => readFileSync(join(desk.folder, '.gitattributes'), 'utf8')

  it('gives the same file twice', async () => {
    const desk = new Desk()
    const { code, out } = await desk.type('git-setup --write')
    expect({ code, out }).toEqual({ code: 0, out: '.gitattributes\n' })
    const once = attributes(desk)
    await desk.type('git-setup --write')
    expect(attributes(desk)).toBe(once)
  })

  it('reports whether git will read it', async () => {
    expect((await new Desk().type('git-setup --write --quiet')).err).toContain('this folder is in no repository')
    const { err } = await new Desk({ '.git/HEAD': 'ref: refs/heads/main\n' }).type('git-setup --write')
    expect(err).toMatch(/^next: git add --renormalize \./)
  })

  it('keeps existing lines, and adds its own at the end, where they win', async () => {
    const desk = new Desk({ '.gitattributes': own })
    await desk.type('git-setup --write')
    expect(attributes(desk)).toMatch(
      /^\* text=auto\n\*\.png binary\n# BEGIN keepalive-kit git-setup\n[^]*\n# END keepalive-kit git-setup\n$/,
    )
  })

  it('replaces its own block with that of another way, at the end of the file', async () => {
    const desk = new Desk({ '.gitattributes': own })
    await desk.type('git-setup --write --way textconv')
    writeFileSync(join(desk.folder, '.gitattributes'), `${attributes(desk)}*.pdf binary\n`)
    await desk.type('git-setup --write')
    const fresh = new Desk({ '.gitattributes': `${own}*.pdf binary\n` })
    await fresh.type('git-setup --write')
    expect(attributes(desk)).toBe(attributes(fresh))
  })

  it.each([
    ['a block without its end', `*.pdf binary\n# BEGIN keepalive-kit git-setup\n${own}`],
    ['a last line without its end', '*.png binary'],
    ['the line ends of Windows', '* text=auto\r\n*.png binary\r\n'],
    ['an end without a block', `# END keepalive-kit git-setup\n${own}`],
  ])('loses no line of %s', async (_what, text) => {
    const desk = new Desk({ '.gitattributes': text })
    await desk.type('git-setup --write')
    expect(attributes(desk).startsWith(text)).toBe(true)
  })

  it('keeps bytes that are not UTF-8, and the mode of the file', async () => {
    const bytes = Buffer.from('# Stra\xdfe\n*.png binary\n', 'latin1')
    const desk = new Desk({ '.gitattributes': bytes })
    const path = join(desk.folder, '.gitattributes')
    chmodSync(path, 0o600)
    await desk.type('git-setup --write')
    expect(readFileSync(path).subarray(0, bytes.length).equals(bytes)).toBe(true)
    expect(lstatSync(path).mode & 0o777).toBe(0o600)
  })

  it('does not replace a link, which git does not follow', async () => {
    const desk = new Desk({ mine: own })
    symlinkSync('mine', join(desk.folder, '.gitattributes'))
    expect(await desk.type('git-setup --write --quiet')).toEqual({
      code: 1,
      out: '',
      err: 'error: .gitattributes is a link, which git does not read there; put a file in its place, and run git-setup again [git/attributes-in-the-way]\n',
    })
    expect(readFileSync(join(desk.folder, 'mine'), 'utf8')).toBe(own)
  })
})

describeWithOracle('in a real repository', missingPrograms('git'), () => {
  const REG = 'out/line4/windows/keepalive.reg'

  /** A repository with line4's output committed; then its idle time changes on disk. */
  async function repository(way: string) {
    const desk = new Desk({ 'a.yaml': LINE4 })
    const git = (...args: readonly string[]) => {
      const ran = run('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.com', ...args], { cwd: desk.folder })
      if (ran.code !== 0) throw new Error(ran.stderr)
      return ran.stdout
    }
    git('init', '-q')
    await desk.type('generate a.yaml')
    await desk.type(`git-setup --write --way ${way}`)
    git('add', '.')
    git('commit', '-q', '-m', 'one')
    const before = new Map(desk.files().map((path) => [path, readFileSync(join(desk.folder, path))]))
    const change = async () => {
      writeFileSync(join(desk.folder, 'a.yaml'), LINE4.replace('20s', '30s'))
      await desk.type('generate a.yaml')
    }
    /** Checks all files out again, and lists those that differ by a byte. */
    const notAsBefore = () => {
      rmSync(join(desk.folder, 'out'), { recursive: true })
      git('checkout', '--', '.')
      return [...before]
        .filter(([path]) => path.startsWith('out/'))
        .filter(([path, bytes]) => !readFileSync(join(desk.folder, path)).equals(bytes))
        .map(([path]) => path)
    }
    return { desk, git, change, notAsBefore }
  }

  /** The removed and added lines of a diff. */
  const changed = (diff: string) => diff.split('\n').filter((line) => /^[-+]"/.test(line))
  const IDLE = ['-"KeepAliveTime"=dword:00004e20', '+"KeepAliveTime"=dword:00007530']

  it('as the encoding: a .reg file diffs as text, and comes back byte for byte', async () => {
    const { git, change, notAsBefore } = await repository('encoding')
    expect(git('status', '--porcelain')).toBe('')
    expect(notAsBefore()).toEqual([])
    await change()
    expect(changed(git('diff', '--', REG))).toEqual(IDLE)
  })

  it('as textconv: a .reg file diffs as text if git is configured for the kit', async () => {
    const { desk, git, change, notAsBefore } = await repository('textconv')
    expect(notAsBefore()).toEqual([])
    await change()
    expect(git('diff', '--', REG)).toMatch(/^Binary files .* differ$/m)
    const script = join(desk.folder, '.git', 'keepalive-kit')
    const program = join(ROOT, 'dist', 'bin.cjs')
    expect(existsSync(program)).toBe(true)
    writeFileSync(script, `#!/bin/sh\nexec "${execPath}" "${program}" "$@"\n`)
    chmodSync(script, 0o755)
    git('config', 'diff.keepalive-reg.textconv', `"${script}" textconv`)
    expect(changed(git('diff', '--', REG))).toEqual(IDLE)
  })

  it('without it a .reg file is binary', async () => {
    const { desk, git, change } = await repository('textconv')
    rmSync(join(desk.folder, '.gitattributes'))
    await change()
    expect(git('diff', '--', REG)).toMatch(/^Binary files .* differ$/m)
  })
})

describe('textconv', () => {
  const text = '"a"=dword:00000001\r\nä\r\n'
  it.each<readonly [string, Uint8Array]>([
    ['UTF-16LE', Buffer.from(`\ufeff${text}`, 'utf16le')],
    ['UTF-16BE', Buffer.from(`\ufeff${text}`, 'utf16le').swap16()],
    ['UTF-8', Buffer.from(text)],
    ['UTF-8 with a mark', Buffer.from(`\ufeff${text}`)],
    ['windows-1252', Buffer.from(text, 'latin1')],
  ])('prints %s as UTF-8 with LF', async (_encoding, bytes) => {
    expect(await new Desk({ 'a.reg': bytes }).type('textconv a.reg')).toEqual({
      code: 0,
      out: text.replaceAll('\r\n', '\n'),
      err: '',
    })
  })

  it('reads standard input', async () => {
    expect((await new Desk().type('textconv -', { stdin: 'a\r\n' })).out).toBe('a\n')
  })

  it.each([
    ['nope', '"nope"'],
    ['.', '"." is a folder; name a file'],
  ])('reports that %s is no file', async (file, words) => {
    const { code, out, err } = await new Desk().type(`textconv ${file}`)
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err).toContain(words)
  })
})
