import {
  lstatSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { sha256 } from '#checksums'
import { deviceKey } from '../../src/fleet/device.ts'
import { unzip } from '../../src/formats/zip/unzip.ts'
import { Desk } from '../support/cli.ts'
import { filesIn, stampsIn } from '../support/folders.ts'
import { run } from '../support/oracle.ts'

const PLANT = `name,profile,targets,idle,interval,site
plc-1,packaging,windows-ce,,,hall-3
plc-2,packaging,,,,hall-3
PLC-3,packaging,windows-xp,9s,,hall-4
plc-4,,windows-ce,20s,5s,hall-4
plc-5,,windows-ce,20s,5s,hall-4
plc-6,preset:beckhoff,windows-ce,,,
`
const FILES = {
  'plant.csv': PLANT,
  'packaging.yaml': 'name: packaging\nextends: base.yaml\ntargets: [windows-ce, windows-xp]\n',
  'base.yaml': 'idle: 20s\ninterval: 5s\n',
}

/** The first digits of the SHA-256 of a device's profile.yaml. */
function settingsIn(desk: Desk, device: string): string {
  const path = join(desk.folder, 'out', `${device}.zip`)
  const source = unzip(readFileSync(path), path).entries.find((entry) => entry.path.endsWith('/profile.yaml'))
  return sha256(source?.bytes ?? '').slice(0, 12)
}

const summaryOf = ({ err }: { readonly err: string }) => err.trimEnd().split('\n').at(-1)

async function plant(files: Readonly<Record<string, string>> = FILES): Promise<{ desk: Desk; out: string }> {
  const desk = new Desk(files)
  const { code } = await desk.type('fleet plant.csv')
  expect(code).toBe(0)
  return { desk, out: join(desk.folder, 'out') }
}

describe('fleet', () => {
  it('makes a zip for each device, a lock, and an index', async () => {
    const desk = new Desk(FILES)
    expect(await desk.type('fleet plant.csv')).toEqual({
      code: 0,
      out: 'out/keepalive.lock.json\nout/devices.csv\n',
      err: '6 devices: 6 new; 5 kinds of zip\n',
    })
    expect(desk.files().filter((path) => path.startsWith('out/'))).toEqual(
      [
        'PLC-3.zip',
        'devices.csv',
        'keepalive.lock.json',
        'plc-1.zip',
        'plc-2.zip',
        'plc-4.zip',
        'plc-5.zip',
        'plc-6.zip',
      ].map((name) => `out/${name}`),
    )
    const index = readFileSync(join(desk.folder, 'out/devices.csv'), 'utf8')
    const digest = (name: string) => run('sha256sum', [join(desk.folder, 'out', name)]).stdout.slice(0, 64)
    expect(index).toBe(
      `device,zip,sha256,folder\n${[
        ['PLC-3', 'packaging'],
        ['plc-1', 'packaging'],
        ['plc-2', 'packaging'],
        ['plc-4', 'plant'],
        ['plc-5', 'plant'],
        ['plc-6', 'beckhoff'],
      ]
        .map(
          ([name = '', profile]) =>
            `${name},${name}.zip,${digest(`${name}.zip`)},${profile}-${settingsIn(desk, name)}\n`,
        )
        .join('')}`,
    )
    expect(readFileSync(join(desk.folder, 'out/keepalive.lock.json'), 'utf8')).toMatch(
      /"PLC-3\/windows-xp": \{"idle":"9s","interval":"5s","sha256":"[0-9a-f]{64}"\},\n {4}"plc-1\/windows-ce": \{"idle":"20s",/,
    )
  })

  it('makes the same files as bundle, in a folder that no other settings have', async () => {
    const { desk, out } = await plant()
    writeFileSync(
      join(desk.folder, 'same.yaml'),
      'name: packaging\nidle: 20s\ninterval: 5s\ntargets:\n  - windows-ce\n',
    )
    await desk.type('bundle same.yaml --out alone')
    const filesOf = (path: string) => {
      const { entries } = unzip(readFileSync(path), path)
      return entries.map((entry) => [entry.path.split('/').slice(1).join('/'), entry.mode, sha256(entry.bytes)])
    }
    expect(filesOf(join(out, 'plc-1.zip'))).toEqual(filesOf(join(desk.folder, 'alone/packaging.zip')))
  })

  it('makes zips that verify accepts, and a lock that diff reads', async () => {
    const { desk } = await plant()
    expect(await desk.type('verify out --quiet')).toMatchObject({ code: 0 })
    writeFileSync(join(desk.folder, 'plant.csv'), PLANT.replace('9s', '12s'))
    await desk.type('fleet plant.csv --out later')
    const { code, out } = await desk.type('diff out/keepalive.lock.json later/keepalive.lock.json --quiet')
    expect(code).toBe(1)
    expect(out).toContain('KeepAliveTime  9000 ms (9 s, 0x2328) -> 12000 ms (12 s, 0x2ee0)')
  })

  it('makes folders that diff compares device by device', async () => {
    const { desk } = await plant()
    writeFileSync(join(desk.folder, 'plant.csv'), PLANT.replace('9s', '12s'))
    await desk.type('fleet plant.csv --out later')
    const { out } = await desk.type('diff out later --quiet')
    expect(out).toContain('PLC-3 on windows-xp:\n  KeepAliveTime  9000 ms')
    expect(out).not.toContain('plc-1')
  })

  it('writes the zip of devices with equal settings once', async () => {
    const { out } = await plant()
    const inode = (name: string) => lstatSync(join(out, name)).ino
    expect(inode('plc-4.zip')).toBe(inode('plc-5.zip'))
    expect(new Set(['plc-1', 'plc-2', 'PLC-3', 'plc-4', 'plc-6'].map((name) => inode(`${name}.zip`))).size).toBe(5)
  })

  it('touches nothing in a second run without changes', async () => {
    const { desk, out } = await plant()
    const before = stampsIn(out)
    expect(await desk.type('fleet plant.csv')).toMatchObject({ code: 0, err: '6 devices: 6 same; 5 kinds of zip\n' })
    expect(stampsIn(out)).toEqual(before)
  })

  it('writes only changed zips, even of devices that shared a zip', async () => {
    const { desk, out } = await plant()
    const before = stampsIn(out)
    writeFileSync(join(desk.folder, 'plant.csv'), PLANT.replace('plc-4,,windows-ce,20s', 'plc-4,,windows-ce,30s'))
    expect(summaryOf(await desk.type('fleet plant.csv'))).toBe('6 devices: 1 changed, 5 same; 6 kinds of zip')
    const changed = Object.entries(stampsIn(out)).filter(([name, stamp]) => before[name] !== stamp)
    expect(changed.map(([name]) => name)).toEqual(['devices.csv', 'keepalive.lock.json', 'plc-4.zip'])
  })

  it('gives the same answer and files for any order of the devices', async () => {
    const { out } = await plant()
    const [header, ...rows] = PLANT.trimEnd().split('\n')
    const other = await plant({ ...FILES, 'plant.csv': [header, ...rows.toReversed()].join('\n') })
    expect(filesIn(other.out)).toEqual(filesIn(out))
  })

  it('changes no lines of other devices when one is added', async () => {
    const { desk, out } = await plant()
    const lock = readFileSync(join(out, 'keepalive.lock.json'), 'utf8').split('\n')
    writeFileSync(join(desk.folder, 'plant.csv'), `${PLANT}plc-10,,windows-ce,20s,5s,\n`)
    expect(summaryOf(await desk.type('fleet plant.csv'))).toBe('7 devices: 1 new, 6 same; 5 kinds of zip')
    const now = readFileSync(join(out, 'keepalive.lock.json'), 'utf8').split('\n')
    expect(now.filter((line) => !lock.includes(line))).toEqual([expect.stringContaining('"plc-10/windows-ce"')])
    expect(lock.filter((line) => !now.includes(line))).toEqual([])
  })

  it('gives a new device of known settings another name of the existing zip', async () => {
    const { desk, out } = await plant()
    const inode = (name: string) => lstatSync(join(out, name)).ino
    const before = inode('plc-5.zip')
    writeFileSync(join(desk.folder, 'plant.csv'), `${PLANT}plc-10,,windows-ce,20s,5s,\n`)
    await desk.type('fleet plant.csv')
    expect([inode('plc-10.zip'), inode('plc-5.zip')]).toEqual([before, before])
  })
})

describe('a removed device', () => {
  const WITHOUT = PLANT.replace(/plc-6.*\n/, '')

  it('loses its zip and its lines', async () => {
    const { desk, out } = await plant()
    writeFileSync(join(desk.folder, 'plant.csv'), WITHOUT)
    expect(summaryOf(await desk.type('fleet plant.csv --remove'))).toBe('5 devices: 5 same, 1 removed; 4 kinds of zip')
    const fresh = await plant({ ...FILES, 'plant.csv': WITHOUT })
    expect(filesIn(out)).toEqual(filesIn(fresh.out))
  })

  it('keeps its zip if somebody changed it, with a warning', async () => {
    const { desk, out } = await plant()
    writeFileSync(join(out, 'plc-6.zip'), 'mine')
    writeFileSync(join(desk.folder, 'plant.csv'), WITHOUT)
    const { code, err } = await desk.type('fleet plant.csv --remove')
    expect(code).toBe(0)
    expect(err).toContain('out/plc-6.zip belongs to a device that is no longer in the fleet, but it was changed since')
    expect(readFileSync(join(out, 'plc-6.zip'), 'utf8')).toBe('mine')
  })
})

describe('zips of no device', () => {
  it('are named by --check: of a device whose name changed its case, and of a killed run; foreign files are not', async () => {
    const { desk, out } = await plant()
    writeFileSync(join(out, 'plc-9.zip'), readFileSync(join(out, 'plc-1.zip')))
    writeFileSync(join(out, 'notes.zip'), 'mine')
    expect((await desk.type('fleet plant.csv')).code).toBe(0)
    const { code, err } = await desk.type('fleet plant.csv --check --quiet')
    expect({ code, err }).toEqual({
      code: 1,
      err: 'out/plc-9.zip: error: is of no device of the fleet; remove it [output/differs]\n',
    })
    rmSync(join(out, 'plc-9.zip'))
    writeFileSync(join(desk.folder, 'plant.csv'), PLANT.replace('PLC-3', 'plc-3'))
    await desk.type('fleet plant.csv')
    expect((await desk.type('fleet plant.csv --check --quiet')).err).toBe(
      'out/PLC-3.zip: error: is of no device of the fleet; remove it [output/differs]\n',
    )
  })
})

describe('a profile that cannot be read', () => {
  it.each([
    ['in a loop of links', 'loop.yaml', 'loop.yaml: the links in the path lead in a circle'],
    ['with a name that is too long', `${'x'.repeat(300)}.yaml`, 'the path is too long'],
    ['that extends one in a loop', 'above.yaml', 'loop.yaml: the links in the path lead in a circle'],
  ])('%s is a problem of its devices only', async (_, profile, words) => {
    const desk = new Desk({
      ...FILES,
      'plant.csv': PLANT.replace('preset:beckhoff', profile),
      'above.yaml': 'name: a\nextends: loop.yaml\n',
    })
    symlinkSync('loop.yaml', join(desk.folder, 'loop.yaml'))
    const { code, err } = await desk.type('fleet plant.csv')
    expect({ code, summary: summaryOf({ err }) }).toEqual({
      code: 1,
      summary: '6 devices: 5 new, 1 failed; 4 kinds of zip',
    })
    expect(err).toContain(words)
  })
})

describe('zips of several devices', () => {
  it('unpack side by side: each folder has the settings of one', async () => {
    const { desk, out } = await plant({
      ...FILES,
      'plant.csv': PLANT.replace('plc-2,packaging,,,', 'plc-2,packaging,windows-ce,10s,'),
    })
    for (const name of ['plc-1', 'plc-2', 'plc-4', 'plc-5'])
      for (const { path, bytes } of unzip(readFileSync(join(out, `${name}.zip`)), name).entries) {
        mkdirSync(join(desk.folder, 'stick', path, '..'), { recursive: true })
        writeFileSync(join(desk.folder, 'stick', path), bytes)
      }
    expect(readdirSync(join(desk.folder, 'stick'))).toHaveLength(3)
    expect((await desk.type('verify stick --quiet')).code).toBe(0)
  })

  it('say at the top of README.txt which settings they hold', async () => {
    const { desk } = await plant({
      ...FILES,
      'plant.csv': `name,profile,tcbsd.idle,path,detect\na,packaging,,,\nb,packaging,9s,azure-lb,5min\n`,
      'packaging.yaml': 'name: packaging\nidle: 20s\ninterval: 5s\ntargets: [tcbsd]\n',
    })
    const lines = ['a', 'b'].map((name) => {
      const { entries } = unzip(readFileSync(join(desk.folder, `out/${name}.zip`)), name)
      const readme = entries.find(({ path }) => path.endsWith('/README.txt'))
      return Buffer.from(readme?.bytes ?? '')
        .toString('utf8')
        .split('\r\n')
        .slice(1, 3)
    })
    expect(lines).toEqual([
      ['Settings: idle 20s, interval 5s', ''],
      ['Settings: detect 5min, path azure-lb, idle 20s, interval 5s', '  tcbsd: idle 9s'],
    ])
  })
})

describe('fleet --stick', () => {
  const stickOf = (desk: Desk) => desk.files().filter((path) => path.startsWith('stick/'))

  it('unpacks the bundles of the chosen devices, equal ones once, and leads from each device to its folder', async () => {
    const desk = new Desk(FILES)
    const { code, out } = await desk.type('fleet plant.csv --select site:hall-4 --stick stick')
    expect(code).toBe(0)
    const [xp, ce] = [`packaging-${settingsIn(desk, 'PLC-3')}`, `plant-${settingsIn(desk, 'plc-4')}`]
    expect(out).toBe(`out/keepalive.lock.json\nout/devices.csv\nstick/${xp}\nstick/${ce}\nstick/START-HERE.txt\n`)
    expect(new Set(stickOf(desk).map((path) => path.split('/')[1]))).toEqual(new Set(['START-HERE.txt', xp, ce]))
    expect((await desk.type('verify stick --quiet')).code).toBe(0)
    const start = readFileSync(join(desk.folder, 'stick/START-HERE.txt'), 'utf8')
    expect(start).toMatch(/^\ufeff(?:[ -~]*\r\n)+$/)
    expect(
      start
        .split('\r\n')
        .slice(6, -1)
        .map((line) => line.trim().split(/ {2,}/)),
    ).toEqual([
      ['device', 'system', 'folder'],
      ['PLC-3', 'windows-xp', `${xp}\\windows-xp`],
      ['plc-4', 'windows-ce', `${ce}\\windows-ce`],
      ['plc-5', 'windows-ce', `${ce}\\windows-ce`],
    ])
  })

  it('touches nothing that is right in a second run, and names folders of other runs', async () => {
    const desk = new Desk(FILES)
    await desk.type('fleet plant.csv --stick stick')
    const before = stampsIn(join(desk.folder, 'stick'))
    await desk.type('fleet plant.csv --stick stick')
    const unlessStart = (stamps: ReturnType<typeof stampsIn>) =>
      Object.entries(stamps).filter(([name]) => name !== 'START-HERE.txt')
    expect(unlessStart(stampsIn(join(desk.folder, 'stick')))).toEqual(unlessStart(before))
    const { code, err } = await desk.type('fleet plant.csv --select plc-1 --stick stick')
    expect(code).toBe(0)
    expect(err).toContain('which START-HERE.txt does not name; remove what no device needs [fleet/stick-others]')
  })

  it.each([
    ['a foreign START-HERE.txt', 'START-HERE.txt', 'stick holds START-HERE.txt, which keepalive-kit did not write'],
    [
      'a foreign file in a folder of settings',
      'FOLDER/notes.txt',
      'holds notes.txt but no manifest.json from keepalive-kit',
    ],
    ['a file where a folder would be', 'FOLDER', 'is a file; move it away'],
  ])('leaves the stick as it is with %s', async (_, name, words) => {
    const desk = new Desk(FILES)
    await desk.type('fleet plant.csv')
    const path = join(desk.folder, 'stick', name.replace('FOLDER', `packaging-${settingsIn(desk, 'plc-1')}`))
    mkdirSync(join(path, '..'), { recursive: true })
    writeFileSync(path, 'mine')
    const before = stickOf(desk)
    const { code, err } = await desk.type('fleet plant.csv --stick stick')
    expect(code).toBe(1)
    expect(err).toContain(words)
    expect(stickOf(desk)).toEqual(before)
    expect(readFileSync(path, 'utf8')).toBe('mine')
  })

  it('leaves the stick as it is with a folder of gigabytes', async () => {
    const desk = new Desk(FILES)
    await desk.type('fleet plant.csv --stick stick')
    const image = join(desk.folder, 'stick', `packaging-${settingsIn(desk, 'plc-1')}`, 'backup.img')
    writeFileSync(image, '')
    truncateSync(image, 8 * 1024 ** 3)
    const { code, err } = await desk.type('fleet plant.csv --stick stick')
    expect(code).toBe(1)
    expect(err).toContain('[output/too-large]')
    expect(lstatSync(image).size).toBe(8 * 1024 ** 3)
  })

  it.each(['--check', '--dry-run'])('cannot be given with %s', async (option) => {
    const { code, err } = await new Desk(FILES).type(`fleet plant.csv --stick stick ${option}`)
    expect({ code, err }).toMatchObject({ code: 2, err: expect.stringContaining('--stick') as string })
  })
})

describe('a file that is no profile', () => {
  it.each([
    ['a list of users', 'root:x:0:0:hunter2:/root:/bin/bash\n'],
    ['secrets', 'name: database\npassword: hunter2\n'],
    ['broken YAML', 'password: "hunter2\n'],
  ])('shows no line of %s', async (_, text) => {
    const desk = new Desk({ 'plant.csv': 'name,profile\nplc-1,./secret\n', secret: text })
    const { code, err } = await desk.type('fleet plant.csv')
    expect(code).toBe(1)
    expect(err).toContain('the profile "./secret" cannot be used: secret has no key of a profile, such as idle')
    expect(err).not.toContain('hunter2')
  })

  it('may be one with a name only, if each device has its values', async () => {
    const desk = new Desk({
      'plant.csv': 'name,profile,idle,interval\nplc-1,line,20s,5s\n',
      'line.yaml': 'name: line\n',
    })
    expect((await desk.type('fleet plant.csv')).code).toBe(0)
  })
})

describe('a run that would remove more than a tenth of the fleet', () => {
  const fleetOf = (count: number) =>
    `name,profile\n${Array.from({ length: count }, (_, at) => `d${at},packaging\n`).join('')}`

  it.each([
    [20, 19, 'removes one of twenty', undefined],
    [20, 18, 'removes two of twenty', undefined],
    [
      20,
      17,
      'wants --remove for three of twenty',
      'would delete 3 of the 20 zips of earlier runs, since the fleet no longer has these devices: d17, d18, d19; if that is right, add --remove',
    ],
    [20, 1, 'wants --remove for a table that was cut off', 'would delete 19 of the 20 zips'],
    [6, 5, 'wants --remove for one of six', 'since the fleet no longer has this device: d5;'],
  ])('%i to %i: %s', async (before, after, _, refusal) => {
    const { desk, out } = await plant({ ...FILES, 'plant.csv': fleetOf(before) })
    writeFileSync(join(desk.folder, 'plant.csv'), fleetOf(after))
    const old = filesIn(out)
    const planned = await desk.type('fleet plant.csv --dry-run')
    expect(planned.out.match(/^removed /gm)).toHaveLength(before - after)
    const { code, err } = await desk.type('fleet plant.csv')
    expect(code).toBe(refusal === undefined ? 0 : 1)
    if (refusal === undefined) return
    expect(err).toContain(refusal)
    expect(filesIn(out)).toEqual(old)
    expect((await desk.type('fleet plant.csv --remove')).code).toBe(0)
    expect(Object.keys(filesIn(out)).filter((name) => name.endsWith('.zip'))).toHaveLength(after)
  })

  it('is refused for a table with its first line only, even with --remove', async () => {
    const { desk, out } = await plant()
    writeFileSync(join(desk.folder, 'plant.csv'), 'name,profile\n')
    const old = filesIn(out)
    const { code, err } = await desk.type('fleet plant.csv --remove')
    expect(code).toBe(1)
    expect(err).toContain('there are no devices; below its first line, each line of a table is one device')
    expect(filesIn(out)).toEqual(old)
  })
})

describe('a foreign file', () => {
  it('stays beside the zips', async () => {
    const desk = new Desk({ ...FILES, 'out/notes.txt': 'mine', 'out/old/plc-9.zip': 'mine', 'out/plc-99.zip': 'mine' })
    expect((await desk.type('fleet plant.csv')).code).toBe(0)
    for (const name of ['notes.txt', 'old/plc-9.zip', 'plc-99.zip'])
      expect(readFileSync(join(desk.folder, 'out', name), 'utf8')).toBe('mine')
  })

  it.each([
    ['a file', (path: string) => writeFileSync(path, 'mine'), 'output/foreign-zip'],
    ['gigabytes', (path: string) => (writeFileSync(path, ''), truncateSync(path, 8 * 1024 ** 3)), 'output/foreign-zip'],
    ['a folder', (path: string) => mkdirSync(path), 'output/in-the-way'],
    ['a link', (path: string) => symlinkSync('elsewhere', path), 'output/in-the-way'],
  ])('stays in the place of a zip: %s; other devices get their zips', async (_, put, code) => {
    const desk = new Desk({ ...FILES, 'out/x.txt': '' })
    put(join(desk.folder, 'out/plc-4.zip'))
    const before = lstatSync(join(desk.folder, 'out/plc-4.zip'))
    const answer = await desk.type('fleet plant.csv')
    expect(answer.code).toBe(1)
    expect(answer.err).toContain(`[${code}]`)
    expect(summaryOf(answer)).toBe('6 devices: 5 new, 1 failed; 5 kinds of zip')
    expect(lstatSync(join(desk.folder, 'out/plc-4.zip')).ino).toBe(before.ino)
    // It would have shared that zip.
    expect((await desk.type('verify out/plc-5.zip')).code).toBe(0)
  })

  it('differs from a zip of the kit without an index, as a killed run leaves', async () => {
    const { desk, out } = await plant()
    rmSync(join(out, 'devices.csv'))
    rmSync(join(out, 'keepalive.lock.json'))
    writeFileSync(join(desk.folder, 'plant.csv'), PLANT.replace('9s', '12s'))
    expect(summaryOf(await desk.type('fleet plant.csv'))).toBe('6 devices: 1 changed, 5 same; 5 kinds of zip')
  })
})

describe('a device with an error', () => {
  const WRONG = PLANT.replace('9s', '9')

  it('keeps its old zip and lines, and does not stop the others', async () => {
    const { desk, out } = await plant()
    const before = filesIn(out)
    writeFileSync(join(desk.folder, 'plant.csv'), WRONG)
    const answer = await desk.type('fleet plant.csv')
    expect(answer).toMatchObject({ code: 1, out: 'out/keepalive.lock.json\nout/devices.csv\n' })
    expect(answer.err).toBe(
      'plant.csv:4: error: idle has no unit; write 9s for seconds or 9ms for milliseconds [profile/unit-missing]\n6 devices: 5 same, 1 failed; 4 kinds of zip\n',
    )
    expect(filesIn(out)).toEqual(before)
  })

  it('is reported once if the error is in its profile, for any number of devices', async () => {
    const desk = new Desk({ ...FILES, 'base.yaml': 'idle: 20\ninterval: 5s\n' })
    const { err } = await desk.type('fleet plant.csv')
    expect(err.match(/profile\/unit-missing/g)).toHaveLength(1)
    expect(err).toContain('base.yaml:1:7: error: idle has no unit')
    expect(summaryOf({ err })).toBe('6 devices: 4 new, 2 failed; 3 kinds of zip')
  })

  it('may be two of one name, in any case: neither is made', async () => {
    const desk = new Desk({ ...FILES, 'plant.csv': `${PLANT}PLC-1,packaging,,,,\n` })
    const { code, err } = await desk.type('fleet plant.csv')
    expect(code).toBe(1)
    expect(err).toContain('plant.csv:8: error: PLC-1 is in line 2 already')
    expect(desk.files().some((path) => deviceKey(path) === 'out/plc-1.zip')).toBe(false)
  })

  it('may be two of one name in one line of a document', async () => {
    const twice = '{"devices": [{"name":"a","idle":"5s","interval":"5s"}, {"name":"A","idle":"5s","interval":"5s"}]}'
    const { code, err } = await new Desk({ 'plant.json': twice }).type('fleet plant.json')
    expect(code).toBe(1)
    expect(err).toContain('plant.json:1:64: error: A is in line 1 already')
  })

  it.each([
    [
      'a missing profile',
      'a,nope,linux,,,',
      'the profile "nope" cannot be used: there is no file "nope.yaml" [fleet/no-profile]',
    ],
    ['an unknown preset', 'a,preset:bekhoff,linux,,,', 'did you mean beckhoff?'],
    ['no profile and no times', 'a,,linux,,,', 'idle is missing'],
    ['a time that its target cannot hold', 'a,,linux,1500ms,5s,', 'cannot hold 1500ms exactly'],
    ['an unknown target', 'a,packaging,linuks,,,', 'there is no target "linuks"; did you mean linux?'],
    ['the name of a system', 'a,packaging,Debian,,,', 'there is no target "Debian"; write linux (Beckhoff RT Linux,'],
  ])('has %s', async (_, row, words) => {
    const desk = new Desk({ ...FILES, 'plant.csv': `name,profile,targets,idle,interval,site\n${row}\n` })
    const { code, err } = await desk.type('fleet plant.csv')
    expect(code).toBe(1)
    expect(err).toContain('plant.csv:2: error: ')
    expect(err).toContain(words)
  })

  it('stops everything if the list of devices is not known', async () => {
    const desk = new Desk({ ...FILES, 'plant.csv': `${PLANT}"plc-7,packaging\n` })
    const { code, err } = await desk.type('fleet plant.csv')
    expect(code).toBe(1)
    expect(err).toMatch(/^plant\.csv:8: error: this line is not CSV: a quote opens a cell here and none closes it/)
    expect(desk.files().filter((path) => path.startsWith('out/'))).toEqual([])
  })

  it(
    'among a hundred thousand is reported in one screen, and in JSON as one line each',
    { timeout: 240_000 },
    async () => {
      const wrong = ['20,5s,linux', '1500ms,5s,linux', '20s,5s,linuks', '20s,,linux', '20s,0s,linux']
      const rows = Array.from(
        { length: 100_000 },
        (_, index) =>
          `d${String(index).padStart(6, '0')},${index % 100 === 0 ? wrong[(index / 100) % 5] : '20s,5s,linux'}`,
      )
      const desk = new Desk({ 'plant.csv': `name,idle,interval,targets\n${rows.join('\n')}\n` })
      const text = await desk.type('fleet plant.csv --dry-run --select d*00')
      expect(text.code).toBe(1)
      expect(text.err.split('\n').length).toBeLessThan(25)
      expect(text.err.match(/and 199 more like it, in lines \d+(?:, \d+){4} and so on/g)).toHaveLength(5)
      expect(text.err).toContain('1000 devices: 1000 failed')
      const json = await desk.type('fleet plant.csv --dry-run --select d*00 --format json')
      const lines = json.out
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as { diagnostic?: { line: number } })
      expect(lines.filter(({ diagnostic }) => diagnostic !== undefined)).toHaveLength(1000)
      expect(lines.at(-1)).toEqual({ summary: { new: 0, changed: 0, same: 0, failed: 1000, removed: 0, bundles: 0 } })
    },
  )
})

describe('fleet --check and --dry-run', () => {
  it('write nothing', async () => {
    const desk = new Desk(FILES)
    const dry = await desk.type('fleet plant.csv --dry-run')
    expect(dry.code).toBe(0)
    expect(dry.out.split('\n')[0]).toBe('new      out/plc-1.zip')
    const checked = await desk.type('fleet plant.csv --check')
    expect(checked.code).toBe(1)
    expect(checked.err).toContain('out/plc-1.zip: error: is missing; run fleet without --check [output/differs]')
    expect(desk.files().filter((path) => path.startsWith('out/'))).toEqual([])
  })

  it('find the written zips unchanged, until a byte differs', async () => {
    const { desk, out } = await plant()
    expect(await desk.type('fleet plant.csv --check')).toMatchObject({ code: 0, out: '' })
    const zip = readFileSync(join(out, 'plc-2.zip'))
    zip[1000] = (zip[1000] ?? 0) ^ 1
    writeFileSync(join(out, 'plc-2.zip'), zip)
    const { code, err } = await desk.type('fleet plant.csv --check')
    expect(code).toBe(1)
    expect(err).toContain('out/plc-2.zip: error: is not what the fleet says')
    expect(summaryOf(await desk.type('fleet plant.csv'))).toBe('6 devices: 1 changed, 5 same; 5 kinds of zip')
    expect((await desk.type('verify out --quiet')).code).toBe(0)
  })
})

describe('fleet --select', () => {
  it('leaves the other devices and their lines unchanged', async () => {
    const { desk, out } = await plant()
    const before = filesIn(out)
    writeFileSync(join(desk.folder, 'base.yaml'), 'idle: 30s\ninterval: 5s\n')
    expect(summaryOf(await desk.type('fleet plant.csv --select tag:hall-3'))).toBe(
      '2 devices: 2 changed; 2 kinds of zip',
    )
    const now = filesIn(out)
    expect(Object.keys(now).filter((name) => now[name] !== before[name])).toEqual([
      'devices.csv',
      'keepalive.lock.json',
      'plc-1.zip',
      'plc-2.zip',
    ])
    expect(now['keepalive.lock.json']).toContain('"plc-6/windows-ce"')
  })

  it('takes several values', async () => {
    const desk = new Desk(FILES)
    expect(
      summaryOf(await desk.type('fleet plant.csv -n --select tag:hall-3,tag:hall-4 --select target:windows-xp')),
    ).toContain('dry run')
    const { out } = await desk.type('fleet plant.csv -n --select tag:hall-3,tag:hall-4 --select target:windows-xp')
    expect(out).toBe('new      out/plc-2.zip\nnew      out/PLC-3.zip\n')
  })

  it('takes a site with a blank, which is a tag too', async () => {
    const desk = new Desk({ ...FILES, 'plant.csv': PLANT.replaceAll('hall-3', 'Hall 3') })
    for (const kind of ['site', 'tag']) {
      const { code, out } = await desk.type(['fleet', 'plant.csv', '-n', '--select', `${kind}:Hall 3`])
      expect({ code, out }).toEqual({ code: 0, out: 'new      out/plc-1.zip\nnew      out/plc-2.zip\n' })
    }
  })

  it('reports the problems of a device whose targets are not known because of them', async () => {
    const desk = new Desk({ ...FILES, 'plant.csv': PLANT.replace('9s', '9') })
    const { code, err } = await desk.type('fleet plant.csv -n --select target:windows-xp')
    expect(code).toBe(1)
    expect(err).toContain('plant.csv:4: error:')
  })

  it.each([
    ['tag:hal-3', 'fits no device; did you mean hall-3? This fleet has the tags critical; the sites hall-3, hall-4'],
    ['tag:nix', 'fits no device; this fleet has the tags critical; the sites hall-3, hall-4'],
    ['site:critical', 'fits no device; this fleet has the tags critical; the sites hall-3, hall-4'],
    ['zzz*', 'fits no device; this fleet has'],
    ['plc-1,zzz*', '--select "zzz*" fits no device'],
    ['target:linux', '--select "target:linux" fits no device'],
    ['tag:critical --select tag:hall-4', 'no device fits --select "tag:critical" and --select "tag:hall-4" at once'],
  ])('refuses %s, and writes nothing', async (select, words) => {
    const tagged = PLANT.replace('site\n', 'site,tags\n').replace('hall-3\n', 'hall-3,critical\n')
    const desk = new Desk({ ...FILES, 'plant.csv': tagged })
    const { code, err } = await desk.type(`fleet plant.csv --select ${select}`)
    expect(code).toBe(2)
    expect(err).toContain(words)
    expect(desk.files().filter((path) => path.startsWith('out/'))).toEqual([])
  })
})

describe('two runs on one folder', () => {
  const other = String(process.ppid)

  it.each([
    ['of all', '.keepalive-kit-run', 'fleet plant.csv'],
    ['of a whole fleet beside a shard', '.keepalive-kit-run-1-of-2', 'fleet plant.csv'],
    ['of a shard beside the whole fleet', '.keepalive-kit-run', 'fleet plant.csv --shard 1/2'],
    ['of one shard', '.keepalive-kit-run-1-of-2', 'fleet plant.csv --shard 1/2'],
    ['of other shards', '.keepalive-kit-run-1-of-3', 'fleet plant.csv --shard 1/2'],
    ['of merge beside a shard', '.keepalive-kit-run-1-of-2', 'merge out'],
  ])('%s exclude each other', async (_, lock, line) => {
    const desk = new Desk({ ...FILES, [`out/${lock}`]: `${other}\n` })
    const { code, err } = await desk.type(line)
    expect(code).toBe(3)
    expect(err).toContain(`another run, with pid ${other}, is writing there`)
    expect(desk.files().filter((path) => path.startsWith('out/'))).toEqual([`out/${lock}`])
  })

  it('of two shards run side by side', async () => {
    const desk = new Desk({ ...FILES, 'out/.keepalive-kit-run-1-of-2': `${other}\n` })
    expect((await desk.type('fleet plant.csv --shard 2/2')).code).toBe(0)
  })

  it.each([
    ['was killed', '999999999'],
    ['was killed, and another program has its number', `${other} 7`],
    ['was killed in a container, where it had the same number', `${process.pid} 7`],
  ])('are possible one after the other if the first %s', async (_, mark) => {
    const desk = new Desk({
      ...FILES,
      'out/.keepalive-kit-run': `${mark}\n`,
      'out/.plc-1.zip.keepalive-kit-new-999999999': 'half',
    })
    expect((await desk.type('fleet plant.csv')).code).toBe(0)
    expect(desk.files().filter((path) => path.startsWith('out/.'))).toEqual([])
  })
})

describe('Wrong usage', () => {
  it.each([
    ['fleet nope.csv', 'there is no file "nope.csv"'],
    ['fleet out', '"out" is a folder'],
    ['fleet plant.csv --shard 3/2', '--shard "3/2" is no shard; write for example 2/7'],
    ['fleet plant.csv --select target:linuks', 'there is no target "linuks"; did you mean linux?'],
    ['fleet plant.csv --select target:win10', 'there is no target "win10"; write windows (Windows Vista and later'],
    ['fleet', 'fleet: missing FLEET'],
  ])('%s', async (line, words) => {
    const { code, err } = await new Desk({ ...FILES, 'out/x': '' }).type(line)
    expect(code).toBe(2)
    expect(err).toContain(words)
  })
})
