import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { BIN, filesIn, judge, judgeEnd, putForeign, type Files } from '../support/fleet-kills.ts'
import { inOwnNetwork, missingNamespaces } from '../support/netns.ts'
import { someOf } from '../support/depth.ts'
import { describeWithOracle, missingPrograms, run, type Ran } from '../support/oracle.ts'
import { newFolder } from '../support/shells.ts'

const KINDS = 20

/** A table of devices; `kindOf` gives the kind of each. */
function table(devices: number, kindOf: (device: number) => number): string {
  const rows = Array.from({ length: devices }, (_, device) => `plc-${device},windows-ce,${kindOf(device)}s,5s\n`)
  return `name,targets,idle,interval\n${rows.join('')}`
}

/** A small plant of 5 kinds, and a plant of ten times as many devices, all of other kinds. */
const SMALL = table(100, (device) => 10 + (device % 5))
const GROWN = table(1_000, (device) => 100 + (device % KINDS))
/** The large plant with one device changed. */
const ONE = table(1_000, (device) => (device === 7 ? 9 : 100 + (device % KINDS)))

interface Case {
  readonly before: string
  readonly after: string
  readonly args: readonly string[]
}

/** The undisturbed output of a case, and the pages that its parts need. */
interface Made {
  readonly folder: string
  readonly old: Files
  readonly new: Files
  readonly pages: Readonly<Record<'zips' | 'lock' | 'oldLock' | 'index' | 'state', number>>
}

const pagesOf = (path: string): number => Math.ceil(statSync(path).size / 4096)

function make({ before, after, args }: Case): Made {
  const folder = newFolder()
  for (const name of ['before', 'after', 'disk', 'was', 'is', 'full', 'then']) mkdirSync(join(folder, name))
  writeFileSync(join(folder, 'before/plant.csv'), before)
  writeFileSync(join(folder, 'after/plant.csv'), after)
  const fleet = (which: string, where: string, more: readonly string[] = []): void => {
    const cwd = join(folder, where)
    const ran = run(process.execPath, [BIN, 'fleet', join(folder, which, 'plant.csv'), '--out', 'out', ...more], {
      cwd,
    })
    expect(ran).toMatchObject({ code: 0 })
  }
  fleet('before', 'was')
  const old = filesIn(join(folder, 'was/out'))
  const oldLock = pagesOf(join(folder, 'was/out/keepalive.lock.json'))
  fleet('before', 'is')
  fleet('after', 'is', args)
  putForeign(join(folder, 'was/out'))
  const is = join(folder, 'is/out')
  const fresh = new Map(
    readdirSync(is)
      .filter((name) => name.endsWith('.zip') && old.get(name)?.equals(readFileSync(join(is, name))) !== true)
      .map((name) => [statSync(join(is, name)).ino, pagesOf(join(is, name))]),
  )
  const pages = {
    zips: [...fresh.values()].reduce((sum, one) => sum + one, 0),
    lock: pagesOf(join(is, 'keepalive.lock.json')),
    oldLock,
    index: pagesOf(join(is, 'devices.csv')),
    state: pagesOf(join(folder, 'is/.out.keepalive-kit-state')),
  }
  return { folder, old, new: filesIn(is), pages }
}

/** Runs a case on a disk of the test's own with `room` free pages, and then again with enough room. */
function onDisk({ folder }: Made, { args }: Case, room: number): Ran {
  const code = `
    mount -t tmpfs -o size=64m none "$F/disk" || exit 99
    cd "$F/disk"
    # The old output is made here: what is noted beside the folder goes by its inodes.
    "$NODE" "$BIN" fleet "$F/before/plant.csv" --out out >/dev/null 2>&1 || exit 98
    mkdir out/old && for one in notes.txt .hidden old/plc-1.zip plc-of-mine.zip; do cp "$F/was/out/$one" "out/$one"; done
    head -c $((($(stat -f -c %a .) - ${room}) * 4096)) /dev/zero >filler
    "$NODE" "$BIN" fleet "$F/after/plant.csv" --out out ${args.join(' ')}
    code=$?
    mkdir "$F/full/${room}" "$F/full/${room}/site" "$F/then/${room}" "$F/then/${room}/site"
    cp -a out .[!.]* "$F/full/${room}/site/"
    mount -o remount,size=128m "$F/disk"
    "$NODE" "$BIN" fleet "$F/after/plant.csv" --out out ${args.join(' ')} >/dev/null 2>&1 || exit 97
    cp -a out .[!.]* "$F/then/${room}/site/"
    exit $code`
  return inOwnNetwork(code, { F: folder, NODE: process.execPath, BIN })
}

describeWithOracle('A run over a fleet on a full disk', missingNamespaces(), () => {
  const grows: Case = { before: SMALL, after: GROWN, args: [] }
  const changesOne: Case = { before: GROWN, after: ONE, args: ['--select', 'plc-7'] }
  const rooms: readonly (readonly [what: string, file: RegExp, of: Case, room: (pages: Made['pages']) => number])[] = [
    ['its own mark', /\/out\/\.keepalive-kit-run: the disk is full/, grows, () => 0],
    ['the first zip', /\/out\/plc-0\.zip: the disk is full/, grows, () => 1],
    ['some zip', /\/out\/plc-\d+\.zip: the disk is full/, grows, ({ zips }) => Math.floor(zips / 2)],
    [
      'the records',
      /\/\.out\.keepalive-kit-state: the disk is full/,
      grows,
      ({ zips, state }) => zips + Math.floor(state / 2),
    ],
    [
      'the lock',
      /\/out\/keepalive\.lock\.json: the disk is full/,
      grows,
      ({ zips, state, lock }) => zips + state + Math.floor(lock / 2),
    ],
    [
      'the index',
      /\/out\/devices\.csv: the disk is full/,
      grows,
      ({ zips, state, lock, oldLock, index }) => zips + state + lock - oldLock + Math.floor(index / 2),
    ],
    ['the records at the end', /\/\.out\.keepalive-kit-state: the disk is full/, changesOne, ({ lock }) => lock + 8],
  ]
  const made = new Map<Case, Made>()
  const madeOf = (of: Case): Made => {
    const known = made.get(of) ?? make(of)
    made.set(of, known)
    return known
  }

  it.each(someOf(rooms, 4, 5))(
    'stops at %s with an error, leaves each device its old or new zip, and completes once there is room',
    (_, file, of, roomOf) => {
      const one = madeOf(of)
      const room = roomOf(one.pages)
      const ran = onDisk(one, of, room)
      expect(ran).toMatchObject({ code: 3, stderr: expect.stringMatching(file) as string })
      expect(ran.stderr).not.toMatch(/^ +at |bug|EN[A-Z]+/m)
      const full = join(one.folder, 'full', String(room))
      expect(judge({ folder: full, new: one.new }, one.old).wrong).toEqual([])
      expect(readdirSync(join(full, 'site')).toSorted()).toEqual(['.out.keepalive-kit-state', 'out'])
      expect(readdirSync(join(full, 'site/out')).filter((name) => name.startsWith('.'))).toEqual(['.hidden'])
      expect(judgeEnd({ folder: join(one.folder, 'then', String(room)), new: one.new })).toEqual([])
    },
  )
})

describeWithOracle('A run over a fleet in a read-only folder', missingNamespaces(), () => {
  it('reports the folder and changes nothing', () => {
    const of = { before: SMALL, after: GROWN, args: [] }
    const { folder } = make(of)
    const before = filesIn(join(folder, 'was'))
    const code = `mount --bind "$F/was/out" "$F/was/out" && mount -o remount,bind,ro "$F/was/out" || exit 99
      cd "$F/was" && "$NODE" "$BIN" fleet "$F/after/plant.csv" --out out`
    const ran = inOwnNetwork(code, { F: folder, NODE: process.execPath, BIN })
    expect(ran).toEqual({
      code: 3,
      stdout: '',
      stderr: `keepalive-kit: ${folder}/was/out/.keepalive-kit-run: the file system is read-only\n`,
    })
    expect(filesIn(join(folder, 'was'))).toEqual(before)
  })
})

/** From a log of strace: the files named before their bytes were flushed, and the number of those named after. */
function flushedBefore(
  log: string,
  there: readonly string[],
): { readonly early: readonly string[]; readonly right: number } {
  const flushed = new Set(there)
  const early: string[] = []
  let right = 0
  for (const line of log.split('\n')) {
    const [, call = '', rest = ''] = /^([a-z0-9_]+)\((.*)\) += \d+$/.exec(line) ?? []
    const [from = '', to = ''] = [...rest.matchAll(/"([^"]*)"/g)].map(([, path]) => path)
    const [, open = ''] = /^\d+<([^>]*)>/.exec(rest) ?? []
    if (call.startsWith('fsync')) flushed.add(open)
    else if (/^p?write/.test(call)) flushed.delete(open)
    else if (call !== '') {
      if (flushed.has(from)) right += 1
      else early.push(line)
      flushed.add(to)
    }
  }
  return { early, right }
}

describeWithOracle('A file of a fleet gets its name', missingPrograms('strace'), () => {
  it.each([
    ['', []],
    [', even if a file can have no more links', ['-e', 'inject=?link,?linkat:error=EMLINK']],
  ])('after its bytes are flushed to the disk%s', (_, inject) => {
    const of = { before: SMALL, after: GROWN, args: [] }
    const { folder, old } = make(of)
    const log = join(folder, 'log')
    const trace = [
      '-y',
      '-qq',
      '-s',
      '0',
      '-o',
      log,
      '-e',
      'trace=/^(rename|link|fsync|fdatasync|write|pwrite)',
      ...inject,
    ]
    const fleet = [process.execPath, BIN, 'fleet', join(folder, 'after/plant.csv'), '--out', 'out']
    expect(run('strace', [...trace, ...fleet], { cwd: join(folder, 'was') })).toMatchObject({ code: 0 })
    const out = join(folder, 'was/out')
    const { early, right } = flushedBefore(
      readFileSync(log, 'utf8'),
      [...old.keys()].map((name) => join(out, name)),
    )
    expect(early).toEqual([])
    expect(right).toBeGreaterThanOrEqual(1_000)
  })
})
