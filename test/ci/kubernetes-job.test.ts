import { loadAll } from 'js-yaml'
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, it } from 'vitest'
import { describeWithOracle, run } from '../support/oracle.ts'
import { filesIn } from '../support/folders.ts'
import { ROOT } from '../support/profiles.ts'
import { inContainer, missingRunc } from '../support/runc.ts'
import { newFolder } from '../support/shells.ts'
import { calls, changed, ENGINES, KIT, missingEngine, template, verdicts } from './engines.ts'

const text = template('kubernetes-job.yaml')

interface Container {
  readonly image: string
  readonly command: readonly string[]
  readonly args?: readonly string[]
  readonly env?: readonly { readonly name: string; readonly value: string }[]
}
interface Job {
  readonly metadata: { readonly name: string }
  readonly spec: {
    readonly suspend?: boolean
    readonly completions?: number
    readonly parallelism?: number
    readonly template: { readonly spec: { readonly containers: readonly [Container] } }
  }
}
const [claim, fleet, merge] = loadAll(text) as [{ readonly metadata: { readonly name: string } }, Job, Job]
const containerOf = (job: Job) => job.spec.template.spec.containers[0]

/** The calls of a pod of a job. Kubernetes replaces `$(NAME)` if it knows the name, and `$$` by `$`; no shell does. */
function runPod(job: Job, ofIndex: Readonly<Record<string, string>> = {}) {
  const { command, args = [], env = [] } = containerOf(job)
  const known: Readonly<Record<string, string>> = {
    ...Object.fromEntries(env.map(({ name, value }) => [name, value])),
    ...ofIndex,
  }
  const words = [...command, ...args].map((word) =>
    word.replaceAll(/\$\$|\$\(([^)]*)\)/g, (all, name: string | undefined) =>
      name === undefined ? '$' : (known[name] ?? all),
    ),
  )
  return calls('exec "$@"', known, words)
}

describe('the Jobs for Kubernetes', () => {
  const shards = fleet.spec.completions ?? 0

  it('run one pod per shard, all at the same time', () => {
    expect([shards, fleet.spec.parallelism, containerOf(fleet).env]).toEqual([
      4,
      shards,
      [{ name: 'SHARDS', value: String(shards) }],
    ])
  })

  it.each(Array.from({ length: shards }, (_, index) => index))('make one shard in the pod of index %i', (index) => {
    expect(runPod(fleet, { JOB_COMPLETION_INDEX: String(index) })).toEqual([
      ['keepalive-kit', 'fleet', '/fleet/plant.csv', '--out', '/out/fleet', '--shard', `${index + 1}/${shards}`],
    ])
  })

  it('merge the parts only on request', () => {
    expect(merge.spec.suspend).toBe(true)
    expect(runPod(merge)).toEqual([['keepalive-kit', 'merge', '/out/fleet']])
  })

  it('use one image with this version of the kit, and explain how to build it', () => {
    const [name, version] = KIT.split('@')
    expect([containerOf(fleet).image, containerOf(merge).image].map((image) => image.split('/').at(-1))).toEqual([
      `${name}:${version}`,
      `${name}:${version}`,
    ])
    expect(text).toContain(`RUN npm install --global ${KIT}\n`)
  })

  it('use their own names in the kubectl commands of their comments', () => {
    const typed = [...text.matchAll(/^# +kubectl .*?job[ /](\S+)/gm)].map(([, name]) => name)
    expect(typed).toEqual([fleet, merge, merge].map(({ metadata }) => metadata.name))
    expect(text).toContain(`claimName: ${claim.metadata.name}\n`)
  })
})

describeWithOracle('a pod of the Jobs, with a read-only root', missingRunc(), () => {
  it('makes its shard and merges the parts, as one run does', () => {
    const folder = newFolder()
    const at = (name: string) => join(folder, name)
    for (const name of ['fleet', 'out', 'bin']) mkdirSync(at(name))
    chmodSync(at('out'), 0o777)
    writeFileSync(
      at('fleet/plant.csv'),
      `name,profile\n${Array.from({ length: 20 }, (_, row) => `d${row},preset:beckhoff\n`).join('')}`,
    )
    writeFileSync(at('bin/keepalive-kit'), '#!/bin/sh\nexec node /kit/bin.cjs "$@"\n', { mode: 0o755 })
    const mounts = {
      '/node': dirname(process.execPath),
      '/fleet': at('fleet'),
      '/kit': join(ROOT, 'dist'),
      '/programs': at('bin'),
    }
    const pod = (job: Job, env: Readonly<Record<string, string>> = {}) => {
      const { command, args = [], env: own = [] } = containerOf(job)
      const all = {
        ...Object.fromEntries(own.map(({ name, value }) => [name, value])),
        ...env,
        PATH: '/programs:/node:/usr/bin:/bin',
      }
      return inContainer({}, [...command, ...args], {
        user: 65_534,
        env: all,
        readOnly: mounts,
        writable: { '/out': at('out') },
      })
    }
    for (const index of ['0', '1', '2', '3'])
      expect(pod(fleet, { JOB_COMPLETION_INDEX: index })).toMatchObject({ code: 0 })
    expect(pod(merge)).toMatchObject({ code: 0 })
    const kit = join(ROOT, 'dist/bin.cjs')
    expect(run(process.execPath, [kit, 'fleet', at('fleet/plant.csv'), '--out', at('alone')])).toMatchObject({
      code: 0,
    })
    expect(filesIn(at('out/fleet'))).toEqual(filesIn(at('alone')))
  })
})

const KINDS = [
  ['PersistentVolumeClaim', 'v1/PersistentVolumeClaim', 'IoK8sApiCoreV1PersistentVolumeClaim'],
  ['Job', 'batch/v1/Job', 'IoK8sApiBatchV1Job'],
] as const

/** The errors of each text against the types of Kubernetes' API, which reject an unknown field, as the server does. */
function typeErrors(texts: readonly string[]): readonly (readonly string[])[] {
  const folder = newFolder()
  symlinkSync(join(ENGINES, 'node_modules'), join(folder, 'node_modules'))
  const files = texts.map((one, row) => {
    const documents = (loadAll(one) as { kind: string }[]).map(
      (document, index) => `export const document${index}: I${document.kind} = ${JSON.stringify(document)}`,
    )
    const imports = KINDS.map(([kind, path]) => `import type { I${kind} } from 'kubernetes-models/${path}'`)
    writeFileSync(join(folder, `${row}.ts`), [...imports, ...documents, ''].join('\n'))
    return `${row}.ts`
  })
  const tsc = fileURLToPath(new URL('../../node_modules/.bin/tsc', import.meta.url))
  const options = ['--noEmit', '--strict', '--skipLibCheck', '--pretty', 'false', '--module', 'nodenext', '--types', '']
  const { stdout } = run(tsc, [...options, ...files], { cwd: folder })
  const lines = stdout.split('\n').filter((line) => line !== '')
  return texts.map((_, row) => lines.filter((line) => line.startsWith(`${row}.ts(`)))
}

describeWithOracle("Kubernetes' schema", missingEngine('kubernetes-models'), () => {
  const nearMisses = [
    ['an unknown field', 'completionMode:', 'completionsMode:', '"completionsMode"\' does not exist in type'],
    ['an unknown mode', 'completionMode: Indexed', 'completionMode: indexed', '\'"indexed"\' is not assignable'],
    ['a number in place of a string', "value: '4'", 'value: 4', "'number' is not assignable to type 'string'"],
    [
      'a string in place of a number',
      'completions: &shards 4',
      "completions: &shards '4'",
      "'string' is not assignable",
    ],
    ['an unknown action', 'action: FailIndex', 'action: FailShard', '\'"FailShard"\' is not assignable'],
    ['an unknown access mode', '[ReadWriteMany]', '[ReadWriteAll]', '\'"ReadWriteAll"\' is not assignable'],
  ] as const
  const texts = [...nearMisses.map(([, from, to]) => changed(text, from, to)), text]
  let types: ReturnType<typeof typeErrors>
  beforeAll(() => {
    types = typeErrors(texts)
  })

  it('accepts the Jobs', () => {
    const reader = `
      import { loadAll } from ${JSON.stringify(fileURLToPath(import.meta.resolve('js-yaml')))}
      ${KINDS.map(([kind, , schema]) => `import { validate as ${kind} } from 'kubernetes-models/_schemas/${schema}'`).join('\n')}
      const checks = { ${KINDS.map(([kind]) => kind).join(', ')} }
      function errors(text) {
        return loadAll(text).flatMap((document) => {
          const check = checks[document.kind]
          return check(document) ? [] : [...new Set(check.errors.map(({ instancePath }) => instancePath))]
        })
      }`
    const [asItIs, refused] = verdicts(reader, [text, changed(text, 'storage: 20Gi', 'storage: 20 GB')])
    expect({ types: types.at(-1), values: asItIs, refused }).toEqual({
      types: [],
      values: [],
      refused: ['/spec/resources/requests/storage'],
    })
  })

  it.each(nearMisses.map(([what, , , wanted], row) => [what, wanted, row] as const))('rejects %s', (_, wanted, row) => {
    expect(types[row]).toContainEqual(expect.stringContaining(wanted))
  })
})
