import { describe, expect, it } from 'vitest'
import { GROUPS, type Definition, type Option } from '../../src/cli/definition.ts'
import { DEFINITIONS } from '../../src/cli/parser.ts'
import { Desk, LINE4 } from '../support/cli.ts'

const help = async (line: string, columns?: number) => (await new Desk().type(line, { columns })).out
const NAMES = DEFINITIONS.map(({ name }) => name)

describe('the help of the program', () => {
  it('has every command once, in its group, on one line of 80 columns', async () => {
    const lines = (await help('--help')).split('\n')
    for (const group of GROUPS) {
      const from = lines.indexOf(`${group}:`) + 1
      const members = DEFINITIONS.filter((one) => one.group === group)
      expect(lines.slice(from, lines.indexOf('', from))).toEqual(
        members.map(
          ({ name, describe: words }) =>
            expect.stringMatching(new RegExp(`^  ${name} .* ${words.replace('.', '\\.')}$`)) as string,
        ),
      )
    }
  })

  it.each(['-h', 'help', 'help --help', '--help --quiet'])('is also the output of `%s`', async (line) => {
    expect(await help(line)).toBe(await help('--help'))
  })

  it('ends with the exit codes', async () => {
    const [last] = (await help('--help')).trimEnd().split('\n\n').slice(-1)
    expect(last?.replace(/\s+/g, ' ')).toBe(
      'Exit codes: 0 success or no difference, 1 invalid or different, 2 wrong usage, 3 system error or bug.',
    )
  })
})

describe.each(NAMES)('the help of %s', (name) => {
  const others = [`${name} --help`, `${name} -h`, `--help ${name}`, `${name} a b c --nope --help`]
  it.each(name === 'help' ? ['help help'] : others)('is the output of `%s`', async (line) => {
    const text = await help(`help ${name}`)
    expect(text.startsWith(`Usage: keepalive-kit ${name} `)).toBe(true)
    expect(await help(line)).toBe(text)
  })
})

describe.each([undefined, 20, 40, 41, 60, 79, 80, 99, 100, 101, 250])('a terminal of %s columns', (columns) => {
  const width = Math.min(Math.max(columns ?? 80, 40), 100)
  const sentences = ({ describe: words, takes, options }: Definition) =>
    [...takes, ...Object.values<Option>(options), { describe: words.slice(1) }].map((one) => one.describe)
  const cases = [
    { line: '--help', words: DEFINITIONS.map((one) => one.describe) },
    ...DEFINITIONS.map((one) => ({ line: `help ${one.name}`, words: sentences(one) })),
  ]

  it.each(cases)('fits every line of $line, without a broken word', async ({ line, words }) => {
    const text = await help(line, columns)
    // A command line is never broken; a word that is too long gets a line of its own.
    const prose = text.split('\n').filter((one) => !/^(?:Usage:|  # |  keepalive-kit )/.test(one))
    expect(prose.filter((one) => one.length > width && one.trim().includes(' '))).toEqual([])
    const whole = text.replace(/\s+/g, ' ')
    expect(words.filter((one) => !whole.includes(one))).toEqual([])
  })
})

describe('the examples of the help', () => {
  const VENDOR_REG = [
    'Windows Registry Editor Version 5.00',
    '',
    '[HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\Tcpip\\Parameters]',
    '"KeepAliveTime"=dword:00007530',
    '',
  ].join('\r\n')
  const desk = new Desk({
    'line4.yaml': LINE4,
    'old.yaml': LINE4,
    'new.yaml': 'name: new\nidle: 30s\ninterval: 5s\n',
    'vendor.reg': VENDOR_REG,
    'plant.csv': 'name,targets,site,idle,interval\nplc-1,linux,hall-3,20s,5s\nplc-2,linux,hall-4,30s,5s\n',
  })
  /** An example exits with 1 if it finds the expected difference. */
  const FINDS = /^(?:diff |verify vendor\.reg )/
  const lines = DEFINITIONS.flatMap(({ examples }) => examples.map(([, line]) => line))

  it('are two or three for each command, and fit into 80 columns', () => {
    expect(DEFINITIONS.filter(({ examples }) => ![2, 3].includes(examples.length)).map(({ name }) => name)).toEqual([])
    expect(lines.filter((line) => `  keepalive-kit ${line}`.length > 80)).toEqual([])
  })

  it.sequential.each(lines)('run: %s', async (line) => {
    // The lock and the shards come from an earlier day.
    if (line.includes('--lock keepalive.lock.json')) await desk.type('lock line4.yaml')
    if (line.startsWith('merge '))
      for (const shard of ['1/2', '2/2']) await desk.type(`fleet plant.csv --shard ${shard} --out parts`)
    const { code, err } = await desk.type(line.replace(/ > .*/, ''))
    expect({ code, err }).toMatchObject({ code: FINDS.test(line) ? 1 : 0 })
  })
})
