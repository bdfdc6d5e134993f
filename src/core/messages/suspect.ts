import { messagesAbout } from '../message.ts'
import { show } from '../words.ts'

const { warning } = messagesAbout('capture')

/** Values that were probably not meant: the machine's reading, the probable intention, and the reason. */
export const SUSPECT_MESSAGES = {
  'suspect/decimal-as-hex': warning(
    (d: { key: string; written: string; reads: string; meant: string; write: string }) =>
      `${d.key}: ${d.written} is hexadecimal, so the machine reads ${d.reads}; ${d.meant} was probably meant, because its digits, read as decimal, are a whole number of seconds. Write ${d.write}`,
  ),
  'suspect/seconds': warning(
    (d: { key: string; reads: string; meant: string; write: string }) =>
      `${d.key} counts milliseconds, so the machine reads ${d.reads}; ${d.meant} was probably meant, as other systems count seconds. Write ${d.write}`,
  ),
  'suspect/milliseconds': warning(
    (d: { key: string; reads: string; meant: string; write: string }) =>
      `${d.key} counts seconds, so the machine reads ${d.reads}; ${d.meant} was probably meant, as other systems count milliseconds. Write ${d.write}`,
  ),
  'suspect/half-seconds': warning(
    (d: { key: string; reads: string; meant: string; write: string }) =>
      `${d.key} counts milliseconds, so the machine reads ${d.reads}; ${d.meant} was probably meant: the number is the default of AIX and NetBSD, which count half-seconds. Write ${d.write}`,
  ),
  'suspect/wrong-type': warning(
    (d: { key: string; type: string; text: string; write: string }) =>
      `${d.key} is a ${d.type} (${d.text}); the system reads a REG_DWORD only, so its default holds. Write ${d.write}`,
  ),
  'suspect/no-effect': warning(
    (d: { key: string; place: string; reads: string }) =>
      `${d.key} has no effect in ${d.place}; the system reads ${d.reads}`,
  ),
  'suspect/misspelt': warning(
    (d: { name: string; meant: string }) =>
      `no system has a setting ${show(d.name)}; ${d.meant} was probably meant, which keeps its default until it is set`,
  ),
  'suspect/deletes-key': warning(
    (d: { place: string }) =>
      `this deletes the key ${d.place} with all that is in it, which is the whole TCP/IP configuration and not only keep-alive; delete the two values instead ("KeepAliveTime"=-)`,
  ),
  'suspect/interval-above-idle': warning(
    (d: { target: string; idle: string; interval: string }) =>
      `${d.target}: the interval, ${d.interval}, is above the idle time, ${d.idle}; probes are meant to follow each other faster than the first one comes. Were the two exchanged?`,
  ),
  'suspect/overridden': warning(
    (d: { key: string; by: string }) => `${d.key} is set again in ${d.by}, which decides; this line has no effect`,
  ),
  'suspect/duplicate': warning(
    (d: { key: string; line: number }) =>
      `${d.key} is set again in line ${d.line}, which decides; this line has no effect`,
  ),
  'suspect/offline-current': warning(
    (d: { place: string; write: string }) =>
      `there is no CurrentControlSet in a registry that is loaded from a file (${d.place}): it exists only on the running machine. Write ${d.write}, as Select\\Current of that registry says`,
  ),
} as const
