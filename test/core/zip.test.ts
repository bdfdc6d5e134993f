import { mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { sha256 } from '#checksums'
import { bundle as bundleOf, type Bundle } from '../../src/core/bundle.ts'
import type { Permissions } from '../../src/core/target.ts'
import { loadTemplates } from '../../src/io/assets.ts'
import { storedZip } from '../../src/core/zip.ts'
import { archive } from '../../src/io/archive.ts'
import { check, type Checked } from '../../src/source/check.ts'
import { TARGETS } from '../../src/targets/index.ts'
import { describeWithOracle, missingPrograms, run } from '../support/oracle.ts'

const folder = mkdtempSync(join(tmpdir(), 'keepalive-kit-zip-'))
const path = join(folder, 'line4.zip')
let bundle: Bundle
let names: readonly string[]

beforeAll(async () => {
  const source = Buffer.from('name: line4\nidle: 20s\ninterval: 5s\ntitle: "Línea 4"\n')
  const { checked } = check(TARGETS, [{ file: 'line4.yaml', source }], { targets: [], strict: false })
  bundle = bundleOf(loadTemplates(), { ...(checked[0] as Checked), version: '0.0.0' })
  names = bundle.artifacts.map((one) => `line4/${one.path}`)
  writeFileSync(path, storedZip(bundle))
})

/** Compares the files that a program unpacked with those of the bundle. */
function expectUnpacked(into: string, options: { readonly modes: boolean }): void {
  for (const { path: file, bytes, mode } of bundle.artifacts) {
    const unpacked = join(into, 'line4', file)
    expect(sha256(readFileSync(unpacked)), file).toBe(sha256(bytes))
    if (options.modes) expect((statSync(unpacked).mode & 0o777).toString(8), file).toBe(mode.toString(8))
  }
  const found = readdirSync(into, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  expect(found).toHaveLength(names.length)
}

describe('a bundle', () => {
  it('is sorted, and holds the four files that describe it', () => {
    expect(names.toSorted()).toEqual(names)
    expect(names).toEqual(
      expect.arrayContaining(
        ['README.txt', 'SHA256SUMS', 'manifest.json', 'profile.yaml'].map((name) => `line4/${name}`),
      ),
    )
  })

  const manifest = () => {
    const bytes = bundle.artifacts.find((one) => one.path === 'manifest.json')?.bytes ?? Buffer.alloc(0)
    return JSON.parse(Buffer.from(bytes).toString()) as { files: ManifestFile[] }
  }
  type ManifestFile = { path: string; size: number; mode: string; sha256: string; effects?: Permissions }

  it('has a manifest that describes every file but itself and the checksums', () => {
    const wanted = bundle.artifacts
      .filter((one) => !['manifest.json', 'SHA256SUMS'].includes(one.path))
      .map((one) => ({
        path: one.path,
        size: one.bytes.length,
        mode: `0${one.mode.toString(8)}`,
        sha256: sha256(one.bytes),
      }))
    expect(manifest().files.map(({ effects: _, ...file }) => file)).toEqual(wanted)
  })

  it('names in its manifest what each script may touch, and has this for scripts only', () => {
    const { files } = manifest()
    const scripts = files.filter(({ mode }) => mode === '0755').map(({ path: script }) => script)
    expect(files.filter(({ effects }) => effects !== undefined).map(({ path: listed }) => listed)).toEqual(scripts)
    const installer = files.find(({ path: script }) => script === 'linux/install.sh')
    expect(installer?.effects?.writes.keys).toContain('net.ipv4.tcp_keepalive_time')
    expect(installer?.effects?.writes.files).toContain('/var/lib/keepalive-kit/record')
  })

  it('is the same bytes when made again', async () => {
    expect(sha256(storedZip(bundle))).toBe(sha256(readFileSync(path)))
  })

  it('is byte for byte the zip that archiver makes', async () => {
    expect(Buffer.from(storedZip(bundle)).equals(Buffer.from(await archive(bundle, false)))).toBe(true)
    const odd = [
      { path: 'a', mode: 0o755, bytes: Buffer.alloc(0) },
      { path: 'b/c.d/long-name.e', mode: 0o644, bytes: Buffer.alloc(70_000, 'x') },
      { path: 'z', mode: 0o644, bytes: Buffer.from([0, 255, 128]) },
    ] as const
    for (const artifacts of [[], odd.slice(0, 1), odd]) {
      const one = { ...bundle, folder: 'n', artifacts }
      expect(Buffer.from(storedZip(one)).equals(Buffer.from(await archive(one, false)))).toBe(true)
    }
  })

  it('fails as a whole when archiver complains about an entry', async () => {
    const broken = {
      ...bundle,
      folder: '',
      artifacts: [{ path: '', mode: 0o644 as const, bytes: Buffer.alloc(0) }],
    }
    await expect(archive(broken, true)).rejects.toThrow()
  })
})

describeWithOracle('unzip', missingPrograms('unzip', 'zipinfo'), () => {
  it('finds no fault, and the names in order', () => {
    expect(run('unzip', ['-t', path]).code).toBe(0)
    expect(run('zipinfo', ['-1', path]).stdout.trim().split('\n')).toEqual(names)
  })

  it('sees stored entries of 1980 with unix modes', () => {
    const lines = run('zipinfo', ['-T', path])
      .stdout.split('\n')
      .filter((line) => line.includes('line4/'))
    expect(lines).toHaveLength(names.length)
    for (const line of lines) expect(line).toMatch(/^-rw(?:xr-xr-x|-r--r--) .* stor 19800101\.000000 line4\//)
  })

  it('unpacks the same files, and their checksums hold', () => {
    const into = mkdtempSync(join(folder, 'unzip-'))
    expect(run('unzip', ['-q', path, '-d', into]).code).toBe(0)
    expectUnpacked(into, { modes: true })
    expect(run('sha256sum', ['-c', '--quiet', '--strict', 'SHA256SUMS'], { cwd: join(into, 'line4') })).toMatchObject({
      code: 0,
      stdout: '',
    })
  })
})

describeWithOracle('7z', missingPrograms('7z'), () => {
  it('finds no fault and unpacks the same files', () => {
    const into = mkdtempSync(join(folder, '7z-'))
    expect(run('7z', ['t', path]).code).toBe(0)
    expect(run('7z', ['x', `-o${into}`, path]).code).toBe(0)
    expectUnpacked(into, { modes: true })
  })
})

describeWithOracle('bsdtar', missingPrograms('bsdtar'), () => {
  it('lists the names in order and unpacks the same files', () => {
    const into = mkdtempSync(join(folder, 'bsdtar-'))
    expect(run('bsdtar', ['-tf', path]).stdout.trim().split('\n')).toEqual(names)
    expect(run('bsdtar', ['-tvf', path]).stdout).toMatch(/-rwxr-xr-x .* Jan +1 +1980 line4\/linux\/install\.sh/)
    expect(run('bsdtar', ['-xf', path, '-C', into]).code).toBe(0)
    expectUnpacked(into, { modes: true })
  })
})

describeWithOracle('busybox unzip', missingPrograms('busybox'), () => {
  it('unpacks the same files', () => {
    const into = mkdtempSync(join(folder, 'busybox-'))
    expect(run('busybox', ['unzip', '-q', path, '-d', into]).code).toBe(0)
    expectUnpacked(into, { modes: true })
  })
})

describeWithOracle("Python's zipfile", missingPrograms('python3'), () => {
  it('finds no fault, reads the names in order, and the modes', () => {
    const script = [
      'import json, sys, zipfile',
      'z = zipfile.ZipFile(sys.argv[1])',
      'print(json.dumps([z.testzip(), [[i.filename, oct(i.external_attr >> 16 & 0o777), i.date_time, i.compress_type] for i in z.infolist()]]))',
    ].join('\n')
    const [fault, entries] = JSON.parse(run('python3', ['-c', script, path]).stdout) as [null, unknown[]]
    expect(fault).toBeNull()
    expect(entries).toEqual(
      bundle.artifacts.map((one) => [`line4/${one.path}`, `0o${one.mode.toString(8)}`, [1980, 1, 1, 0, 0, 0], 0]),
    )
  })
})
