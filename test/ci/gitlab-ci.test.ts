import { Ajv, type AnySchema } from 'ajv'
import { load } from 'js-yaml'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { beforeAll, describe, expect, it } from 'vitest'
import { describeWithOracle, missingPrograms, run } from '../support/oracle.ts'
import { filesOf, newFolder } from '../support/shells.ts'
import { calls, changed, ENGINES, KIT, missingEngine, recorded, standIns, template } from './engines.ts'

const text = template('gitlab-ci.yml')

interface Pipeline {
  readonly variables: Readonly<Record<string, string>>
  readonly default: { readonly before_script: readonly string[] }
  readonly fleet: { readonly parallel: number; readonly script: readonly string[] }
  readonly merge: { readonly script: readonly string[] }
}
const pipeline = load(text) as Pipeline

const runJob = (job: 'fleet' | 'merge', variables: Readonly<Record<string, string>>) =>
  calls([...pipeline.default.before_script, ...pipeline[job].script].join('\n'), {
    ...pipeline.variables,
    ...variables,
  })

describe('the pipeline for GitLab', () => {
  it.each([
    ['1', '4'],
    ['4', '4'],
    ['17', '64'],
  ])('installs the kit and makes shard %s of %s', (index, total) => {
    expect(runJob('fleet', { CI_NODE_INDEX: index, CI_NODE_TOTAL: total })).toEqual([
      ['npm', 'install', '--global', KIT],
      ['keepalive-kit', 'fleet', 'plant.csv', '--out', 'out', '--shard', `${index}/${total}`],
    ])
  })

  it('merges the parts', () => {
    expect(runJob('merge', {})).toEqual([
      ['npm', 'install', '--global', KIT],
      ['keepalive-kit', 'merge', 'out'],
    ])
  })
})

describeWithOracle("GitLab's schema", missingEngine('gitlab-ci-local'), () => {
  let errors: (pipelineText: string) => readonly string[]
  beforeAll(async () => {
    // The schema of GitLab's own editor, from this package.
    const file = join(ENGINES, 'node_modules/gitlab-ci-local/src/schema/schema.js')
    const { schema } = (await import(pathToFileURL(file).href)) as { schema: AnySchema }
    const accepts = new Ajv({ strict: false, validateFormats: false, allErrors: true }).compile(schema)
    errors = (pipelineText) =>
      accepts(load(pipelineText))
        ? []
        : (accepts.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message ?? ''}`)
  })

  it('accepts the pipeline', () => {
    expect(errors(text)).toEqual([])
  })

  it.each([
    ['zero machines', 'parallel: 4', 'parallel: 0', '/fleet/parallel must be >= 1'],
    [
      'an unknown value of when',
      'when: always',
      'when: allways',
      '/merge/when must be equal to one of the allowed values',
    ],
    ['an unknown key', 'expire_in:', 'expires_in:', '/fleet/artifacts must NOT have additional properties'],
    ['a path in place of a list', '[out/]', 'out/', '/fleet/artifacts/paths must be array'],
  ])('rejects %s', (_what, from, to, wanted) => {
    expect(errors(changed(text, from, to))).toContain(wanted)
  })
})

/** Runs the whole pipeline on this machine, each job in a folder of its own, with the sh code `kit` as the kit. */
function runPipeline(pipelineText: string, kit: string) {
  const folder = newFolder()
  const repository = join(folder, 'repository')
  mkdirSync(repository)
  writeFileSync(join(repository, '.gitlab-ci.yml'), pipelineText)
  writeFileSync(join(repository, 'plant.csv'), '')
  for (const command of ['init -q', 'add -A', '-c user.name=nobody -c user.email=nobody@example.com commit -qm fleet'])
    run('git', command.split(' '), { cwd: repository })
  standIns(folder, kit)
  const { code } = run(
    'node',
    [
      join(ENGINES, 'node_modules/gitlab-ci-local/src/index.js'),
      '--force-shell-executor',
      '--shell-isolation',
      '--home',
      join(folder, 'home'),
    ],
    {
      cwd: repository,
      env: { PATH: `${join(folder, 'bin')}:${process.env['PATH'] ?? ''}`, RECORD: join(folder, 'record') },
    },
  )
  return { code, kit: recorded(folder).filter(([name]) => name === 'keepalive-kit'), repository }
}

describeWithOracle(
  'gitlab-ci-local',
  missingEngine('gitlab-ci-local') ?? missingPrograms('git', 'bash', 'rsync'),
  () => {
    const KIT_STAND_IN = `
case $1 in
  fleet) mkdir -p out && echo "$6" >"out/part-$(echo "$6" | tr / -)" ;;
  merge) cat out/part-* >out/whole && rm out/part-* ;;
esac`
    const shard = (of: string) => ['keepalive-kit', 'fleet', 'plant.csv', '--out', 'out', '--shard', of]

    it('makes the number of shards that one line sets, and merges them even if a shard fails', () => {
      const ran = runPipeline(changed(text, 'parallel: 4', 'parallel: 2'), `${KIT_STAND_IN}\n[ "$6" != 2/2 ]`)
      expect(ran.code).toBe(1)
      expect(ran.kit.slice(0, -1)).toHaveLength(2)
      expect(ran.kit).toEqual(expect.arrayContaining(['1/2', '2/2'].map(shard)))
      expect(ran.kit.at(-1)).toEqual(['keepalive-kit', 'merge', 'out'])
      expect(filesOf(join(ran.repository, '.gitlab-ci-local/artifacts/merge'))).toEqual({ 'out/whole': '1/2\n2/2\n' })
    })
  },
)
