import type { Diagnostic } from '../../core/diagnostic.ts'
import { VERSION } from '../../io/assets.ts'
import type { Shell } from '../shell.ts'
import type { Reporter } from './reporter.ts'

/**
 * Diagnostics in SARIF 2.1.0 (https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html), which code forges show
 * beside the lines. Paths are those that were given, with slashes.
 */
export function sarif(diagnostics: readonly Diagnostic[], version: string): object {
  const rules = [...new Set(diagnostics.map(({ code }) => code))].toSorted()
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'keepalive-kit', version, rules: rules.map((id) => ({ id })) } },
        columnKind: 'utf16CodeUnits',
        results: diagnostics.map(result),
      },
    ],
  }
}

/** Answers for code forges: diagnostics only, as one SARIF document on standard output. */
export function sarifReporter(shell: Shell): Reporter {
  return {
    hear: () => {},
    tell: ({ diagnostics }) => shell.out(`${JSON.stringify(sarif(diagnostics, VERSION), null, 2)}\n`),
    stop: () => {},
  }
}

function result({ code, severity, message, location }: Diagnostic): object {
  return {
    ruleId: code,
    level: severity,
    message: { text: message },
    ...(location === undefined ? {} : { locations: [{ physicalLocation: physical(location) }] }),
  }
}

/** A path as a relative reference; a name may contain characters reserved in URIs, or half of a character. */
function uriOf(file: string): string {
  return encodeURI(file.replaceAll('\\', '/').toWellFormed()).replace(/[?#]/g, encodeURIComponent)
}

function physical({ file, line, column, source }: NonNullable<Diagnostic['location']>): object {
  const region = {
    ...(line === undefined ? {} : { startLine: line }),
    ...(column === undefined ? {} : { startColumn: column }),
    ...(source === undefined || source.length > 1_000 ? {} : { snippet: { text: source } }),
  }
  return {
    artifactLocation: { uri: uriOf(file) },
    ...(line === undefined ? {} : { region }),
  }
}
