import * as nodeModule from 'node:module'
import { programLoader } from './io/compiled.ts'
import type * as program from './program.ts'

// The start of the program: it only loads the rest, as fast as this Node can.

const loads = 'enableCompileCache' in nodeModule ? require : programLoader(__dirname, require)
if ('enableCompileCache' in nodeModule) (nodeModule.enableCompileCache as () => void)()
void (loads('./program.cjs') as typeof program).run(process.argv.slice(2))
