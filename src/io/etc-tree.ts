import { lstatSync, readdirSync, realpathSync } from 'node:fs'
import type { Finding } from '../core/finding.ts'
import { failureOf } from './failure.ts'
import { readUpTo } from './outputs.ts'
import { followLink, rawPath, type MachineFolders } from './tree-links.ts'

/** The most that is read of a file of settings, which is a page of text, and of all files of a tree. */
const MOST_BYTES = 1024 * 1024
const MOST_TOGETHER = 32 * 1024 * 1024
/** The levels below a linked folder in which a file can be: `usr/local/lib/sysctl.d`. */
const LEVELS = 3

/** The paths of a machine's tree, with `/`, that matter. */
export interface TreePlaces {
  /** Whether a file is read. */
  readonly isRead: (path: string) => boolean
  /** Whether a machine reads such files from a folder with that path, or from one below it. */
  readonly isWay: (path: string) => boolean
  /** Whether the tree must have the folder that a link of that path leads to. */
  readonly isNeeded: (path: string) => boolean
  /** The machine that a path belongs to. */
  readonly machineOf: (path: string) => MachineFolders
}

/** A file or a folder that was not read, so that nobody knows the settings in it. */
export type Unread = Finding & { readonly path: string }

export interface EtcTree {
  /** By path; a file that was not read is empty, since it hides those of its name in other folders all the same. */
  readonly files: ReadonlyMap<string, Uint8Array>
  readonly unread: readonly Unread[]
}

/** A folder of the tree: `path` as its machine names it, `at` without links. */
interface Spot {
  readonly path: string
  readonly at: string
  /** The levels below it that are looked at. */
  readonly levels: number
}

/**
 * Reads the files of a copy of a machine's tree. Links lead where they lead on the machine, so never out of the tree: one to
 * /etc/sysctl.conf would be read from the machine that the kit runs on. Folders are read where they lie; a link to one counts
 * too if a machine looks for files there.
 */
export function readEtcTree(folder: string, places: TreePlaces): EtcTree {
  const root = Buffer.from(realpathSync(folder)).toString('latin1')
  const files = new Map<string, Uint8Array>()
  const unread: Unread[] = []
  const spots: Spot[] = [{ path: '', at: '', levels: Infinity }]
  let room = MOST_TOGETHER

  const told = (path: string, work: () => Finding | undefined): void => {
    const found = findingOf(work)
    if (found !== undefined) unread.push({ ...found, path: shown(path) })
  }

  const read = ({ path, at }: Spot): Finding | undefined => {
    files.set(shown(path), NOTHING)
    if (!lstatSync(rawPath(root, at)).isFile()) return { code: 'tree/not-a-file', data: {} }
    const bytes = readUpTo(rawPath(root, at), MOST_BYTES)
    if (bytes.length > MOST_BYTES) return { code: 'tree/too-large', data: { max: MOST_BYTES } }
    if (bytes.length > room) return { code: 'tree/too-large-together', data: { max: MOST_TOGETHER } }
    room -= bytes.length
    files.set(shown(path), bytes)
    return undefined
  }

  const isFolder = (at: string): boolean =>
    lstatSync(rawPath(root, at), { throwIfNoEntry: false })?.isDirectory() ?? false

  const follow = ({ path, at, levels }: Spot): Finding | undefined => {
    const isRead = places.isRead(path)
    const machine = places.machineOf(path)
    const end = followLink(root, at, machine)
    if (end.kind === 'there') {
      if (isRead) return read({ path, at: end.at, levels })
      const { top, etc } = machine
      const isOfMachine = top === undefined ? etc === '' : top === '' || isFolder(etc.slice(0, -1))
      // Any other folder of such a name is read where it lies.
      const counts = isOfMachine || (places.isNeeded(path) && !places.isWay(end.at))
      if (counts && places.isWay(path) && isFolder(end.at) && !`${at}/`.startsWith(`${end.at}/`))
        spots.push({ path, at: end.at, levels: Math.min(LEVELS, levels) })
      return undefined
    }
    if (isRead) files.set(shown(path), NOTHING)
    if (end.kind === 'null' || !(isRead || places.isNeeded(path))) return undefined
    return end.kind === 'circle'
      ? { code: 'tree/link-circle', data: {} }
      : { code: 'tree/link-missing', data: { to: shown(end.to) } }
  }

  const look = ({ path, at, levels }: Spot): undefined => {
    for (const entry of readdirSync(rawPath(root, at), { encoding: 'buffer', withFileTypes: true })) {
      const name = entry.name.toString('latin1')
      const spot = { path: below(path, name), at: below(at, name), levels: levels - 1 }
      const isWay = spot.levels >= 0 && places.isWay(spot.path)
      if (entry.isSymbolicLink()) {
        if (isWay || places.isRead(spot.path) || places.isNeeded(spot.path)) told(spot.path, () => follow(spot))
      } else if (entry.isDirectory()) {
        if (levels === Infinity || isWay) spots.push(spot)
      } else if (places.isRead(spot.path)) told(spot.path, () => read(spot))
    }
  }

  for (let spot = spots.pop(); spot !== undefined; spot = spots.pop()) {
    const now = spot
    told(now.path, () => look(now))
  }
  return { files, unread }
}

const NOTHING = new Uint8Array()

function below(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`
}

/** A path as a person reads it: UTF-8, or one character for each byte, so that two paths stay different. */
function shown(path: string): string {
  const text = Buffer.from(path, 'latin1').toString('utf8')
  return text.includes('\ufffd') ? path : text
}

/** The finding of `work`, or the refusal of the system; a file that vanished meanwhile has no settings. */
function findingOf(work: () => Finding | undefined): Finding | undefined {
  try {
    return work()
  } catch (error) {
    const refusal = failureOf(error)
    if (refusal.code !== 'machine') throw error
    const { error: code } = refusal.data
    return code === 'ENOENT' ? undefined : { code: 'tree/denied', data: { error: code } }
  }
}
