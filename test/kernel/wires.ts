import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { release, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import type { Wire } from '../../src/core/stack.ts'
import { artifact, profileText } from '../support/build.ts'
import { inOwnNetwork, missingNamespaces } from '../support/netns.ts'
import { missingPrograms } from '../support/oracle.ts'

/** A machine with the kit's drop-in applied, and its connections to one peer. */
export interface Machine {
  /** In seconds. */
  readonly profile: { readonly idle: number; readonly interval: number; readonly probes: number }
  readonly stories: readonly Story[]
}

/** The course of one connection. */
export interface Story extends Wire {
  readonly name: string
  /** Where packets are lost: in the peer, by nftables, or at a switch whose cable to the peer is pulled. */
  readonly cut: 'peer' | 'cable'
  /** Milliseconds from the connection to a byte of the peer, which is then its last sign of life; 0 for never. */
  readonly greet: number
  /** Milliseconds from the last sign of life to the end of the observation. */
  readonly until: number
}

/** The kernel's events, in ms since the peer's last sign of life before the first probe; `dropped` is the RST. */
export interface Told {
  readonly happenings: readonly { readonly kind: 'probe' | 'answer' | 'dropped'; readonly at: number }[]
  /** The error that the program received, such as `ETIMEDOUT`, and when. */
  readonly error: string | null
  readonly noticed: number | null
  /** Whether the connection was established at the end of the observation. */
  readonly open: boolean
}
export interface Measured {
  /** The longest delay, in ms, with which the observing program woke. */
  readonly lag: number
  readonly machines: readonly MeasuredMachine[]
}
interface MeasuredMachine {
  readonly values: { readonly time: number; readonly intvl: number; readonly probes: number }
  readonly connections: readonly Told[]
}

/** Makes /proc/sys read-only except for the network, so that a drop-in that sets more cannot change this machine. */
const GUARD = [
  'mount --make-rprivate / || exit 99',
  'for part in abi debug dev fs kernel user vm; do',
  '  [ ! -d "/proc/sys/$part" ] || mount --bind "/proc/sys/$part" "/proc/sys/$part" || exit 99',
  '  [ ! -d "/proc/sys/$part" ] || mount -o remount,bind,ro "/proc/sys/$part" || exit 99',
  'done',
  '[ ! -w /proc/sys/kernel/hostname ] || exit 99',
].join('\n')
const PROGRAM = fileURLToPath(new URL('wires.py', import.meta.url))

/** Why this machine cannot make the network, or `undefined` if it can. */
export function missingWires(): string | undefined {
  return missingPrograms('python3', 'nft', 'sysctl') ?? missingNamespaces() ?? missingKinds()
}

function missingKinds(): string | undefined {
  const links = 'ip link add name one type veth peer name two && ip link add name switch type bridge'
  const tried = inOwnNetwork(`${GUARD}\n${links} && nft add table ip one`)
  return tried.code === 0 ? undefined : `no guard, veth, bridge or nftables: ${tried.stderr.trim()}`
}

/** Runs all stories of all machines at the same time; ends after `limit` seconds at the latest. */
export function measure(machines: readonly Machine[], limit: number): Measured {
  const folder = mkdtempSync(join(tmpdir(), 'wires-'))
  const given = machines.map(({ profile, stories }, index) => {
    const conf = join(folder, `${index}.conf`)
    const { idle, interval, probes } = profile
    const text = profileText({ idle: idle * 1_000, interval: interval * 1_000, probes })
    writeFileSync(conf, artifact(text, 'linux', '60-keepalive.conf'))
    return { conf, connections: stories }
  })
  const file = join(folder, 'given.json')
  writeFileSync(file, JSON.stringify({ limit, machines: given }))
  const ran = inOwnNetwork(`${GUARD}\nexec python3 "$PROGRAM" <"$GIVEN"`, { PROGRAM, GIVEN: file })
  if (ran.code !== 0) throw new Error(`wires.py: ${ran.code} ${ran.stderr}`)
  return JSON.parse(ran.stdout) as Measured
}

/** Clock ticks per second of this kernel, or `undefined` if its configuration cannot be read. */
export function kernelHz(): number | undefined {
  for (const path of ['/proc/config.gz', `/boot/config-${release()}`])
    try {
      const bytes = readFileSync(path)
      const hz = /^CONFIG_HZ=(\d+)$/m.exec((path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString())?.[1]
      if (hz !== undefined) return Number(hz)
    } catch {
      continue
    }
  return undefined
}

/** The keep-alive values of the machine that the tests run on. */
export function valuesOfThisMachine(): readonly string[] {
  return ['time', 'intvl', 'probes'].map((name) => readFileSync(`/proc/sys/net/ipv4/tcp_keepalive_${name}`, 'utf8'))
}
