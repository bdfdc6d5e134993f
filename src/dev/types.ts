import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, normalize } from 'node:path'

/**
 * Writes the declarations of the library, and all declarations they import, into a folder. Throws if one imports a
 * package: users of the library install none.
 */
export function writeTypes(root: string, into: string): void {
  const all = mkdtempSync(join(tmpdir(), 'keepalive-kit-types-'))
  try {
    const tsc = join(root, 'node_modules/typescript/bin/tsc')
    execFileSync(process.execPath, [tsc, '--project', join(root, 'src'), '--outDir', all], { stdio: 'inherit' })
    const reached = new Map<string, string>()
    const follow = (path: string) => {
      if (reached.has(path)) return
      const text = readFileSync(join(all, path), 'utf8')
      reached.set(path, text)
      for (const from of importsOf(text)) {
        if (!from.startsWith('.')) throw new Error(`the types of the library need a package: ${path} imports ${from}`)
        follow(normalize(join(dirname(path), from)).replace(/\.ts$/, '.d.ts'))
      }
    }
    follow('index.d.ts')
    for (const [path, text] of reached) {
      mkdirSync(dirname(join(into, path)), { recursive: true })
      writeFileSync(
        join(into, path),
        text.replaceAll(IMPORT, (whole) => whole.replace(/\.ts(['"])$/, '.js$1')),
      )
    }
  } finally {
    rmSync(all, { recursive: true })
  }
}

const IMPORT = /\b(?:from|import\()\s*(?:'[^']+'|"[^"]+")/g

/** The imports of declarations, without comments. */
function importsOf(text: string): readonly string[] {
  const code = text.replace(/\/\*[^]*?\*\//g, '')
  return [...code.matchAll(IMPORT)].map(([whole]) => whole.slice(whole.search(/['"]/) + 1, -1))
}
