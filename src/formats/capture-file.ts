import type { CaptureReader } from '../core/capture.ts'
import { isContainerYaml, readContainerYaml } from './yaml/container-sysctls.ts'
import { isOwnScript, readOwnScript } from './own-script.ts'
import { isReg, readReg } from './reg/reg.ts'
import { isRegQuery, readRegQuery } from './reg/query.ts'
import { isFreebsdConf, readFreebsdConf } from './sysctl/freebsd.ts'
import { isLinuxConf, readLinuxConf } from './sysctl/linux/linux.ts'
import { isSysctlOutput, readSysctlOutput } from './sysctl/output.ts'
import { decode } from './text.ts'

/** As much of a file as tells what it is; a list of all sysctls has names of the kit's only after some pages. */
const SAMPLE = 256 * 1024

type Kind = readonly [is: (text: string) => boolean, read: CaptureReader]

const CONF: readonly Kind[] = [
  [isFreebsdConf, readFreebsdConf],
  [isLinuxConf, readLinuxConf],
]
const OUTPUT: readonly Kind[] = [[isSysctlOutput, readSysctlOutput]]

/** Each kind of file that settings come in, the first that fits. What sysctl prints looks much like a file for it. */
function kinds(file: string): readonly Kind[] {
  return [
    [isOwnScript, readOwnScript],
    [isReg, readReg],
    [isRegQuery, readRegQuery],
    [isContainerYaml, readContainerYaml],
    ...(/\.conf(?:\.local)?$/.test(file) ? [...CONF, ...OUTPUT] : [...OUTPUT, ...CONF]),
  ]
}

/** The reader of the files in which a kind of store is set: what `store` of a target says. */
export function readerOfStore(kind: string): CaptureReader {
  const reader = BY_STORE[kind]
  if (reader === undefined) throw new Error(`bug: nothing reads the files of a store of kind ${kind}`)
  return reader
}

const BY_STORE: Readonly<Record<string, CaptureReader>> = {
  registry: readReg,
  freebsd: readFreebsdConf,
  linux: readLinuxConf,
}

/** The reader of a file of settings, by what is in it and, in doubt, by its name; `undefined` when it is none that the kit reads. */
export function readerOf(bytes: Uint8Array, file: string): CaptureReader | undefined {
  const { text } = decode(bytes.subarray(0, SAMPLE))
  return kinds(file).find(([is]) => is(text))?.[1]
}
