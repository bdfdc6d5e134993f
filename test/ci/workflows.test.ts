import { readdirSync, readFileSync } from 'node:fs'
import { load } from 'js-yaml'
import { describe, expect, it } from 'vitest'
import { describeWithOracle } from '../support/oracle.ts'
import { githubVerdicts, missingEngine, template } from './engines.ts'

interface Workflow {
  readonly permissions: object
  readonly jobs: Readonly<Record<string, { readonly 'timeout-minutes'?: number; readonly permissions?: object }>>
}

const FOLDER = new URL('../../.github/workflows/', import.meta.url)
const workflows = readdirSync(FOLDER).map((name) => {
  const text = readFileSync(new URL(name, FOLDER), 'utf8')
  return { name, text, workflow: load(text) as Workflow }
})

/** The actions of a workflow: the rest of each line after `uses:`. */
const actionsIn = (text: string) => [...text.matchAll(/\buses: *(.*)/g)].map(([, action]) => action as string)

describe.each(workflows)('.github/workflows/$name', ({ text, workflow }) => {
  it('pins each action to a commit and names its release', () => {
    expect(actionsIn(text).length).toBeGreaterThan(0)
    for (const action of actionsIn(text)) expect(action).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/)
  })

  it('limits the time of each job', () => {
    for (const [job, { 'timeout-minutes': minutes }] of Object.entries(workflow.jobs))
      expect({ job, minutes }).toEqual({ job, minutes: expect.any(Number) })
  })

  it('has permission only to read the repository', () => {
    expect(workflow.permissions).toEqual({})
    for (const { permissions } of Object.values(workflow.jobs)) expect(permissions).toEqual({ contents: 'read' })
  })
})

describe('All workflows, including those for users,', () => {
  it('use one release of each action', () => {
    const texts = [...workflows.map(({ text }) => text), template('github-workflow.yml')]
    const used = [...new Set(texts.flatMap(actionsIn))].map((action) => action.split('@')[0])
    expect(used).toEqual([...new Set(used)])
  })
})

describeWithOracle("GitHub's own parser", missingEngine('@actions/workflow-parser'), () => {
  it('accepts the workflows of this repository', () => {
    expect(githubVerdicts(workflows.map(({ text }) => text))).toEqual(workflows.map(() => []))
  })
})
