import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { Desk, LINE4, type Answer } from '../support/cli.ts'
import { describeWithOracle, missingPrograms, run } from '../support/oracle.ts'

const values = (idle: number) => `net.ipv4.tcp_keepalive_time = ${idle}\nnet.ipv4.tcp_keepalive_intvl = 5\n`
const RIGHT = values(20)
const WRONG = values(30)

/** Files of a machine by their paths: a text, or the target of a link after `->`. */
type Machine = Readonly<Record<string, string>>

/** A desk with line4.yaml and a copy of a machine in `m`. */
function deskOf(machine: Machine): Desk {
  const desk = new Desk({ 'line4.yaml': LINE4 })
  for (const [path, content] of Object.entries(machine)) {
    const at = join(desk.folder, 'm', path)
    mkdirSync(dirname(at), { recursive: true })
    if (content.startsWith('->')) symlinkSync(content.slice(2), at)
    else writeFileSync(at, content)
  }
  return desk
}

const verify = (desk: Desk) => desk.type('verify --profile line4.yaml m')
const AS_IT_SAYS = { code: 0, out: 'm: as line4.yaml says\n', err: '' }
const DRIFT = expect.objectContaining({ code: 1, err: expect.stringContaining('[verify/drift]') as string }) as Answer

describe.skipIf(process.platform === 'win32')('a link in the tree of a machine leads where it leads there:', () => {
  it.each<[string, Machine, Answer]>([
    ['to a file beside it', { 'etc/sysctl.conf': RIGHT, 'etc/sysctl.d/9.conf': '->../sysctl.conf' }, AS_IT_SAYS],
    ['by a whole path', { 'srv/k.conf': WRONG, 'etc/sysctl.d/9.conf': '->/srv/k.conf' }, DRIFT],
    [
      'over other links',
      { 'srv/k.conf': WRONG, data: '->/srv', 'etc/k.conf': '->../data/k.conf', 'etc/sysctl.d/9.conf': '->/etc/k.conf' },
      DRIFT,
    ],
    [
      'not above its /',
      { 'srv/k.conf': WRONG, 'etc/sysctl.d/9.conf': '->../../../../../../../../../../srv/k.conf' },
      DRIFT,
    ],
    [
      'to the / of its own machine',
      {
        'hosts/a/etc/sysctl.d/1.conf': '->/srv/k.conf',
        'hosts/a/srv/k.conf': WRONG,
        'srv/k.conf': RIGHT,
      },
      DRIFT,
    ],
    ['in a copy of /etc alone', { 'sysctl.d/9.conf': '->/etc/k.conf', 'k.conf': WRONG }, DRIFT],
    [
      'to /dev/null, which hides the file of that name',
      {
        'etc/sysctl.d/1.conf': RIGHT,
        'etc/sysctl.d/9.conf': '->/dev/null',
        'usr/lib/sysctl.d/9.conf': WRONG,
      },
      AS_IT_SAYS,
    ],
    ['of a folder', { 'srv/conf/9.conf': WRONG, 'etc/sysctl.d': '->/srv/conf' }, DRIFT],
    ['of a folder above', { 'private/etc/sysctl.d/9.conf': WRONG, etc: '->private/etc' }, DRIFT],
    ['of /lib', { 'usr/lib/sysctl.d/9.conf': RIGHT, lib: '->usr/lib' }, AS_IT_SAYS],
    [
      'of a folder that is no place of a machine',
      {
        'etc/sysctl.d/9.conf': RIGHT,
        'run/sysctl.d/1.conf': WRONG,
        'var/run': '->../run',
        'var/sysctl.d': '->../run/sysctl.d',
      },
      expect.objectContaining({ code: 0, out: AS_IT_SAYS.out }) as Answer,
    ],
    ['of a folder in a circle', { 'etc/sysctl.d/9.conf': RIGHT, 'etc/lib': '->..', 'usr/lib': '->..' }, AS_IT_SAYS],
  ])('%s', async (_what, machine, answer) => {
    expect(await verify(deskOf(machine))).toEqual(answer)
  })

  it.each([
    ['out of the tree', '->/srv/other.conf', 'tree/link-missing', 'srv/other.conf'],
    ['by .. out of the tree', '->../../../line4.yaml', 'tree/link-missing', 'line4.yaml'],
    ['in a circle', '->9.conf', 'tree/link-circle', ''],
    ['through a file', '->1.conf/x', 'tree/link-missing', '1.conf/x'],
  ])('%s it is an error of verify, and a warning of import', async (_where, link, code, to) => {
    const desk = deskOf({ 'etc/sysctl.d/1.conf': RIGHT, 'etc/sysctl.d/9.conf': link })
    const told = (severity: string) =>
      expect.stringMatching(new RegExp(`^m/etc/sysctl\\.d/9\\.conf: ${severity}: .*${to}.*\\[${code}\\]\\n$`)) as string
    expect(await verify(desk)).toEqual({ code: 2, out: '', err: told('error') })
    expect(await desk.type('diff line4.yaml m')).toEqual({ code: 2, out: '', err: told('error') })
    expect(await desk.type('import m')).toEqual({
      code: 0,
      out: 'name: m\nidle: 20s\ninterval: 5s\ntargets:\n  - linux\n',
      err: told('warning'),
    })
    expect((await desk.type('import m --strict')).code).toBe(1)
  })

  it('that a copy of /etc alone does not have, of /lib for instance, says nothing about it', async () => {
    expect(await verify(deskOf({ 'etc/sysctl.d/1.conf': RIGHT, lib: '->usr/lib' }))).toEqual(AS_IT_SAYS)
  })

  it('and folders that lead to each other come to an end', async () => {
    const names = ['run', 'usr', 'lib', 'sysctl.d']
    const links = names.flatMap((folder) => names.map((name) => [`etc/${folder}s/${name}`, `->../${name}s`] as const))
    const tops = names.map((name) => [name, `->etc/${name}s`] as const)
    const { code, out, err } = await verify(
      deskOf({ 'etc/sysctl.d/1.conf': RIGHT, ...Object.fromEntries([...links, ...tops]) }),
    )
    expect({ code, out, err }).toEqual({ code: 0, out: AS_IT_SAYS.out, err: '' })
  })
})

describe('a file of a machine that is not read is an error:', () => {
  it('one of more than a megabyte', async () => {
    const desk = deskOf({ 'etc/sysctl.d/1.conf': RIGHT, 'etc/sysctl.d/9.conf': `${'#\n'.repeat(600_000)}${WRONG}` })
    expect(await verify(desk)).toMatchObject({
      code: 2,
      out: '',
      err: expect.stringMatching(
        /^m\/etc\/sysctl\.d\/9\.conf: error: .* more than 1048576 bytes.* \[tree\/too-large\]\n$/,
      ) as string,
    })
  })

  it('the 33rd megabyte of a tree', async () => {
    const page = `${'#'.repeat(1_000_000)}\n${RIGHT}`
    const desk = deskOf(Object.fromEntries(Array.from({ length: 35 }, (_, at) => [`${at}/etc/sysctl.conf`, page])))
    const { code, err } = await verify(desk)
    expect(code).toBe(2)
    expect(err).toContain('[tree/too-large-together]')
  })
})

describe('files of a machine are read', () => {
  it('at any depth', async () => {
    const deep = 'x/'.repeat(100)
    expect(await verify(deskOf({ 'etc/sysctl.d/1.conf': RIGHT, [`${deep}etc/sysctl.d/1.conf`]: WRONG }))).toEqual(DRIFT)
  })

  it.skipIf(process.platform !== 'linux')('with names that are not UTF-8', async () => {
    const desk = deskOf({ 'etc/sysctl.d/1.conf': RIGHT })
    const folder = Buffer.from(join(desk.folder, 'm/etc/sysctl.d/'))
    for (const byte of [0xfe, 0xff])
      writeFileSync(Buffer.concat([folder, Buffer.from([byte]), Buffer.from('.conf')]), values(byte))
    const { code, err } = await verify(desk)
    expect(code).toBe(1)
    for (const name of ['1', 'þ']) expect(err).toContain(`etc/sysctl.d/${name}.conf:1:31: warning`)
    expect(err).toContain('is set again in etc/sysctl.d/ÿ.conf, line 1, which decides')
  })
})

describeWithOracle('a pipe among the files of a machine', missingPrograms('mkfifo'), () => {
  it('is an error, and is not waited for', async () => {
    const desk = deskOf({ 'etc/sysctl.d/1.conf': RIGHT })
    run('mkfifo', [join(desk.folder, 'm/etc/sysctl.d/9.conf')])
    expect(await verify(desk)).toMatchObject({
      code: 2,
      err: expect.stringContaining('m/etc/sysctl.d/9.conf: error: this was not read') as string,
    })
  })
})

const NOBODY = 65_534

/** Works at a desk as a user without rights, for whom the mode of a file counts. */
async function asNobody<Value>(desk: Desk, work: () => Promise<Value>): Promise<Value> {
  if (process.geteuid?.() !== 0) return work()
  chmodSync(dirname(desk.folder), 0o711)
  chmodSync(desk.folder, 0o755)
  process.seteuid?.(NOBODY)
  try {
    return await work()
  } finally {
    process.seteuid?.(0)
  }
}

describe.skipIf(process.platform === 'win32')('without permission', () => {
  it.each([
    ['a folder', 'm/root', 0o700],
    ['a folder whose names can be read', 'm/root', 0o744],
    ['a folder of settings', 'm/run/sysctl.d', 0],
    ['a file', 'm/usr/lib/sysctl.d/9.conf', 0],
  ])('%s is an error of verify, and import goes on without it', async (_what, path, mode) => {
    const desk = deskOf({
      'etc/sysctl.d/1.conf': RIGHT,
      'root/etc/sysctl.d/9.conf': '',
      'run/sysctl.d/9.conf': '',
      'usr/lib/sysctl.d/9.conf': '',
    })
    chmodSync(join(desk.folder, path), mode)
    const { checked, imported } = await asNobody(desk, async () => ({
      checked: await verify(desk),
      imported: await desk.type('import m'),
    }))
    expect(checked).toMatchObject({ code: 2, out: '' })
    expect(checked.err).toMatch(new RegExp(`^${path}(?:/etc)?: error: .*permission denied.* \\[tree/denied\\]\\n$`))
    expect(imported).toMatchObject({ code: 0, out: 'name: m\nidle: 20s\ninterval: 5s\ntargets:\n  - linux\n' })
    expect(imported.err).toMatch(new RegExp(`^${path}(?:/etc)?: warning: .* \\[tree/denied\\]\\n$`))
  })

  it('a folder among outputs ends verify, since it may be one of them', async () => {
    const desk = new Desk({ 'line4.yaml': LINE4 })
    await desk.type('generate line4.yaml -t linux --out m')
    mkdirSync(join(desk.folder, 'm/line5'), { mode: 0 })
    expect((await asNobody(desk, () => verify(desk))).code).toBe(3)
  })
})
