import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { sha256 } from '#checksums'
import { createKit } from '../../src/index.ts'
import { Desk, LINE4 } from '../support/cli.ts'

const kit = await createKit()
const LINE5 = LINE4.replace('line4', 'line5').replace('20s', '30s')
const FILES = {
  'line4.yaml': LINE4,
  'line5.yaml': LINE5,
  'warned.yaml': `${LINE4}probes: 4\n`,
  'wrong.yaml': 'name: line4\nidle: 20\n',
  'plant.reg': `REGEDIT4\r\n\r\n[HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\Tcpip\\Parameters]\r\n"KeepAliveTime"=dword:30000\r\n"KeepAliveInterval"=dword:000003e8\r\n`,
  '60-plant.conf': 'net.ipv4.tcp_keepalive_time = 20\nnet.ipv4.tcp_keepalive_intvl = 6\n',
}
const desk = new Desk(FILES)
const answer = async (line: string) =>
  JSON.parse((await desk.type(`${line} --format json`)).out) as Readonly<Record<string, unknown>>
const fileOf = (path: keyof typeof FILES) => ({ path, bytes: FILES[path] })
/** Diagnostics as the command line's JSON has them. */
const asJson = (diagnostics: readonly { readonly source?: string }[]): unknown =>
  JSON.parse(JSON.stringify(diagnostics.map(({ source: _, ...one }) => one)))

describe('The library says what the command line says', () => {
  it.each(['line4.yaml', 'warned.yaml', 'wrong.yaml'] as const)('of %s: validate', async (path) => {
    const { diagnostics, profiles } = kit.check(fileOf(path))
    const told = await answer(`validate ${path}`)
    expect(asJson(diagnostics)).toEqual(told['diagnostics'])
    expect(profiles.map(({ name, targets }) => ({ file: path, name, targets }))).toEqual(told['profiles'])
  })

  it('generate', async () => {
    await desk.type('generate line4.yaml --quiet')
    const { files } = kit.generate(LINE4)
    expect(files.length).toBeGreaterThan(30)
    for (const { path, bytes } of files)
      expect(sha256(bytes), path).toBe(sha256(readFileSync(join(desk.folder, 'out', path))))
    const written = readdirSync(join(desk.folder, 'out/line4'), { recursive: true, withFileTypes: true })
    expect(written.filter((entry) => entry.isFile())).toHaveLength(files.length)
  })

  it('generate --check, after a file was edited and one was added', async () => {
    const made = new Desk({ 'line4.yaml': LINE4, 'changed.yaml': LINE5.replace('line5', 'line4') })
    await made.type('generate changed.yaml --quiet')
    writeFileSync(join(made.folder, 'out/line4/notes.txt'), 'mine\n')
    const found = kit.generate(LINE5.replace('line5', 'line4')).files
    const { changes } = kit.plan(LINE4, [...found, { path: 'line4/notes.txt', bytes: 'mine\n' }])
    const { diagnostics } = JSON.parse((await made.type('generate line4.yaml --check --format json')).out) as {
      diagnostics: readonly { readonly file: string }[]
    }
    const differs = changes.filter(({ kind }) => kind !== 'same').map(({ path }) => `out/${path}`)
    expect(differs).toEqual(diagnostics.map(({ file }) => file))
    expect(changes).toContainEqual({ kind: 'foreign', path: 'line4/notes.txt' })
  })

  it('bundle', async () => {
    await desk.type('bundle line4.yaml --quiet')
    const { name, zip = new Uint8Array() } = kit.bundle(LINE4)
    expect(sha256(zip)).toBe(sha256(readFileSync(join(desk.folder, 'out', name ?? ''))))
  })

  it('explain --policy', async () => {
    const { explanations, diagnostics } = kit.explain(fileOf('line4.yaml'), { policies: ['sap', 'beckhoff'] })
    const told = await answer('explain line4.yaml --policy sap --policy beckhoff')
    expect(JSON.parse(JSON.stringify(explanations))).toEqual(told['explanations'])
    expect(asJson(diagnostics)).toEqual(told['diagnostics'])
    expect(kit.text(explanations)).toBe((await desk.type('explain line4.yaml --policy sap --policy beckhoff')).out)
    expect(kit.page(explanations)).toBe(
      (await desk.type('explain line4.yaml --policy sap --policy beckhoff --format html')).out,
    )
  })

  it('lock', async () => {
    await desk.type('lock line4.yaml line5.yaml --quiet')
    const { lock } = kit.lock([LINE4, LINE5])
    expect(lock).toBe(readFileSync(join(desk.folder, 'keepalive.lock.json'), 'utf8'))
  })

  const SIDES = [
    ['line4.yaml', 'line5.yaml'],
    ['plant.reg', 'line4.yaml'],
    ['line4.yaml', '60-plant.conf'],
    ['preset:beckhoff', 'line4.yaml'],
    ['line4.yaml', 'line4.yaml'],
  ] as const
  const sideOf = (name: (typeof SIDES)[number][number]) => (name === 'preset:beckhoff' ? name : fileOf(name))

  it.each(SIDES)('diff %s %s, in every form', async (before, after) => {
    const { difference, diagnostics } = kit.diff(sideOf(before), sideOf(after))
    if (difference === undefined) throw new Error('nothing was compared')
    const told = await answer(`diff ${before} ${after}`)
    expect([JSON.parse(JSON.stringify(difference))]).toEqual(told['differences'])
    expect(asJson(diagnostics)).toEqual(told['diagnostics'])
    const typed = async (format: string) => (await desk.type(`diff ${before} ${after} --format ${format}`)).out
    expect(kit.text(difference)).toBe(await typed('text'))
    expect(kit.markdown(difference)).toBe(await typed('markdown'))
    // As data it may have been anywhere before it is made into a page.
    expect(kit.page(JSON.parse(JSON.stringify(difference)) as typeof difference)).toBe(await typed('html'))
  })

  it('diff --format unified', async () => {
    const { patch } = kit.patch(fileOf('line4.yaml'), fileOf('line5.yaml'), { targets: ['linux'] })
    expect(patch).toBe((await desk.type('diff line4.yaml line5.yaml --target linux --format unified')).out)
    expect(kit.patch(fileOf('line4.yaml'), fileOf('plant.reg'))).toMatchObject({
      patch: undefined,
      diagnostics: [expect.objectContaining({ code: 'suspect/decimal-as-hex' }), { code: 'diff/no-files' }],
    })
  })

  it.each([
    ['plant.reg', {}],
    ['60-plant.conf', {}],
    ['60-plant.conf', { name: 'line9' }],
  ] as const)('import %s %j', async (path, options) => {
    const { profiles, diagnostics } = kit.import(fileOf(path), options)
    const told = await answer(`import ${path} ${'name' in options ? `--name ${options.name}` : ''}`)
    expect(profiles.map(({ yaml }) => ({ yaml }))).toEqual(told['profiles'])
    expect(asJson(diagnostics)).toEqual(told['diagnostics'])
  })

  it('verify, of the same zip and of one that was damaged', async () => {
    const { zip = new Uint8Array() } = kit.bundle(LINE4)
    writeFileSync(join(desk.folder, 'right.zip'), zip)
    const damaged = zip.with(5_000, (zip[5_000] ?? 0) ^ 1)
    writeFileSync(join(desk.folder, 'damaged.zip'), damaged)
    for (const [name, bytes] of Object.entries({ 'right.zip': zip, 'damaged.zip': damaged })) {
      const { verified, diagnostics } = kit.verify({ path: name, bytes })
      const told = await answer(`verify ${name}`)
      expect(asJson(diagnostics)).toEqual(told['diagnostics'])
      expect(verified.map(({ file, profile = null, files }) => ({ path: file, profile, files }))).toEqual(
        (told['verified'] as readonly { ok: boolean }[]).map(({ ok: _, ...one }) => one),
      )
    }
  })

  it('verify --lock and verify --profile', async () => {
    await desk.type('bundle line4.yaml --quiet')
    await desk.type('lock line5.yaml --quiet --lock other.json')
    const lock = readFileSync(join(desk.folder, 'other.json'), 'utf8')
    const { zip = new Uint8Array() } = kit.bundle(LINE4)
    const byLock = kit.verify(zip, { lock })
    const told = await answer('verify out/line4.zip --lock other.json')
    expect([JSON.parse(JSON.stringify(byLock.difference))]).toEqual(told['differences'])
    expect(byLock.diagnostics.map(({ code }) => code)).toEqual(['lock/differs'])
    const byProfile = kit.verify(fileOf('60-plant.conf'), { profile: fileOf('line4.yaml') })
    const drift = await answer('verify 60-plant.conf --profile line4.yaml')
    expect([JSON.parse(JSON.stringify(byProfile.difference))]).toEqual(drift['differences'])
    expect(asJson(byProfile.diagnostics)).toEqual(drift['diagnostics'])
  })

  it('targets, presets, policies, middleboxes and schema', async () => {
    const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value))
    expect(plain(kit.targets())).toEqual((await answer('targets'))['targets'])
    expect(kit.presets().map(({ yaml: _, ...one }) => one)).toEqual((await answer('presets'))['presets'])
    expect(plain(kit.policies())).toEqual((await answer('policies'))['policies'])
    expect(plain(kit.middleboxes())).toEqual((await answer('middleboxes'))['middleboxes'])
    expect(plain(kit.schema())).toEqual(JSON.parse((await desk.type('schema')).out))
  })

  it('init, textconv and git-setup', async () => {
    await desk.type('init line7.yaml --quiet')
    expect(kit.starter('line7')).toBe(readFileSync(join(desk.folder, 'line7.yaml'), 'utf8'))
    expect(kit.check(kit.starter('line7')).diagnostics.filter(({ severity }) => severity === 'error')).toEqual([])
    await desk.type('generate line4.yaml --quiet --target windows')
    const path = 'out/line4/windows/keepalive.reg'
    expect(kit.textconv(readFileSync(join(desk.folder, path)))).toBe((await desk.type(`textconv ${path}`)).out)
    expect(`${kit.gitattributes('out', 'textconv').join('\n')}\n`).toBe(
      (await desk.type('git-setup --way textconv')).out,
    )
  })
})
