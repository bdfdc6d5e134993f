import { writeFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { main } from '../../src/cli/main.ts'
import { Desk } from '../support/cli.ts'
import { describeOnWindows, newWindows, powershell } from '../support/powershell.ts'

/** A line at whose end somebody presses TAB, the question to the program, and the words that PowerShell offers. */
const CASES = [
  { line: 'val', asks: ['--complete=val'], offers: 'validate (check profiles; write nothing)' },
  { line: 'completion ', asks: ['--complete=', 'completion'], offers: 'bash (bash), zsh (zsh), fish (fish), powershell (powershell)' }, // prettier-ignore
  { line: 'bundle "a b" -t linux --dr', asks: ['--complete=--dr', 'bundle', '"a b"', '-t', 'linux'], offers: '--dry-run (say what would be written; write nothing)' }, // prettier-ignore
]

async function answerOf(argv: readonly string[]): Promise<string> {
  let answer = ''
  const out = (text: string) => void (answer += text)
  const readStdin = () => Promise.reject(new Error('nothing is read at TAB'))
  await main(argv, '0.0.0', { cwd: '/', env: {}, readStdin, out, err: out, terminal: false })
  return answer
}

const quoted = (text: string) => `'${text.replaceAll("'", "''")}'`

describeOnWindows('PowerShell', () => {
  it('offers the words of the program, each with a description', async () => {
    const answers = await Promise.all(
      CASES.map(async ({ asks }) => `${quoted(asks.join(' '))} = ${quoted((await answerOf(asks)).trimEnd())}`),
    )
    const lines = CASES.map(({ line }) => quoted(`keepalive-kit.exe ${line}`))
    const script = [
      (await new Desk().type('completion powershell')).out,
      `$answers = @{ ${answers.join('; ')} }`,
      // The program is not installed here. A function answers the script, and each line runs it.
      "function keepalive-kit { $answers[$args -join ' '] -split '\\n' }",
      `foreach ($line in ${lines.join(', ')}) {`,
      '    $found = [System.Management.Automation.CommandCompletion]::CompleteInput($line, $line.Length, $null)',
      '    ($found.CompletionMatches | ForEach-Object { "$($_.CompletionText) ($($_.ToolTip))" }) -join \', \'',
      '}',
    ]
    const windows = newWindows()
    try {
      writeFileSync(windows.driveC('tab.ps1'), script.join('\r\n'))
      const { code, stdout, stderr } = powershell(windows, String.raw`C:\tab.ps1`)
      expect({ code, offers: stdout.trim().split(/\r?\n/), stderr }).toEqual({
        code: 0,
        offers: CASES.map(({ offers }) => offers),
        stderr: '',
      })
    } finally {
      windows.remove()
    }
  })
})
