import type { CaptureReader } from '../core/capture.ts'
import { isContainerYaml, readContainerYaml } from './yaml/container-sysctls.ts'
import { isOwnScript, readOwnScript } from './own-script.ts'
import { isReg, readReg } from './reg/reg.ts'
import { isRegQuery, readRegQuery } from './reg/query.ts'
import { isFreebsdConf, readFreebsdConf } from './sysctl/freebsd.ts'
import { isLinuxConf, readLinuxConf } from './sysctl/linux/linux.ts'
import { isSysctlOutput, readSysctlOutput } from './sysctl/output.ts'
import { decode } from './text.ts'

/**
 * The bytes read to recognize a file, in bytes; a list of all sysctls names the kit's settings only after some pages.
 */
const SAMPLE = 256 * 1024

type Kind = readonly [is: (text: string) => boolean, read: CaptureReader]

const CONF: readonly Kind[] = [
  [isFreebsdConf, readFreebsdConf],
  [isLinuxConf, readLinuxConf],
]
const OUTPUT: readonly Kind[] = [[isSysctlOutput, readSysctlOutput]]

/** The kinds of settings files; the first that fits is taken. Output of sysctl looks much like a sysctl file. */
function kinds(file: string): readonly Kind[] {
  return [
    [isOwnScript, readOwnScript],
    [isReg, readReg],
    [isRegQuery, readRegQuery],
    [isContainerYaml, readContainerYaml],
    ...(/\.conf(?:\.local)?$/.test(file) ? [...CONF, ...OUTPUT] : [...OUTPUT, ...CONF]),
  ]
}

/** The reader of files for stores of a kind, as in `store` of a target. Throws for a kind that no reader knows. */
export function readerOfStore(kind: string): CaptureReader {
  const reader = BY_STORE[kind]
  if (reader === undefined) throw new Error(`bug: no reader for files of a store of kind ${kind}`)
  return reader
}

const BY_STORE: Readonly<Record<string, CaptureReader>> = {
  registry: readReg,
  freebsd: readFreebsdConf,
  linux: readLinuxConf,
}

/**
 * The reader of a settings file, chosen by content and, in doubt, by name; `undefined` for a file that the kit does not
 * read.
 */
export function readerOf(bytes: Uint8Array, file: string): CaptureReader | undefined {
  const { text } = decode(bytes.subarray(0, SAMPLE))
  return kinds(file).find(([is]) => is(text))?.[1]
}
