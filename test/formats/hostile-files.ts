import { readFreebsdConf } from '../../src/formats/sysctl/freebsd.ts'
import { readLinuxConf } from '../../src/formats/sysctl/linux/linux.ts'
import { readSysctlOutput } from '../../src/formats/sysctl/output.ts'
import { readReg } from '../../src/formats/reg/reg.ts'
import { readRegQuery } from '../../src/formats/reg/query.ts'
import type { CaptureReader } from '../../src/core/capture.ts'

const KEY = 'HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\Tcpip\\Parameters'
const REG = `REGEDIT4\n\n[${KEY}]\n`
const many = (part: string, size: number) => part.repeat(Math.ceil(size / part.length))
const numbered = (line: (index: number) => string, size: number) => {
  const lines: string[] = []
  for (let [index, length] = [0, 0]; length < size; index += 1) {
    lines.push(line(index))
    length += line(index).length
  }
  return lines.join('')
}

/** The most expensive files for the readers by size: many short lines, or one line of everything. */
export const HOSTILE: Readonly<Record<string, readonly [reader: CaptureReader, text: (size: number) => string]>> = {
  'sysctl.d: one name in every line': [readLinuxConf, (size) => many('net.ipv4.tcp_keepalive_time=1\n', size)],
  'sysctl.d: two alternating values': [
    readLinuxConf,
    (size) => many('net.ipv4.tcp_keepalive_time=1\nnet.ipv4.tcp_keepalive_time=2\n', size),
  ],
  'sysctl.d: one pattern in every line': [readLinuxConf, (size) => many('net.ipv4.*_*_time=1\n', size)],
  'sysctl.d: a short pattern': [readLinuxConf, (size) => many('*.*.*=1\n*.*.*=2\n', size)],
  'sysctl.d: always different names': [readLinuxConf, (size) => numbered((index) => `a.${index}=1\n`, size)],
  'sysctl.d: short lines': [readLinuxConf, (size) => many('a=1\n', size)],
  'sysctl.d: no assignments': [readLinuxConf, (size) => many('x\n', size)],
  'sysctl.d: empty lines': [readLinuxConf, (size) => many('\n', size)],
  'sysctl.conf: one name in every line': [readFreebsdConf, (size) => many('net.inet.tcp.keepidle=1\n', size)],
  'sysctl.conf: no assignments': [readFreebsdConf, (size) => many('x\n', size)],
  'sysctl.conf: quotes': [readFreebsdConf, (size) => many('"', size)],
  'sysctl -a: short lines': [readSysctlOutput, (size) => `net.ipv4.tcp_keepalive_time = 1\n${many('a.b: 1\n', size)}`],
  '.reg: values that are deleted': [readReg, (size) => `${REG}${many('@=-\n', size)}`],
  '.reg: short keys': [readReg, (size) => `REGEDIT4\n\n${many('[a]\n', size)}`],
  '.reg: no lines of a registry': [readReg, (size) => `REGEDIT4\n\n${many('x\n', size)}`],
  '.reg: data in short lines': [readReg, (size) => `${REG}"a"=hex:${many('1,\\\n', size)}1\n`],
  '.reg: data in one line': [readReg, (size) => `${REG}"a"=hex:${many('1,', size)}1\n`],
  '.reg: a name of backslashes': [readReg, (size) => `${REG}"${many('\\\\', size)}"=dword:1\n`],
  '.reg: a deep key': [readReg, (size) => `REGEDIT4\n\n[HKEY_LOCAL_MACHINE\\${many('a\\', size)}]\n"a"=dword:1\n`],
  '.reg: a key of doubled backslashes': [
    readReg,
    (size) => `REGEDIT4\n\n[HKEY_LOCAL_MACHINE\\${many('a\\\\', size)}]\n"a"=dword:1\n`,
  ],
  'reg query: short values': [readRegQuery, (size) => `${KEY}\n${many('  a  REG_SZ  1\n', size)}`],
}
