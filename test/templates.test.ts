import { readFileSync } from 'node:fs'
import Handlebars from 'handlebars'
import { describe, expect, it } from 'vitest'
import { helpers } from '../src/core/quote.ts'
import { COMPILE_OPTIONS } from '../src/core/templates.ts'
import { templateSources } from '../src/io/assets.ts'
import { TARGETS } from '../src/targets/index.ts'

const sources = templateSources()
const HELPERS = new Set<string>(Object.keys(helpers))

/** Every `{{...}}` of a template that is neither a helper with one argument, nor `each`, nor a partial. */
function foreignMustaches(source: string): readonly string[] {
  const found: string[] = []
  class Lint extends Handlebars.Visitor {
    override MustacheStatement(node: hbs.AST.MustacheStatement): void {
      const { original } = node.path as hbs.AST.PathExpression
      if (!HELPERS.has(original) || node.params.length !== 1)
        found.push(`{{${original}}} with ${node.params.length} arguments`)
    }
    override BlockStatement(node: hbs.AST.BlockStatement): void {
      if (node.path.original !== 'each') found.push(`{{#${node.path.original}}}`)
      super.BlockStatement(node)
    }
    override PartialStatement(node: hbs.AST.PartialStatement): void {
      const name = (node.name as hbs.AST.PathExpression).original
      if (!sources.has(name)) found.push(`{{> ${name}}}`)
      if (node.params.length > 0 || (node.hash as hbs.AST.Hash | undefined) !== undefined)
        found.push(`arguments of {{> ${name}}}`)
    }
  }
  new Lint().accept(Handlebars.parse(source))
  return found
}

describe.each([...sources])('%s', (name, source) => {
  it('can be compiled ahead of time, with known helpers only', () => {
    expect(() => Handlebars.precompile(source, COMPILE_OPTIONS)).not.toThrow()
  })

  it('writes every value through a helper of its language', () => {
    expect(foreignMustaches(source)).toEqual([])
  })

  it('loses no backslash before a value', () => {
    expect(source).not.toMatch(/(?<!\\)\\\{\{/)
  })

  it('has the line ends of its language', () => {
    expect(source.replaceAll('\r\n', '').includes('\r')).toBe(false)
    expect(source.includes('\r\n')).toBe(/\.(?:reg|ps1|cmd|txt)$/.test(name))
  })
})

describe('the folder of templates', () => {
  it('has a README section and every output for each target, and no unused file', () => {
    const used = [...TARGETS.values()].flatMap(({ id, outputs }) => [
      `${id}/README.txt`,
      ...outputs.map(({ path, template = `${id}/${path}` }) => template),
    ])
    const others = [...sources.keys()].filter(
      (name) => !/^(?:parts|completion|bundle|page)\/|^profile\.yaml$/.test(name),
    )
    expect(others.toSorted()).toEqual([...new Set(used)].toSorted())
  })

  it('has no unused part', () => {
    const included = [...sources.values()].flatMap((source) =>
      [...source.matchAll(/\{\{> ?([^ }]+)/g)].map(([, name]) => name),
    )
    const parts = [...sources.keys()].filter((name) => name.startsWith('parts/'))
    expect(parts.filter((name) => !included.includes(name))).toEqual([])
  })

  it('is excluded from prettier, which would reflow it', () => {
    expect(readFileSync(new URL('../.prettierignore', import.meta.url), 'utf8')).toMatch(/^templates\/\*\*\/\*\.hbs$/m)
  })
})

describe('a helper', () => {
  const nothings = [undefined, null, Number.NaN, {}, [], true]
  it.each(Object.entries(helpers).flatMap(([name, helper]) => nothings.map((value) => [name, value, helper] as const)))(
    '%s refuses %s',
    (_name, value, helper) => {
      expect(() => helper(value)).toThrow('bug')
    },
  )

  it.each([
    ['dword', 1, '00000001'],
    ['dword', 20_000, '00004e20'],
    ['dword', 2_147_483_648, '80000000'],
    ['dword', 4_294_967_295, 'ffffffff'],
    ['hex', 20_000, '0x4e20'],
    ['decimal', 60_000, '60000'],
    ['sh', "it's", `'it'\\''s'`],
    ['ps', "it's", `'it''s'`],
    ['html', `<b title="x">&'</b>`, '&#60;b title=&#34;x&#34;&#62;&#38;&#39;&#60;/b&#62;'],
    ['html', 'a\u202e<\n', 'a\\u202e&#60;\\u000a'],
    ['prose', 'a\nb\u202ec', 'a\\u000ab\\u202ec'],
  ] as const)('%s says %j as %s', (name, value, wanted) => {
    expect(helpers[name](value)).toBe(wanted)
  })

  it.each([
    ['dword', 4_294_967_296],
    ['dword', -1],
    ['dword', 1.5],
    ['dword', '1e3'],
    ['decimal', 1e21],
    ['decimal', '060000'],
    ['regKey', 'HKLM\\SYSTEM'],
    ['regKey', 'HKEY_LOCAL_MACHINE\\SYSTEM\\'],
    ['regKey', 'HKEY_LOCAL_MACHINE\\SYSTEM]\r\n[x'],
    ['regName', 'Keep"Alive'],
    ['sysctlKey', 'net.ipv4.x\nnet.ipv4.y'],
    ['word', 'Line 4'],
    ['word', 'line4\n'],
    ['sh', 'a\nb'],
    ['ps', '\u2019'],
    ['cmd', 'a & b'],
    ['text', 'a\u0007b'],
  ] as const)('%s refuses %j', (name, value) => {
    expect(() => helpers[name](value)).toThrow('bug')
  })
})
