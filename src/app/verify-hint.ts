import { latin1Text } from '../core/bytes.ts'
import { problem, type Diagnostic } from '../core/diagnostic.ts'
import { materialOf } from '../kit/material.ts'

/** As much of a file as tells whether it is a profile. */
const SAMPLE = 4_000

/** `zip/not-a-zip` with what the file is instead, and the command that takes it: a profile, a lock or a machine's file. */
export function withCommand(diagnostic: Diagnostic, bytes: Uint8Array, path: string): Diagnostic {
  if (diagnostic.code !== 'zip/not-a-zip' || bytes.length === 0) return diagnostic
  const found = materialOf(path, bytes)
  if (!found.ok || (found.value.kind === 'profile' && !isProfile(bytes))) return diagnostic
  const other = OTHERS[found.value.kind]
  if (other === undefined) return diagnostic
  const { is, options } = other
  const data = { empty: false, is, instead: `keepalive-kit verify ${options(path)}` }
  return problem('zip/not-a-zip', data, { location: diagnostic.location })
}

const OTHERS: Readonly<Record<string, { readonly is: string; readonly options: (path: string) => string }>> = {
  profile: { is: 'a profile', options: verifyWith },
  lock: { is: 'a lock', options: (path) => `--lock ${path} OUTPUT` },
  capture: { is: "a machine's file", options: (path) => `--profile PROFILE ${path}` },
}

/** The options of verify that hold a machine against a profile. */
export function verifyWith(profile: string): string {
  return `--profile ${profile} MACHINE-FILE`
}

/** Whether a text sets a key that profiles have; text that is nothing else would be taken for one too. */
function isProfile(bytes: Uint8Array): boolean {
  return /(?:^|[{,])\s*["']?(?:idle|interval|extends|detect|path)["']?\s*:/m.test(latin1Text(bytes.subarray(0, SAMPLE)))
}
