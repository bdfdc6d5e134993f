import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { Desk } from './support/cli.ts'

const README = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
const blocks = (language: string) =>
  [...README.matchAll(new RegExp(`^\`\`\`${language}\n([^]*?)^\`\`\``, 'gm'))].map(([, text]) => text as string)
const PROFILE = blocks('yaml')[0] as string

const VENDOR_REG = [
  'Windows Registry Editor Version 5.00',
  '',
  '[HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\Tcpip\\Parameters]',
  '"KeepAliveTime"=dword:30000',
  '',
  '',
].join('\r\n')

/** Commands of the README with what it says they print. */
const dialogues = blocks('console').flatMap((block) =>
  block
    .split(/^\$ /m)
    .slice(1)
    .map((dialogue) => {
      const [command = '', ...printed] = dialogue.trimEnd().split('\n')
      return { command, printed: printed.join('\n') }
    }),
)

describe('the README', () => {
  it('has dialogues to try', () => {
    expect(dialogues.length).toBeGreaterThanOrEqual(3)
  })

  it.each(dialogues)('is right about `$command`', async ({ command, printed }) => {
    const desk = new Desk({
      'line4.yaml': PROFILE,
      'line5.yaml': 'name: line5\nidle: 1500ms\ninterval: 5s\n',
      'soon.yaml': 'name: soon\ndetect: 5s\n',
      'vendor.reg': VENDOR_REG,
      'plant.csv': blocks('csv')[0] as string,
      'packaging.yaml': 'name: packaging\nidle: 20s\ninterval: 5s\n',
    })
    const { out, err } = await desk.type(command.replace(/^keepalive-kit /, ''))
    expect(`${out}${err}`).toContain(printed.trimEnd())
  })

  it('shows a profile that is right to the letter, without a warning', async () => {
    expect(await new Desk({ 'line4.yaml': PROFILE }).type('validate line4.yaml --strict')).toMatchObject({
      code: 0,
      err: '',
    })
  })

  it('shows a profile that says what it wants, and is valid', async () => {
    const wishes = blocks('yaml')[1] as string
    expect(wishes).toContain('detect: 60s')
    expect((await new Desk({ 'line4.yaml': wishes }).type('validate line4.yaml')).code).toBe(0)
  })

  it('shows a fleet in YAML that can be made', async () => {
    const fleet = blocks('yaml').find((block) => block.includes('devices:')) as string
    expect(await new Desk({ 'plant.yaml': fleet }).type('fleet plant.yaml --dry-run --quiet')).toMatchObject({
      code: 0,
      out: 'new      out/plc-1.zip\n',
      err: '',
    })
  })

  it('names the commands that package.json has', () => {
    const { scripts } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
      scripts: object
    }
    const named = [...README.matchAll(/npm (?:run )?(start|test|[a-z]+)(?= )/g)].map(([, name]) => name as string)
    expect(named.filter((name) => !['ci', 'link'].includes(name) && !(name in scripts))).toEqual([])
  })
})
