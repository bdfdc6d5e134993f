import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Script } from 'node:vm'
import { crc32 } from 'node:zlib'

// Node 20 compiles each function again in every run, which is half of the time that a short command takes. So the build
// keeps, beside each file of the program, V8's cached code of it; newer Nodes do that by themselves (`enableCompileCache`).

/** V8's cached code for a file of the program, with a checksum of its source. */
export const codeFile = (file: string): string => `${file}.code`

/**
 * Loads files of the program by their names in its folder; what they need of each other is loaded likewise. `compiled` is
 * told of each. Compiled code that is missing, damaged, of another text or of another V8 is not used.
 */
export function programLoader(
  folder: string,
  builtin: NodeJS.Require,
  compiled: (file: string, script: Script) => void = () => {},
): (name: string) => unknown {
  const loaded = new Map<string, { exports: unknown }>()
  const load = (name: string): unknown => {
    const file = join(folder, name)
    const known = loaded.get(file)
    if (known !== undefined) return known.exports
    const source = readFileSync(file, 'latin1')
    const script = new Script(`(function (exports, require, module, __filename, __dirname) {${source}\n})`, {
      filename: file,
      ...codeFor(file, source),
    })
    const module = { exports: {} }
    loaded.set(file, module)
    const run = script.runInThisContext() as (...given: readonly unknown[]) => void
    run(module.exports, requireHere, module, file, folder)
    compiled(file, script)
    return module.exports
  }
  const requireHere = Object.assign((id: string): unknown => (id.startsWith('./') ? load(id) : builtin(id)), builtin)
  return load
}

/** The kept form of compiled code: V8 trusts its input, so damaged code must not reach it. */
export function sealed(code: Uint8Array, source: string): Uint8Array {
  return Buffer.concat([code, sumOf(code, source)])
}

function codeFor(file: string, source: string): { readonly cachedData?: Buffer } {
  try {
    const kept = readFileSync(codeFile(file))
    const code = kept.subarray(0, -4)
    return sumOf(code, source).equals(kept.subarray(-4)) ? { cachedData: code } : {}
  } catch {
    return {}
  }
}

function sumOf(code: Uint8Array, source: string): Buffer {
  const sum = Buffer.alloc(4)
  sum.writeUInt32LE(crc32(code, crc32(Buffer.from(source, 'latin1'))))
  return sum
}
