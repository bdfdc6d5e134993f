import { join } from 'node:path'
import { expect, it } from 'vitest'
import { buildTarget } from '../support/build.ts'
import { machine, missingNamespaces } from '../support/netns.ts'
import { describeWithOracle, missingPrograms } from '../support/oracle.ts'
import { programOf, shells, shellsFor } from '../support/shells.ts'

const kit = buildTarget('linux', { name: 'line-4', idle: 60_000, interval: 10_000, probes: 5 })
const place = 'sysctl.d/60-keepalive.conf'
const mine = '# mine\n'

// machine_is prints `done` for a complete change, `undone` for no change, and the state of the machine for anything
// else.
const lookAround = `values() { (cd /proc/sys/net/ipv4 && cat tcp_keepalive_time tcp_keepalive_intvl tcp_keepalive_probes) | tr '\\n' ' '; }
machine_is() {
  case "$1 $(values)" in
    "install 60 10 5 " | "uninstall 7200 75 9 ") is=done ;;
    *) is=undone ;;
  esac
  case $1-$is in
    install-done | uninstall-undone) cmp "$KIT/60-keepalive.conf" "$PLACE" && [ -e /var/lib/keepalive-kit/record ] ;;
    *) printf %s "$MINE" | cmp - "$PLACE" && [ ! -e /var/lib/keepalive-kit ] ;;
  esac && echo "$is" || { echo 'neither done nor undone'; values; find /etc /var; }
  find /etc /var "$TMPDIR" -name '*keepalive-kit.*'
}
TMPDIR=$MACHINE/tmp
export TMPDIR
mkdir "$TMPDIR"
`

/** Destinations of a script's output. A reader that is gone must not leave half a change. */
const outputs: readonly (readonly [where: string, redirected: (command: string) => string])[] = [
  ['to a full disk', (command) => `${command} >/dev/full; code=$?`],
  ['to a full disk, errors included,', (command) => `${command} >/dev/full 2>&1; code=$?`],
  ['nowhere', (command) => `${command} >&- 2>&-; code=$?`],
  [
    'to a program that has ended',
    (command) =>
      `{ sleep 0.2; ${command}; echo $? >"$MACHINE/code"; } 2>/dev/null | true; read -r code <"$MACHINE/code"`,
  ],
]

describeWithOracle(
  'A script whose output goes',
  missingNamespaces() ?? missingPrograms(...shells.map(programOf)),
  () => {
    const cases = outputs.flatMap(([where, redirected], row) =>
      shellsFor(row).map((shell) => ({ where, shell, redirected })),
    )

    it.each(cases)('$where completes, or rolls back with exit code 1: $shell', ({ shell, redirected }) => {
      const plant = machine({ [place]: mine }, { KIT: kit, PLACE: join('/etc', place), MINE: mine })
      const tried = (script: string): string =>
        `${redirected(`${shell} "$KIT/${script}.sh"`)}\necho "${script} $code"; machine_is ${script}`
      const code = `${lookAround}
      ${tried('install')}
      [ -e /var/lib/keepalive-kit ] || ${shell} "$KIT/install.sh" >/dev/null
      ${tried('uninstall')}`
      const { stdout } = plant.run(`{ ${code}\n} 2>/dev/null`)
      expect(stdout).toMatch(/^install (0\ndone|1\nundone)\nuninstall (0\ndone|1\nundone)\n$/)
    })
  },
)
