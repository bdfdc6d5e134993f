import { describe, expect, it } from 'vitest'
import { buildTarget } from '../../support/build.ts'
import { someOf } from '../../support/depth.ts'
import { missingNamespaces } from '../../support/netns.ts'
import { describeWithOracle, missingPrograms } from '../../support/oracle.ts'
import { plantOf, type Plant } from '../../support/plant.ts'
import { refused, scripts } from '../../support/shell-kits.ts'
import { programOf, runScript, shellsFor } from '../../support/shells.ts'

const version = (target: 'linux' | 'tcbsd', idle: number, probes?: number): string =>
  buildTarget(target, { name: 'line-4', idle, interval: 10_000, ...(probes === undefined ? {} : { probes }) })

const systems = {
  linux: {
    kits: { V1: version('linux', 50_000), V2: version('linux', 40_000, 4) },
    key: 'time',
    file: 'sysctl.d/60-keepalive.conf',
    own: '# mine\nnet.ipv4.tcp_keepalive_time = 900\n',
    foreign: 'set_value time 900; set_value probes 3',
    held: { foreign: '900 75 3', standard: '7200 75 9', v1: '50 10 3', v2: '40 10 4', kit: '60 10 5' },
  },
  tcbsd: {
    kits: { V1: version('tcbsd', 50_000), V2: version('tcbsd', 40_000, 4) },
    key: 'keepidle',
    file: 'sysctl.conf',
    own: 'kern.x=1\r\nkern.y=2',
    foreign: 'set_value keepidle 900000; set_value keepcnt 3',
    held: {
      foreign: '900000 75000 3 75000 1',
      standard: '7200000 75000 8 75000 1',
      v1: '50000 10000 3 75000 1',
      v2: '40000 10000 4 75000 1',
      kit: '60000 10000 5 30000 1',
    },
  },
} as const

interface Here {
  readonly plant: Plant
  readonly system: (typeof systems)['linux' | 'tcbsd']
}

/** Sequences of runs, each with the results that it must print. */
const stories: readonly [what: string, tell: (here: Here) => void][] = [
  [
    'lead to the defaults with --defaults, twice, and then to the prior state',
    ({ plant, system: { foreign, held } }) => {
      const told = plant.tell(
        `${foreign}; remember before`,
        'install; uninstall --defaults; values; remember defaults; uninstall --defaults; same_as defaults',
        'uninstall; same_as before',
      )
      expect(told).toMatchObject({
        stderr: '',
        said: `install 0; uninstall 0; ${held.standard}; uninstall 0; as defaults; uninstall 0; as before`,
      })
    },
  ],
  [
    'record the prior state before --defaults without an installation',
    ({ plant, system: { foreign, held } }) => {
      const told = plant.tell(
        `${foreign}; remember before`,
        'uninstall --defaults; values; uninstall; same_as before; uninstall; same_as before',
      )
      expect(told).toMatchObject({
        stderr: '',
        said: `uninstall 0; ${held.standard}; uninstall 0; as before; uninstall 0; as before`,
      })
    },
  ],
  [
    'lead to the previous version with --previous, once, and then to the prior state',
    ({ plant, system: { foreign, held } }) => {
      const told = plant.tell(
        `${foreign}; remember before`,
        'version V1; install; values',
        'version V2; install; values; remember v2; install; same_as v2',
        'uninstall --previous; values; uninstall --previous',
        'version V1; check; install; values; uninstall; same_as before',
      )
      expect(told).toMatchObject({
        stderr: expect.stringMatching(/^error: no previous version is recorded in .*\n$/) as string,
        said: `install 0; ${held.v1}; install 0; ${held.v2}; install 0; as v2; uninstall 0; ${held.v1}; uninstall 1; check 0; install 0; ${held.v1}; uninstall 0; as before`,
      })
    },
  ],
  [
    'lead to the installed version with --previous after --defaults',
    ({ plant, system: { held } }) => {
      const told = plant.tell(
        'remember before; install; values; uninstall --defaults; values; uninstall --previous; values',
        'check; uninstall; same_as before',
      )
      expect(told).toMatchObject({
        stderr: '',
        said: `install 0; ${held.kit}; uninstall 0; ${held.standard}; uninstall 0; ${held.kit}; check 0; uninstall 0; as before`,
      })
    },
  ],
  [
    'refuse to undo a value that was edited later, and reset it with --force',
    ({ plant, system: { foreign, held, key } }) => {
      const story = (way: string): string =>
        `set_value ${key} 77777; remember edited; uninstall ${way}; same_as edited; uninstall ${way} --force; values`
      const { said, stderr } = plant.tell(
        `${foreign}; remember before`,
        `version V1; install; version V2; install; ${story('--previous')}`,
        `install; ${story('--defaults')}`,
        'uninstall; same_as before',
      )
      expect(said).toBe(
        `install 0; install 0; uninstall 1; as edited; uninstall 0; ${held.v1}; install 0; uninstall 1; as edited; uninstall 0; ${held.standard}; uninstall 0; as before`,
      )
      const named = / is 77777, which keepalive-kit did not set; at the beginning it was \d+\. Nothing was changed\./g
      expect(stderr.match(named)).toHaveLength(2)
    },
  ],
  [
    'change nothing with --dry-run',
    ({ plant }) => {
      const told = plant.tell(
        'version V1; install; version V2; install; remember v2',
        'uninstall --dry-run; uninstall --defaults --dry-run; uninstall --previous --dry-run; same_as v2',
      )
      expect(told).toMatchObject({
        stderr: '',
        said: 'install 0; install 0; uninstall 0; uninstall 0; uninstall 0; as v2',
      })
    },
  ],
]

const rows = someOf(
  stories.flatMap(([what, tell]) => (['linux', 'tcbsd'] as const).map((target) => ({ target, what, tell }))),
  4,
  8,
).flatMap((row, index) => shellsFor(index).map((shell) => ({ ...row, shell })))
for (const { target, what, tell, shell } of rows)
  describeWithOracle(
    `The ways back on ${target} under ${shell}`,
    missingPrograms(programOf(shell)) ?? missingNamespaces(),
    () => {
      it(what, () => {
        const system = systems[target]
        tell({ system, plant: plantOf(target, { shell, kits: system.kits, files: { [system.file]: system.own } }) })
      })
    },
  )

describe.skipIf(process.platform === 'win32').each(scripts.filter(({ name }) => name === 'uninstall.sh'))(
  '$target/$name',
  ({ path }) => {
    it('refuses two ways back in one run', () => {
      expect(runScript(path, ['--defaults', '--previous'])).toEqual(
        refused(2, '--defaults and --previous are two ways back: choose one'),
      )
    })
  },
)
