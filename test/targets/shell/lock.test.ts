import { readlinkSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { missingNamespaces } from '../../support/netns.ts'
import { describeWithOracle, missingPrograms } from '../../support/oracle.ts'
import { plantOf, type Plant } from '../../support/plant.ts'
import { programOf, shells } from '../../support/shells.ts'

// The stand-in for sync stops a script in the middle of its change, until the test lets it go on.
const hold = `[ -e "$MACHINE/go" ] || { : >"$MACHINE/held"; until [ -e "$MACHINE/go" ]; do sleep 0.02; done; }
exec /bin/sync "$@"`
const halfway = 'until [ -e "$MACHINE/held" ]; do sleep 0.02; done'

const rows = shells.map((shell, index) => ({ shell, target: index % 2 === 0 ? 'linux' : 'tcbsd' }) as const)
describeWithOracle('Two runs at once', missingNamespaces() ?? missingPrograms(...shells.map(programOf)), () => {
  const held = (row: (typeof rows)[number]): Plant =>
    plantOf(row.target, { shell: row.shell, programs: { sync: hold } })
  const lock = { linux: '/var/lib/keepalive-kit/.lock', tcbsd: '/var/db/keepalive-kit/.lock' }

  it.each(rows)('the second changes nothing, and says who is at work: $shell, $target', (row) => {
    const { said, stderr } = held(row).tell(
      `install & ${halfway}; remember halfway`,
      'install; same_as halfway; uninstall; same_as halfway; uninstall --defaults; same_as halfway',
      'install --dry-run; same_as halfway; : >"$MACHINE/go"; wait; verify',
    )
    expect(said).toBe(
      'install 1; as halfway; uninstall 1; as halfway; uninstall 1; as halfway; install 0; as halfway; install 0; verify 0',
    )
    const refusal = `error: another run of keepalive-kit \\(process \\d+\\) is at work here: run this again when it has ended. Its lock is ${lock[row.target]}. Nothing was changed.\n`
    expect(stderr).toMatch(new RegExp(`^(${refusal}){3}$`))
  })

  it.each(rows)('the lock of one that was killed is broken, and what it left is cleared: $shell, $target', (row) => {
    const { said, stderr } = held(row).tell(
      `remember before; $SHELL_UNDER_TEST "$KIT/install.sh" & ${halfway}; kill -9 $!; wait $! 2>/dev/null`,
      ': >"$MACHINE/go"; find /etc /var -name "*keepalive-kit.*" | wc -l',
      'install; verify; find /etc /var -name "*keepalive-kit.*" -o -name "lock*"; uninstall; same_as before',
    )
    expect({ said, stderr }).toEqual({ said: '1; install 0; verify 0; uninstall 0; as before', stderr: '' })
  })

  it.each([
    ['of a process whose number another has now', '1-7'],
    ['of a process that is gone', '999999999-1'],
    ['that says nothing', 'x'],
  ])('a lock %s is broken, and one on breaking it too', (_, holder) => {
    const told = plantOf('linux').tell(
      'remember before; mkdir -p /var/lib/keepalive-kit',
      `ln -s ${holder} ${lock.linux}; ln -s 999999998-1 ${lock.linux}.${holder}`,
      'install; verify; uninstall; same_as before',
    )
    expect(told).toEqual({ said: 'install 0; verify 0; uninstall 0; as before', stderr: '' })
  })

  it('of many that start together each does its work or says that another is at it, and the end is whole', () => {
    const plant = plantOf('linux')
    const { said } = plant.tell(
      'remember before; mkdir -p /var/lib/keepalive-kit; ln -s 999999999-1 /var/lib/keepalive-kit/.lock',
      'for i in 1 2 3 4 5 6 7 8; do install 2>/dev/null & done; wait',
      'verify; uninstall; same_as before',
    )
    expect(said).toMatch(/^(?=.*install 0)(install [01]; ){8}verify 0; uninstall 0; as before$/)
  })

  it('the lock names its process and when that began', () => {
    const plant = plantOf('linux', {
      programs: { sync: `cp -P /var/lib/keepalive-kit/.lock /etc/copy; exec /bin/sync "$@"` },
    })
    plant.tell('install')
    expect(readlinkSync(join(plant.etc, 'copy'))).toMatch(/^[1-9][0-9]*-[1-9][0-9]*$/)
  })
})
