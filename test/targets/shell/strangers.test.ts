import { spawn, type ChildProcess } from 'node:child_process'
import { chmodSync, chownSync, lstatSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { timesOf } from '../../support/depth.ts'
import { run } from '../../support/oracle.ts'
import { refused, targets } from '../../support/shell-kits.ts'
import { filesOf, newFolder, runScript, tree } from '../../support/shells.ts'

// A user without rights plants and swaps what he can, before and during a run: nothing of it is believed, followed or
// deleted. Only root can start a process of another user.

const STRANGER = 65_534
const SCRIPTS = ['install.sh', 'uninstall.sh'] as const

describe.skipIf(process.getuid?.() !== 0)('A user without rights', () => {
  const started: ChildProcess[] = []
  afterEach(() => {
    for (const { pid } of started.splice(0)) if (pid !== undefined) process.kill(-pid, 'SIGKILL')
  })
  /** Runs a loop of the stranger in a folder until the test ends, or 20 000 times. */
  const meanwhile = (cwd: string, loop: string): void => {
    const code = `i=0; while [ $((i += 1)) -le 20000 ]; do ${loop}; done 2>/dev/null`
    started.push(spawn('sh', ['-c', code], { cwd, uid: STRANGER, gid: STRANGER, stdio: 'ignore', detached: true }))
  }
  const precious = { '60-keepalive.conf': 'precious\n', record: 'precious\n', 'sysctl.conf': 'precious\n' }
  /** A folder outside, with files that nobody may touch. */
  const outside = (): string => {
    const folder = tree(precious)
    chmodSync(folder, 0o755)
    return folder
  }

  it.each((['tcbsd', 'linux'] as const).flatMap((target) => ['etc', 'var'].map((part) => ({ target, part }))))(
    'who swaps $part of an image for a link while $target runs leads it nowhere',
    ({ target, part }) => {
      const { kit, file } = targets[target]
      const root = tree({ [file]: 'a = 1\n', 'var/lib/x': '', 'var/db/x': '' })
      const elsewhere = outside()
      for (const folder of [root, join(root, 'etc'), join(root, 'var')]) chmodSync(folder, 0o755)
      // The folder in which the part lies is his, as in an image that he unpacked.
      chownSync(root, STRANGER, STRANGER)
      meanwhile(root, `mv ${part} kept; ln -s ${elsewhere} ${part}; rm ${part}; mv kept ${part}`)
      for (let at = 0; at < timesOf(60, 3, 4); at += 1)
        for (const script of SCRIPTS)
          expect(runScript(join(kit, script), ['--root', root])).toMatchObject({
            code: 1,
            stdout: '',
            stderr: expect.stringContaining('Nothing was changed.'),
          })
      expect(filesOf(elsewhere)).toEqual(precious)
    },
  )

  it('who owns a folder above an image swaps it in vain', () => {
    const { kit } = targets.linux
    const home = newFolder()
    chmodSync(home, 0o755)
    chownSync(home, STRANGER, STRANGER)
    mkdirSync(join(home, 'image/etc/sysctl.d'), { recursive: true })
    const elsewhere = outside()
    meanwhile(home, `mv image kept; ln -s ${elsewhere} image; rm image; mv kept image`)
    for (let at = 0; at < timesOf(60, 3, 4); at += 1)
      for (const script of SCRIPTS) runScript(join(kit, script), ['--root', join(home, 'image')])
    // A run that found the link entered the folder behind it, as it was told to; it then writes into its own folders only.
    const made = filesOf(elsewhere)
    expect(made).toMatchObject(precious)
    expect(Object.keys(made).filter((path) => !path.startsWith('etc/') && !path.startsWith('var/'))).toEqual(
      Object.keys(precious),
    )
  })

  it.each([
    ['a folder with a record', 'mkdir keepalive-kit; echo "keepalive-kit record 1" >keepalive-kit/record'],
    ['a folder that everybody can write', 'mkdir -m 0777 keepalive-kit'],
    ['a link to a folder', 'ln -s "$ELSEWHERE" keepalive-kit'],
    ['a link to nothing', 'ln -s nothing keepalive-kit'],
    ['a file', 'echo hello >keepalive-kit'],
  ])('who plants %s in the place of the record is not believed, and keeps it', async (_, plant) => {
    const { kit, state } = targets.linux
    const elsewhere = outside()
    const root = tree({ 'etc/sysctl.d/10.conf': '' })
    mkdirSync(join(root, 'var/lib'), { recursive: true })
    chmodSync(join(root, 'var/lib'), 0o1777)
    for (const folder of [root, join(root, 'var')]) chmodSync(folder, 0o755)
    const planting = spawn('sh', ['-c', plant], {
      cwd: join(root, 'var/lib'),
      uid: STRANGER,
      gid: STRANGER,
      env: { ...process.env, ELSEWHERE: elsewhere },
    })
    await new Promise((ends) => planting.on('close', ends))
    const found = filesOf(root)
    expect(lstatSync(join(root, state)).uid).toBe(STRANGER)
    for (const script of SCRIPTS) {
      const { code, stdout } = runScript(join(kit, script), ['--root', root])
      // In a plain file there is no record: then there is nothing to undo.
      if (code === 0) expect(`${script} ${stdout}`).toMatch(/^uninstall.sh There is no record in /)
      expect(filesOf(root)).toEqual(found)
    }
    expect(filesOf(elsewhere)).toEqual(precious)
  })

  it('who owns the folder for temporary files stops the script before it reads something back from there', () => {
    const { kit } = targets.linux
    const root = tree({ 'etc/sysctl.d/10.conf': '' })
    const temporary = newFolder()
    chownSync(temporary, STRANGER, STRANGER)
    for (const script of [...SCRIPTS, 'check.sh'])
      expect(run('sh', [join(kit, script), '--root', root], { env: { TMPDIR: temporary } })).toEqual(
        refused(1, `somebody else owns or can change ${temporary}, the folder for temporary files.`),
      )
    expect(filesOf(root)).toEqual({ 'etc/sysctl.d/10.conf': '' })
    expect(readdirSync(temporary)).toEqual([])
  })

  it('who plants in a sticky folder for temporary files keeps all of it, and changes nothing', () => {
    const { kit, file, data } = targets.linux
    const root = tree({ 'etc/sysctl.d/10.conf': '' })
    const temporary = newFolder()
    const elsewhere = outside()
    chmodSync(temporary, 0o1777)
    const planted = ['keepalive-kit.aaaaaa', 'keepalive-kit.new', 'keepalive-kit', 'record']
    for (const name of planted) symlinkSync(elsewhere, join(temporary, name))
    meanwhile(temporary, `for f in keepalive-kit.*; do mv "$f" x; rm -rf "$f"; ln -s ${elsewhere} "$f"; done`)
    expect(run('sh', [join(kit, 'install.sh'), '--root', root], { env: { TMPDIR: temporary } })).toEqual({
      code: 0,
      stdout: expect.any(String),
      stderr: '',
    })
    expect(readFileSync(join(root, file), 'utf8')).toBe(readFileSync(join(kit, data), 'utf8'))
    expect(filesOf(elsewhere)).toEqual(precious)
  })
})
