import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { machine, type Machine } from './netns.ts'
import { tcbsd } from './shell-kits.ts'
import { newFolder } from './shells.ts'

/**
 * Stand-ins that answer like FreeBSD's programs, as far as the scripts ask. They prove how the scripts handle these
 * answers, not that a FreeBSD kernel gives them: its clock ticks, EINVAL and `sysctl key=value ...` are restated here.
 */
export const freebsdPrograms = {
  uname: 'echo FreeBSD',
  sysctl: `
read -r hz <"$KERNEL/kern.hz"
[ "$1" != -n ] || shift
failed=0
for one in "$@"; do
  oid=\${one%%=*}
  [ -e "$KERNEL/$oid" ] || { echo "sysctl: unknown oid '$oid'" >&2; failed=1; continue; }
  case $oid in *.keepidle | *.keepintvl | *.keepinit) unit=1000 ;; *) unit=$hz ;; esac
  read -r held <"$KERNEL/$oid"
  if [ "$one" = "$oid" ]; then echo $((held * unit / hz)); continue; fi
  ticks=$((\${one#*=} * hz / unit))
  [ "$unit" = "$hz" ] || [ "$ticks" -ge 1 ] || { echo "sysctl: $one: Invalid argument" >&2; failed=1; continue; }
  echo "$oid: $((held * unit / hz)) -> \${one#*=}"
  echo "$ticks" >"$KERNEL/$oid"
done
exit $failed`,
}

export interface FreeBsd extends Machine {
  readonly kernel: string
  /** idle, interval, init, probes and always as the kernel stores them: times in ticks. */
  held(): string
}

/** The result of `held` on a new machine with 1000 ticks per second. */
export const heldAtFirst = '7200000 75000 75000 8 1'

/** A FreeBSD with the system's defaults; `hz` is its number of clock ticks per second. */
export function freebsdMachine(
  options: {
    readonly hz?: number
    readonly files?: Readonly<Record<string, string>>
    readonly env?: Readonly<Record<string, string>>
    /** Additional stand-ins. */
    readonly programs?: Readonly<Record<string, string>>
  } = {},
): FreeBsd {
  const hz = options.hz ?? 1_000
  const oids = { keepidle: 7200 * hz, keepintvl: 75 * hz, keepinit: 75 * hz, keepcnt: 8, always_keepalive: 1 }
  const kernel = newFolder()
  writeFileSync(join(kernel, 'kern.hz'), `${hz}\n`)
  for (const [oid, value] of Object.entries(oids)) writeFileSync(join(kernel, `net.inet.tcp.${oid}`), `${value}\n`)
  return {
    ...machine(
      options.files,
      { KIT: tcbsd.kit, KERNEL: kernel, ...options.env },
      { ...freebsdPrograms, ...options.programs },
    ),
    kernel,
    held: () =>
      Object.keys(oids)
        .map((oid) => readFileSync(join(kernel, `net.inet.tcp.${oid}`), 'latin1').trim())
        .join(' '),
  }
}
