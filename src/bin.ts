import * as nodeModule from 'node:module'
import { codeFolder } from './io/code-folder.ts'
import { programLoader } from './io/compiled.ts'
import type * as program from './program.ts'

// The start of the program: it only loads the rest, as fast as this Node can.

const { enableCompileCache } = nodeModule as { readonly enableCompileCache?: (folder: string) => unknown }
const folder = enableCompileCache && codeFolder()
if (folder !== undefined) enableCompileCache?.(folder)
const loads = enableCompileCache === undefined ? programLoader(__dirname, require) : require
void (loads('./program.cjs') as typeof program).run(process.argv.slice(2))
