import { EVERY_STEP } from './depth.ts'
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { describe, it, type TestAPI } from 'vitest'

/** The path of a program on PATH, or `undefined`. */
export function which(program: string): string | undefined {
  return (process.env['PATH'] ?? '')
    .split(delimiter)
    .map((folder) => join(folder, program))
    .find(existsSync)
}

/** Why these programs cannot be used here, or `undefined` if all are installed. */
export function missingPrograms(...programs: readonly string[]): string | undefined {
  const missing = programs.filter((program) => which(program) === undefined)
  return missing.length === 0 ? undefined : `${missing.join(', ')} not installed (test/oracles/install.sh does)`
}

/**
 * A suite that needs programs which we did not write. If `missing` gives a reason, the suite is skipped and reports it;
 * with ORACLES=required it fails instead, so a green run in CI means that every oracle ran. `options` are for an oracle
 * that sometimes fails itself.
 */
export function describeWithOracle(
  name: string,
  missing: string | undefined,
  define: () => void,
  options: { readonly retry?: number } = {},
): void {
  if (missing === undefined) describe(name, options, define)
  else if (process.env['ORACLES'] === 'required') {
    describe(name, () => {
      it('has its oracle', () => {
        throw new Error(`ORACLES=required, but ${missing}`)
      })
    })
  } else describe.skip(`${name} (skipped: ${missing})`, define)
}

/** `it` if a case applies. Otherwise the case does not exist: only tests whose oracle is missing count as skipped. */
export function itWhere(applies: boolean): Cases {
  const nowhere = (..._case: unknown[]) => {}
  return applies ? it : Object.assign(nowhere, { each: (() => nowhere) as TestAPI['each'] })
}
type Cases = ((name: string, check: () => void) => void) & Pick<TestAPI, 'each'>

export interface Ran {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Runs a program to its end; `env` is added to a neutral environment. */
export function run(
  program: string,
  args: readonly string[],
  options: {
    readonly cwd?: string
    readonly env?: Readonly<Record<string, string>>
    readonly input?: string | Uint8Array
    readonly timeout?: number
  } = {},
): Ran {
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    cwd: options.cwd,
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], LC_ALL: 'C', ...options.env },
    input: options.input ?? '',
    timeout: options.timeout ?? (EVERY_STEP ? 1_200_000 : 200_000),
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  })
  if (error !== undefined) throw error
  return { code: status, stdout, stderr }
}
