import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { LINE4 } from '../support/cli.ts'
import { describeWithOracle, run } from '../support/oracle.ts'

const BIN = fileURLToPath(new URL('../../dist/bin.cjs', import.meta.url))
const notHere = process.platform === 'linux' ? undefined : 'only Linux has /dev/full and /proc'

/** A shell's command line, in which `kit` is the program, in a folder with line4.yaml. */
function sh(line: string): { code: number | null; out: string; err: string } {
  const folder = mkdtempSync(join(tmpdir(), 'keepalive-kit-sh-'))
  writeFileSync(join(folder, 'line4.yaml'), LINE4)
  const { code, stdout, stderr } = run('sh', ['-c', `kit() { '${process.execPath}' '${BIN}' "$@"; }; ${line}`], {
    cwd: folder,
    timeout: 20_000,
  })
  return { code, out: stdout, err: stderr }
}

describeWithOracle('the program in a shell', notHere, () => {
  it.each([
    ['results that cannot be written', 'kit explain line4.yaml >/dev/full', 3, /cannot be written to standard output/],
    ['messages that cannot be written', 'kit validate nothing.yaml 2>/dev/full', 2, /^$/],
    ['a reader that stops early', 'kit explain line4.yaml | head -c 1 >/dev/null', 0, /^$/],
    ['a device without an end', 'kit validate /dev/zero', 3, /\/dev\/zero: it is a pipe or a device/],
    ...['validate p', 'import p', 'verify p', 'diff p line4.yaml', 'fleet p', 'verify --profile line4.yaml p'].map(
      (line): [string, string, number, RegExp] => [
        `a pipe that nobody writes: ${line}`,
        `mkfifo p; kit ${line}`,
        3,
        /p: it is a pipe or a device, whose end may never come; write - and give its text on standard input/,
      ],
    ),
    [
      'a working folder that was removed',
      'mkdir d; cd d; rmdir ../d; kit targets',
      3,
      /the working folder no longer exists/,
    ],
    ['a pipe that is open already', 'cat line4.yaml | kit validate /dev/stdin', 0, /^$/],
    ['a standard input without an end', 'yes | kit validate -', 1, /more than 65536 bytes/],
    ['a standard input that is closed', 'kit validate - <&-', 1, /^<stdin>:1:1: error: the file is empty|cannot/],
    [
      'a place where nothing can be created',
      'kit bundle line4.yaml --out /proc/x',
      3,
      /^keepalive-kit: \/proc\/x: nothing can be made there/,
    ],
    ['a device in place of a folder', 'kit generate line4.yaml --out /dev/null', 3, /^keepalive-kit: \/dev\/null/],
    ['links in a circle', 'ln -s a b; ln -s b a; kit validate a', 3, /the links in the path lead in a circle/],
    ['a file in place of a folder', 'kit validate line4.yaml/x', 2, /there is no file/],
    [
      'a pipe in place of the zip',
      'mkdir out; mkfifo out/line4.zip; kit bundle line4.yaml',
      1,
      /out\/line4.zip is no regular file/,
    ],
  ])('answers %s', (_what, line, code, message) => {
    const answer = sh(line)
    expect(answer.err).toMatch(message)
    expect(answer.code).toBe(code)
    expect(answer.err).not.toMatch(/^ {4}at |fault of keepalive-kit/m)
  })

  it('keeps trees whole when two runs write the same one', () => {
    const line = 'sed s/20s/30s/ line4.yaml >other.yaml; kit generate line4.yaml & kit generate other.yaml & wait'
    const { out } = sh(`(${line}) >/dev/null 2>&1; cd out/line4 && sha256sum -c --quiet SHA256SUMS && ls -A ..`)
    expect(out).toBe('line4\n')
  })
})
