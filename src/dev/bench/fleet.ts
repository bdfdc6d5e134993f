import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { unzip } from '../../formats/zip/unzip.ts'

// Fleets for timing the kit, the templates that Python needs to make the same zips, and the packs that the floor
// writes.

/** Times in seconds, never whole minutes, so that a profile writes them as the table does. */
const seconds = (from: number, count: number): readonly number[] =>
  Array.from({ length: 2 * count }, (_, index) => from + index)
    .filter((value) => value % 60 !== 0)
    .slice(0, count)
const IDLES = seconds(20, 500)
const INTERVALS = seconds(1, 250)

interface Row {
  readonly name: string
  readonly idle: string
  readonly interval: string
}

/** Devices of Windows CE with `kinds` different settings in turn; `shift` moves the settings of some devices. */
function rowsOf(devices: number, kinds: number, shift: (device: number) => number): readonly Row[] {
  return Array.from({ length: devices }, (_, device) => {
    const kind = (device % kinds) + shift(device)
    return {
      name: `plc-${String(device).padStart(6, '0')}`,
      idle: `${IDLES[kind % IDLES.length]}s`,
      interval: `${INTERVALS[Math.floor(kind / IDLES.length) % INTERVALS.length]}s`,
    }
  })
}

/** Writes the table of a fleet. */
export function writeTable(file: string, devices: number, kinds: number, shift = (_: number) => 0): void {
  const lines = rowsOf(devices, kinds, shift).map(
    ({ name, idle, interval }) => `${name},windows-ce,${idle},${interval}\n`,
  )
  writeFileSync(file, `name,targets,idle,interval\n${lines.join('')}`)
}

/** The same devices as a list in YAML. */
export function writeList(file: string, devices: number, kinds: number): void {
  const lines = rowsOf(devices, kinds, () => 0).map(
    ({ name, idle, interval }) =>
      `  - name: ${name}\n    targets: [windows-ce]\n    idle: ${idle}\n    interval: ${interval}\n`,
  )
  writeFileSync(file, `devices:\n${lines.join('')}`)
}

/** The table of one device whose values occur nowhere by chance, so that their places can be found. */
export function writeSample(file: string): void {
  writeFileSync(file, 'name,targets,idle,interval\nsample,windows-ce,7919s,131s\n')
}

/** The expressions of Jinja2 for these values; a text that begins with the same digits comes later. */
const PLACES = [
  ['7919000', '{{ idle }}'],
  ['7919s', '{{ idle_text }}'],
  ['2 h 11 min 59 s', '{{ idle | duration }}'],
  ['0x78d598', "0x{{ '%x' % idle }}"],
  ['0078d598', "{{ '%08x' % idle }}"],
  ['131000', '{{ interval }}'],
  ['131s', '{{ interval_text }}'],
  ['2 min 11 s', '{{ interval | duration }}'],
  ['0x1ffb8', "0x{{ '%x' % interval }}"],
  ['0001ffb8', "{{ '%08x' % interval }}"],
] as const

/** Templates that let a Python script make exactly the kit's files, taken from the zip of {@link writeSample}. */
export async function writeTemplates(zip: string, folder: string): Promise<void> {
  const { entries } = unzip(readFileSync(zip), zip)
  for (const { path, bytes } of entries) {
    const name = path.slice(path.indexOf('/') + 1)
    if (name === 'manifest.json' || name === 'SHA256SUMS') continue
    const text = Buffer.from(bytes)
      .toString('utf8')
      .replace(/^\ufeff/, '')
      .replaceAll('\r\n', '\n')
    const template = PLACES.reduce((found, [value, place]) => found.replaceAll(value, place), text)
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), template)
  }
}

/** The zips in a folder in the form that the floor takes: one file, and a list beside it. */
export function writePack(folder: string, pack: string): void {
  const names = readdirSync(folder)
    .filter((name) => name.endsWith('.zip'))
    .toSorted()
  const zips = names.map((name) => readFileSync(join(folder, name)))
  writeFileSync(pack, Buffer.concat(zips))
  writeFileSync(
    `${pack}.json`,
    JSON.stringify(names.map((name, index) => [name.replace('.zip', ''), zips[index]?.length, folderIn(zips[index])])),
  )
}

/** The folder in a zip: the beginning of its first name. */
function folderIn(zip: Uint8Array = new Uint8Array()): string {
  return Buffer.from(zip.subarray(30, 200)).toString('latin1').split('/')[0] ?? ''
}

/**
 * The first zip that is missing in one of two folders or whose files differ by a byte; `undefined` if there is no
 * difference.
 */
export async function firstDifference(one: string, other: string, every: number): Promise<string | undefined> {
  const [names = [], others = []] = [one, other].map((folder) =>
    readdirSync(folder)
      .filter((name) => name.endsWith('.zip'))
      .toSorted(),
  )
  const alone = names.find((name, index) => name !== others[index]) ?? others[names.length]
  if (alone !== undefined) return alone
  for (const name of names.filter((_, index) => index % every === 0)) {
    const [a, b] = await Promise.all([one, other].map((folder) => contentOf(join(folder, name))))
    if (a !== b) return name
  }
  return undefined
}

/** The content of a zip. Throws if it has no files, since it would equal any other unreadable zip. */
async function contentOf(zip: string): Promise<string> {
  const { entries, diagnostics } = unzip(readFileSync(zip), zip)
  if (entries.length === 0) throw new Error(`${zip}: ${diagnostics.map(({ message }) => message).join('; ')}`)
  return JSON.stringify(entries.map(({ path, mode, bytes }) => [path, mode, Buffer.from(bytes).toString('latin1')]))
}
