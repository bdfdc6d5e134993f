import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { load } from 'js-yaml'
import { describe, expect, it } from 'vitest'
import { describeWithOracle, missingPrograms, run } from './support/oracle.ts'

const ROOT = new URL('../', import.meta.url)
const textOf = (path: string) => readFileSync(new URL(path, ROOT), 'utf8')

describe('CHANGELOG.md', () => {
  const titleOf = (text: string) => text.split('\n')[0] as string
  const [, ...sections] = textOf('CHANGELOG.md').split(/^## /m)
  const entries = sections.flatMap((section) =>
    section
      .split(/^- /m)
      .slice(1)
      .map((entry) => ({ title: titleOf(section), entry, subject: titleOf(entry) })),
  )

  it('has a section for unreleased changes, and one for the version of package.json', () => {
    const { version } = JSON.parse(textOf('package.json')) as { version: string }
    const titles = sections.map(titleOf)
    expect(titles[0]).toBe('Unreleased')
    expect(titles).toContain(version)
    expect(new Set(entries.map(({ title }) => title))).toEqual(new Set(titles))
  })

  it.each(entries)('says which bytes of a bundle change ($title): $subject', ({ entry }) => {
    expect(entry).toMatch(/^ {2}Bytes of a bundle: \S/m)
  })
})

describe('CONTRIBUTING.md', () => {
  const named = [...textOf('.github/CONTRIBUTING.md').matchAll(/`((?:src|templates|test|findings|\.ci)\/[^` ]*)`/g)]

  it.each(named.map(([, path]) => path as string))('names %s, which exists', (path) => {
    expect(existsSync(new URL(path.replace('/ID/', '/linux/'), ROOT))).toBe(true)
  })
})

describe.each(readdirSync(new URL('.github/ISSUE_TEMPLATE', ROOT)).filter((name) => name !== 'config.yml'))(
  'The form for issues %s',
  (name) => {
    interface Form {
      readonly name: string
      readonly description: string
      readonly body: readonly { readonly type: string; readonly id?: string; readonly attributes: object }[]
    }
    const form = load(textOf(`.github/ISSUE_TEMPLATE/${name}`)) as Form

    it('has a name, a description, and fields with a label and a unique id, as GitHub requires', () => {
      expect(form).toMatchObject({ name: expect.any(String), description: expect.any(String) })
      const fields = form.body.filter(({ type }) => type !== 'markdown')
      expect(fields.filter(({ type }) => !['dropdown', 'input', 'textarea'].includes(type))).toEqual([])
      for (const { attributes } of fields) expect(attributes).toHaveProperty('label', expect.any(String))
      expect(new Set(fields.map(({ id }) => id ?? '')).size).toBe(fields.length)
    })

    it('asks for the version of the kit', () => {
      expect(form.body.map(({ id }) => id)).toContain('version')
    })
  },
)

const findings = readdirSync(new URL('findings', ROOT)).filter((name) => name !== 'README.md')

describe.each(findings)('findings/%s', (name) => {
  it('states program, behaviour and output, works in a folder of its own, and is listed', () => {
    const script = textOf(`findings/${name}`)
    for (const part of ['Programs', 'Behaviour', 'Seen', 'Matters', 'Needs'])
      expect(script).toMatch(new RegExp(`^# ${part}: `, 'm'))
    expect(script).toContain('folder=$(mktemp -d)')
    expect(textOf('findings/README.md')).toContain(`](${name})`)
  })
})

describeWithOracle('Every finding', missingPrograms('shellcheck'), () => {
  it('passes shellcheck', () => {
    const cwd = fileURLToPath(new URL('findings', ROOT))
    expect(run('shellcheck', ['-s', 'sh', ...findings], { cwd })).toEqual({ code: 0, stdout: '', stderr: '' })
  })
})
