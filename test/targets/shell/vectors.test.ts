import { chmodSync, chownSync, closeSync, linkSync, lstatSync, openSync, symlinkSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { describeWithOracle, missingPrograms, run, type Ran } from '../../support/oracle.ts'
import { block, read, tcbsd } from '../../support/shell-kits.ts'
import { filesOf, modeOf, programOf, runScript, shellsFor, tree } from '../../support/shells.ts'
import { someOf } from '../../support/depth.ts'

/** Prepares the user's file beyond its text. */
type Prepare = (root: string, file: string) => void
interface Vector {
  readonly what: string
  /** Text of the file; absent if the file is missing. */
  readonly text?: string
  readonly prepare?: Prepare
  /** Additional files. */
  readonly others?: Readonly<Record<string, string>>
  readonly warns?: string
  /** The exit code of install.sh. */
  readonly code?: number
  /** The error of an installation that changes nothing. */
  readonly refuses?: string
}

const isRoot = process.getuid?.() === 0
const idle = 'net.inet.tcp.keepidle'

// The letters name the edits that every installer must handle; the other rows concern the file itself.
const vectors: readonly Vector[] = [
  { what: 'a: no file' },
  { what: 'b: a file without a final newline', text: 'a=1\nb=2' },
  { what: 'c: CRLF lines', text: 'a=1\r\nb=2\r\n' },
  { what: 'd: an earlier assignment', text: `a=1\n${idle} = 1\n` },
  {
    what: 'e: an assignment in the local file',
    text: 'a=1\n',
    others: { 'etc/sysctl.conf.local': `# mine\n${idle}=1\n` },
    warns: `warning: /etc/sysctl.conf.local:2 sets ${idle} to 1 at the next start. Remove or correct that line.\n`,
    code: 4,
  },
  { what: 'f: a second run', text: '\n\na=1\n\n' },
  {
    what: 'g: a BEGIN mark without its END',
    text: 'a=1\n# BEGIN keepalive-kit x\nb=2\n',
    refuses: 'line 3 is the last one, and the block of line 2 has no end',
  },
  {
    what: 'h: a symbolic link',
    text: 'a=1\n',
    prepare: (root, file) => {
      run('mv', [file, join(root, 'etc/real.conf')])
      symlinkSync('real.conf', file)
    },
  },
  { what: 'i: mode 0640', text: 'a=1\n', prepare: (_, file) => chmodSync(file, 0o640) },
  { what: 'i: another owner', text: 'a=1\n', prepare: (_, file) => isRoot && chownSync(file, 33, 34) },
  { what: 'j: an assignment in a comment', text: `#${idle}=1\n` },
  { what: 'k: a name that begins like ours', text: `${idle}X=1\n` },
  { what: 'l: text of every kind', text: '\t a = "1"  \n\\\n%s\n#\n\xe4\xff\n' },
  { what: 'd, with CRLF', text: `${idle} = 1\r\n` },
  { what: 'd, without a final newline', text: `${idle}:1` },
  {
    what: 'g, with CRLF',
    text: '# BEGIN keepalive-kit x\r\nb=2\r\n',
    refuses: 'line 2 is the last one, and the block of line 1 has no end',
  },
  { what: 'j and k, with CRLF and no final newline', text: `#${idle}=1\r\n${idle}X=1` },
  {
    what: 'a hard link',
    text: 'a=1\n',
    prepare: (root, file) => linkSync(file, join(root, 'etc/second')),
    warns: '/etc/sysctl.conf has other names (hard links): only this one is changed.\n',
  },
]

/** The state that uninstall.sh must restore: text or link target, mode and owner of each file. */
const stateOf = (root: string): unknown =>
  Object.entries(filesOf(root)).map(([path, text]) => {
    const { mode, uid, gid } = lstatSync(join(root, path))
    return { path, text, mode, uid, gid }
  })

function make({ text, prepare, others }: Vector): string {
  const root = tree({ 'etc/x': '', ...others })
  const file = join(root, tcbsd.file)
  if (text === undefined) return root
  const handle = openSync(file, 'w', 0o644)
  writeSync(handle, Buffer.from(text, 'latin1'))
  closeSync(handle)
  prepare?.(root, file)
  return root
}

const inShells = someOf(vectors, 6, 12).flatMap((vector, row) => shellsFor(row).map((shell) => ({ ...vector, shell })))
describeWithOracle(
  'An edit of /etc/sysctl.conf',
  missingPrograms(...inShells.map(({ shell }) => programOf(shell))),
  () => {
    it.each(inShells)('is undone exactly, or refused: $what, under $shell', ({ shell, ...vector }) => {
      const script = (root: string, name: string): Ran => runScript(join(tcbsd.kit, name), ['--root', root], { shell })
      const root = make(vector)
      const before = stateOf(root)
      const first = script(root, 'install.sh')
      if (vector.refuses !== undefined) {
        expect(first).toEqual({ code: 1, stdout: '', stderr: expect.stringContaining(vector.refuses) as string })
        expect(stateOf(root)).toEqual(before)
        return
      }
      const text = vector.text ?? ''
      expect(first).toEqual({
        code: vector.code ?? 0,
        stdout: expect.stringContaining('is installed') as string,
        stderr: vector.warns === undefined ? '' : (expect.stringContaining(vector.warns) as string),
      })
      expect(read(root, tcbsd.file)).toBe(`${text}${text === '' || text.endsWith('\n') ? '' : '\n'}${block}`)
      if (vector.what.startsWith('f')) {
        const installed = stateOf(root)
        expect(script(root, 'install.sh').code).toBe(0)
        expect(stateOf(root)).toEqual(installed)
      }
      expect(script(root, 'uninstall.sh')).toMatchObject({ code: 0 })
      expect(stateOf(root)).toEqual(before)
    })
  },
)

for (const shell of someOf(shellsFor(2), 0, 0))
  describeWithOracle(`A file of 200 MB under ${shell}`, missingPrograms(programOf(shell)), () => {
    it('receives the block, and gets its original bytes back', () => {
      const root = tree({})
      const file = join(root, tcbsd.file)
      run('mkdir', [join(root, 'etc')])
      run('sh', [
        '-c',
        'yes "# a line of a very long file, of which nothing must be lost" | head -c 200000000 >"$1"',
        'sh',
        file,
      ])
      const sum = (): string => run('cksum', [file]).stdout
      const before = sum()
      for (const name of ['install.sh', 'uninstall.sh']) {
        expect(runScript(join(tcbsd.kit, name), ['--root', root], { shell })).toMatchObject({
          code: 0,
          stderr: '',
        })
        if (name === 'install.sh') expect(run('tail', ['-c', String(block.length), file]).stdout).toBe(block)
      }
      expect([sum(), modeOf(file)]).toEqual([before, '0644'])
    }, 600_000)
  })
