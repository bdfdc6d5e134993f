import { readlinkSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { someOf } from '../../support/depth.ts'
import { missingNamespaces } from '../../support/netns.ts'
import { describeWithOracle, missingPrograms } from '../../support/oracle.ts'
import { plantOf, type Plant } from '../../support/plant.ts'
import { programOf, shells } from '../../support/shells.ts'

// This sync holds a script halfway through its change until the test lets it continue.
const hold = `[ -e "$MACHINE/go" ] || { : >"$MACHINE/held"; until [ -e "$MACHINE/go" ]; do sleep 0.02; done; }
exec /bin/sync "$@"`
const halfway = 'until [ -e "$MACHINE/held" ]; do sleep 0.02; done'

const rows = shells.map((shell, index) => ({ shell, target: index % 2 === 0 ? 'linux' : 'tcbsd' }) as const)
describeWithOracle('The lock', missingNamespaces() ?? missingPrograms(...shells.map(programOf)), () => {
  const held = (row: (typeof rows)[number]): Plant =>
    plantOf(row.target, { shell: row.shell, programs: { sync: hold } })
  const lock = { linux: '/var/lib/keepalive-kit/.lock', tcbsd: '/var/db/keepalive-kit/.lock' }

  it.each(someOf(rows, 3, 3))(
    'stops a second run, which changes nothing and names the first: $shell, $target',
    (row) => {
      const { said, stderr } = held(row).tell(
        `install & ${halfway}; remember halfway`,
        'install; same_as halfway; uninstall; same_as halfway; uninstall --defaults; same_as halfway',
        'install --dry-run; same_as halfway; : >"$MACHINE/go"; wait; check',
      )
      expect(said).toBe(
        'install 1; as halfway; uninstall 1; as halfway; uninstall 1; as halfway; install 0; as halfway; install 0; check 0',
      )
      const refusal = `error: another run of keepalive-kit \\(process \\d+\\) is at work here: run this again when it has ended. Its lock is ${lock[row.target]}. Nothing was changed.\n`
      expect(stderr).toMatch(new RegExp(`^(${refusal}){3}$`))
    },
  )

  it.each(someOf(rows, 3, 3))(
    'of a killed run is broken, and the files that this run left are removed: $shell, $target',
    (row) => {
      const { said, stderr } = held(row).tell(
        `remember before; $SHELL_UNDER_TEST "$KIT/install.sh" & ${halfway}; kill -9 $!; wait $! 2>/dev/null`,
        ': >"$MACHINE/go"; find /etc /var -name "*keepalive-kit.*" | wc -l',
        'install; check; find /etc /var -name "*keepalive-kit.*" -o -name "lock*"; uninstall; same_as before',
      )
      expect({ said, stderr }).toEqual({ said: '1; install 0; check 0; uninstall 0; as before', stderr: '' })
    },
  )

  it.each([
    ['a process whose number was reused', '1-7'],
    ['a process that has ended', '999999999-1'],
    ['no process', 'x'],
  ])('is broken, with the lock that guards its breaking, when it names %s', (_, holder) => {
    const told = plantOf('linux').tell(
      'remember before; mkdir -p /var/lib/keepalive-kit',
      `ln -s ${holder} ${lock.linux}; ln -s 999999998-1 ${lock.linux}.${holder}`,
      'install; check; uninstall; same_as before',
    )
    expect(told).toEqual({ said: 'install 0; check 0; uninstall 0; as before', stderr: '' })
  })

  it('lets each of eight simultaneous runs succeed or refuse, and the result is a complete installation', () => {
    const plant = plantOf('linux')
    const { said } = plant.tell(
      'remember before; mkdir -p /var/lib/keepalive-kit; ln -s 999999999-1 /var/lib/keepalive-kit/.lock',
      'for i in 1 2 3 4 5 6 7 8; do install 2>/dev/null & done; wait',
      'check; uninstall; same_as before',
    )
    expect(said).toMatch(/^(?=.*install 0)(install [01]; ){8}check 0; uninstall 0; as before$/)
  })

  it('names its process and the start time of that process', () => {
    const plant = plantOf('linux', {
      programs: { sync: `cp -P /var/lib/keepalive-kit/.lock /etc/copy; exec /bin/sync "$@"` },
    })
    plant.tell('install')
    expect(readlinkSync(join(plant.etc, 'copy'))).toMatch(/^[1-9][0-9]*-[1-9][0-9]*$/)
  })
})
