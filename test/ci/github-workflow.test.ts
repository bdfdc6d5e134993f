import { load } from 'js-yaml'
import { beforeAll, describe, expect, it } from 'vitest'
import { describeWithOracle } from '../support/oracle.ts'
import { calls, changed, githubVerdicts, KIT, missingEngine, template } from './engines.ts'

const text = template('github-workflow.yml')

interface Step {
  readonly uses?: string
  readonly run?: string
  readonly env?: Readonly<Record<string, string>>
  readonly with?: Readonly<Record<string, unknown>>
}
interface Workflow {
  readonly permissions: object
  readonly env: Readonly<Record<string, string>>
  readonly jobs: Readonly<Record<'shard' | 'merge', { readonly permissions: object; readonly steps: readonly Step[] }>>
}
const workflow = load(text) as Workflow
const steps = Object.values(workflow.jobs).flatMap((job) => job.steps)

/** Runs the steps of a job as GitHub does: expressions are evaluated, and reach the shell only through `env`. */
function run(job: 'shard' | 'merge', values: Readonly<Record<string, string>>) {
  return workflow.jobs[job].steps.flatMap(({ run: code, env = {} }) =>
    code === undefined ? [] : calls(code, { ...workflow.env, ...evaluated(env, values) }),
  )
}

const evaluated = (env: Readonly<Record<string, string>>, values: Readonly<Record<string, string>>) =>
  Object.fromEntries(
    Object.entries(env).map(([name, value]) => [
      name,
      value.replace(/^\$\{\{ (\S+) \}\}$/, (_, expression: string) => values[expression] ?? ''),
    ]),
  )

const withOf = (job: 'shard' | 'merge', action: string) =>
  workflow.jobs[job].steps.find(({ uses }) => uses?.startsWith(`${action}@`) === true)?.with

describe('the workflow for GitHub', () => {
  const { shard: shards } = (load(text) as { jobs: { shard: { strategy: { matrix: { shard: number[] } } } } }).jobs
    .shard.strategy.matrix

  it('makes each shard once, counted from 1', () => {
    expect(shards).toEqual([1, 2, 3, 4])
  })

  it.each([
    ['1', '4'],
    ['4', '4'],
    ['17', '64'],
  ])('installs the kit and makes shard %s of %s', (shard, total) => {
    expect(run('shard', { 'matrix.shard': shard, 'strategy.job-total': total })).toEqual([
      ['npm', 'install', '--global', KIT],
      ['keepalive-kit', 'fleet', 'plant.csv', '--out', 'out', '--shard', `${shard}/${total}`],
    ])
  })

  it('merges the parts', () => {
    expect(run('merge', {})).toEqual([
      ['npm', 'install', '--global', KIT],
      ['keepalive-kit', 'merge', 'out'],
    ])
  })

  it('uploads each part under a name of its own, and downloads all parts into one folder', () => {
    expect(withOf('shard', 'actions/upload-artifact')).toMatchObject({
      name: 'fleet-part-${{ matrix.shard }}',
      path: 'out/',
      'if-no-files-found': 'error',
    })
    expect(withOf('merge', 'actions/download-artifact')).toEqual({
      pattern: 'fleet-part-*',
      path: 'out',
      'merge-multiple': true,
    })
  })

  it('pins each action to a commit and names its release', () => {
    const lines = text.split('\n').filter((line) => line.includes('uses:'))
    expect(lines.filter((line) => !/uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(line))).toEqual([])
    expect(lines).toHaveLength(6)
  })

  it('has permission only to read the repository', () => {
    expect([workflow.permissions, workflow.jobs.shard.permissions, workflow.jobs.merge.permissions]).toEqual([
      {},
      { contents: 'read' },
      {},
    ])
  })

  it('puts no expression into a script, where its value would be code', () => {
    expect(steps.filter(({ run: code }) => code?.includes('${{') === true)).toEqual([])
  })
})

describeWithOracle("GitHub's own parser", missingEngine('@actions/workflow-parser'), () => {
  const nearMisses = [
    ['an unknown key', 'fail-fast:', 'failfast:', "Unexpected value 'failfast'"],
    ['an unknown job', 'needs: shard', 'needs: shards', "Job 'merge' depends on unknown job 'shards'."],
    ['an unknown function', '!cancelled()', '!canceled()', "Unrecognized function: 'canceled'"],
    ['an unknown context', '{{ matrix.', '{{ matrx.', "Unrecognized named-value: 'matrx'"],
    ['an unknown permission', 'contents: read', 'contents: reed', "Unexpected value 'reed'"],
    ['a time with a unit', 'timeout-minutes: 60', 'timeout-minutes: 1h', "Unexpected value '1h'"],
  ] as const
  let told: ReturnType<typeof githubVerdicts>
  beforeAll(() => {
    told = githubVerdicts([...nearMisses.map(([, from, to]) => changed(text, from, to)), text])
  })

  it('accepts the workflow', () => {
    expect(told.at(-1)).toEqual([])
  })

  it.each(nearMisses.map(([what, , , wanted], row) => [what, wanted, row] as const))('rejects %s', (_, wanted, row) => {
    expect(told[row]).toContainEqual(expect.stringContaining(wanted))
  })
})
