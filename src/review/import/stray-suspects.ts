import type { Statement } from '../../core/capture.ts'
import { problem, type Diagnostic } from '../../core/diagnostic.ts'
import type { Registry } from '../../core/target.ts'
import type { CaptureReading } from './reading.ts'

/**
 * Keys below which a value with such a name was surely meant for TCP, and has no effect. Other programs use the same
 * names for values of their own, such as Remote Desktop (Control\Terminal Server, in minutes): these are left alone.
 */
const NO_EFFECT =
  /\\(?:Services\\(?:Tcpip(?:\\Parameters\\(?:Interfaces|Adapters|Winsock)(?:\\.*)?)?|Tcpip6(?:\\Parameters)?|AFD(?:\\Parameters)?|VxD\\MSTCP|Tcpip\\Linkage)|Comm\\(?:TcpIp|Tcpip6|AFD))$/i
const OFFLINE_CURRENT = /^HKEY_LOCAL_MACHINE\\(?!SYSTEM\\)[^\\]+\\CurrentControlSet\\Services\\Tcpip\\Parameters$/i

/** Values at places that no system reads, and deletions that remove more than keep-alive. */
export function strayFindings(
  registry: Registry,
  { strays, misspelt, matched, readings }: CaptureReading,
): readonly Diagnostic[] {
  const seconds = matched.filter(({ place, target }) => place.second && !readings.some((one) => one.target === target))
  return [
    ...strays.flatMap((stray) => strayFinding(registry, stray)),
    ...misspelt.map(({ statement: { name = '', location }, meant }) =>
      problem('suspect/misspelt', { name, meant }, { location }),
    ),
    ...seconds.flatMap(({ statement }) => noEffect(registry, statement)),
  ]
}

function strayFinding(registry: Registry, stray: Statement): readonly Diagnostic[] {
  const { name, key, location } = stray
  const where = { location }
  if (name === undefined) return [problem('suspect/deletes-key', { place: key }, where)]
  if (stray.store !== 'registry') return []
  if (OFFLINE_CURRENT.test(key)) {
    const write = key.replace(/\\CurrentControlSet\\/i, '\\ControlSet001\\')
    return [problem('suspect/offline-current', { place: key, write }, where)]
  }
  return NO_EFFECT.test(key) ? noEffect(registry, stray) : []
}

function noEffect(registry: Registry, { name = '', key, location }: Statement): readonly Diagnostic[] {
  const reads = [...registry.values()].flatMap(({ store }) => store.keys?.[0].path ?? [])
  const family = /\\Comm\\/i.test(key) ? /\\Comm\\/i : /\\Services\\/i
  const place = reads.find((path) => family.test(path)) ?? String(reads[0])
  return [problem('suspect/no-effect', { key: name, place: key, reads: place }, { location })]
}
