import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { Desk } from '../support/cli.ts'
import { describeWithOracle, missingPrograms, run } from '../support/oracle.ts'

const BIN = fileURLToPath(new URL('../../dist/bin.cjs', import.meta.url))

/** A PATH on which `keepalive-kit` is the built program. */
function pathWithKit(): string {
  const folder = mkdtempSync(join(tmpdir(), 'keepalive-kit-path-'))
  writeFileSync(join(folder, 'keepalive-kit'), `#!/bin/sh\nexec '${process.execPath}' '${BIN}' "$@"\n`)
  chmodSync(join(folder, 'keepalive-kit'), 0o755)
  return `${folder}:${process.env['PATH']}`
}
const env = { PATH: pathWithKit() }

const CASES = [
  ['keepalive-kit val', ['validate']],
  ['keepalive-kit bundle preset:b', ['preset:beckhoff']],
  ['keepalive-kit bundle x --target wind', ['windows', 'windows-ce', 'windows-xp']],
  ['keepalive-kit completion f', ['fish']],
  ['keepalive-kit generate --dry', ['--dry-run']],
] as const

describe('the words for TAB', () => {
  it.each(CASES)('%s', (line, wanted) => {
    const words = line.split(' ')
    const { code, stdout } = run('keepalive-kit', ['--get-yargs-completions', ...words], { env })
    expect({ code, words: stdout.trim().split('\n') }).toEqual({ code: 0, words: wanted })
  })
})

describe('completion', () => {
  it.each(['bash', 'zsh', 'fish', 'powershell'])('for %s is a script that asks the program', async (shell) => {
    const { code, out, err } = await new Desk().type(`completion ${shell}`)
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(out).toContain('keepalive-kit --get-yargs-completions')
  })
})

describeWithOracle('bash', missingPrograms('bash'), () => {
  it.each(CASES.filter(([line]) => !line.includes('pre')))('completes %s', (line, wanted) => {
    const words = line.split(' ')
    const script = [
      'source <(keepalive-kit completion bash)',
      `COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')})`,
      `COMP_CWORD=${words.length - 1}`,
      '_keepalive_kit',
      `printf '%s\\n' "\${COMPREPLY[@]}"`,
    ].join('\n')
    const { stdout, stderr } = run('bash', ['--norc', '-c', script], { env })
    expect({ found: stdout.trim().split('\n'), stderr }).toEqual({ found: wanted, stderr: '' })
  })
})

describeWithOracle('zsh', missingPrograms('zsh'), () => {
  it.each(CASES)('completes %s', (line, wanted) => {
    // `compadd` and `_files` belong to the line editor; these stand-ins print what they are given.
    const script = [
      'compadd() { shift; print -l -- "$@" }',
      '_files() { : }',
      'source <(keepalive-kit completion zsh)',
      `words=(${line
        .split(' ')
        .map((word) => `'${word}'`)
        .join(' ')})`,
      '_keepalive_kit',
    ].join('\n')
    const { stdout, stderr } = run('zsh', ['-f', '-c', script], { env })
    expect({ found: stdout.trim().split('\n'), stderr }).toEqual({ found: wanted, stderr: '' })
  })
})

describeWithOracle('fish', missingPrograms('fish'), () => {
  it.each(CASES)('completes %s', (line, wanted) => {
    const script = `keepalive-kit completion fish | source; complete -C '${line}'`
    const { stdout, stderr } = run('fish', ['--no-config', '-c', script], {
      env: { ...env, HOME: mkdtempSync(join(tmpdir(), 'fish-')) },
    })
    const found = stdout
      .trim()
      .split('\n')
      .filter((word) => !word.endsWith('/'))
    expect({ found, stderr }).toEqual({ found: wanted, stderr: '' })
  })
})
