import { linkSync, mkdirSync, readFileSync, statSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { EVERY_STEP } from '../support/depth.ts'
import { buildBundle, buildTarget, profileText } from '../support/build.ts'
import { machine, missingNamespaces, type Machine } from '../support/netns.ts'
import { describeWithOracle, missingPrograms, run } from '../support/oracle.ts'
import { filesOf, modeOf, newFolder, runScript, tree } from '../support/shells.ts'

const profile = { name: 'line-4', idle: 60_000, interval: 10_000, probes: 5 }
const kit = buildTarget('linux', profile)
const place = 'sysctl.d/60-keepalive.conf'
const mine = '# mine\nnet.ipv4.tcp_keepalive_time = 7000\n'

// Lists everything that a script may change: names, modes, owners and bytes below /etc and /var, and the running
// values.
const whatThereIs = `what_there_is() {
  find /etc /var -printf '%p %y %m %U:%G %l\\n' | sort
  find /etc /var -type f -exec cksum {} + | sort
  (cd /proc/sys/net/ipv4 && cat tcp_keepalive_time tcp_keepalive_intvl tcp_keepalive_probes)
}
# attempt SCRIPT: its exit code, and what is different afterwards.
attempt() {
  what_there_is >"$MACHINE/before"
  sh "$KIT/$1.sh" >"$MACHINE/stdout" 2>"$MACHINE/stderr"
  echo "$1 $?"
  what_there_is | diff "$MACHINE/before" - >"$MACHINE/changes" && echo unchanged
}
`

const linuxMachine = (): Machine => machine({ [place]: mine }, { KIT: kit, PLACE: `/etc/${place}`, MINE: mine })
const ends = (code: number, stdout: string) => ({ code, stdout, stderr: '' })

/** The folders on the full file system; the others have room. */
const layouts = {
  'all folders': 'for folder in etc var tmp; do mkdir "$MACHINE/disk/$folder"; done',
  'only /etc': 'mkdir "$MACHINE/disk/etc"',
  'only /var': 'mkdir "$MACHINE/disk/var"',
  'only $TMPDIR': 'mkdir "$MACHINE/disk/tmp"',
} as const

/** How many more pages or inodes are free at each try: one more if every step is tried. */
const MORE = EVERY_STEP ? 1 : 7

// Mounts a tmpfs with the machine's own files over these folders and fills it up to $room free pages or inodes.
const onSmallDisk = (layout: keyof typeof layouts, size: string, fill: string, installed: boolean): string => `
${whatThereIs}
mkdir -p "$MACHINE/disk" "$MACHINE/tmp" "$MACHINE/original"
cp -a /etc /var "$MACHINE/original/"
room=0
while [ $room -lt 60 ]; do
  find "$MACHINE/etc" "$MACHINE/var" -mindepth 1 -delete
  cp -a "$MACHINE/original/." "$MACHINE/"
  mount -t tmpfs -o ${size} none "$MACHINE/disk" && ${layouts[layout]}
  TMPDIR=$MACHINE/tmp
  export TMPDIR
  for folder in etc var; do
    [ ! -d "$MACHINE/disk/$folder" ] || { cp -a "/$folder/." "$MACHINE/disk/$folder/" && mount --bind "$MACHINE/disk/$folder" "/$folder"; }
  done
  [ ! -d "$MACHINE/disk/tmp" ] || TMPDIR=$MACHINE/disk/tmp
  ${installed ? 'sh "$KIT/install.sh" >/dev/null' : ':'}
  ${fill}
  attempt ${installed ? 'uninstall' : 'install'} >"$MACHINE/said"
  case $(cat "$MACHINE/said") in
    *' 0'*) ${installed ? 'printf %s "$MINE" | cmp - "$PLACE" && [ ! -e /var/lib/keepalive-kit ]' : 'sh "$KIT/check.sh" >/dev/null'} && echo "room $room: enough" || { echo "room $room: not all is done"; cat "$MACHINE/changes"; }; exit ;;
    *' 1'*unchanged) [ -s "$MACHINE/stderr" ] && echo "room $room: nothing changed" ;;
    *) echo "room $room:"; cat "$MACHINE/said" "$MACHINE/changes" "$MACHINE/stderr" ;;
  esac
  for folder in etc var; do [ ! -d "$MACHINE/disk/$folder" ] || umount "/$folder"; done
  umount "$MACHINE/disk"
  for value in 'time 7200' 'intvl 75' 'probes 9'; do echo "\${value#* }" >"/proc/sys/net/ipv4/tcp_keepalive_\${value% *}"; done
  room=$((room + ${MORE}))
done`
const full = {
  pages: {
    size: 'size=1m',
    fill: 'head -c $((($(stat -f -c %a "$MACHINE/disk") - room) * 4096)) /dev/zero >"$MACHINE/disk/filler"',
  },
  nodes: {
    size: 'nr_inodes=100',
    fill: 'n=$(($(stat -f -c %d "$MACHINE/disk") - room)); while [ $n -gt 0 ]; do : >"$MACHINE/disk/filler$n"; n=$((n - 1)); done',
  },
} as const

describeWithOracle('On a full file system', missingNamespaces(), () => {
  const cases = (Object.keys(layouts) as (keyof typeof layouts)[]).flatMap((layout) =>
    (['pages', 'nodes'] as const).flatMap((unit) =>
      (['install', 'uninstall'] as const).map((script) => ({ layout, unit, script })),
    ),
  )

  it.each(cases)('$script does all or nothing, however many $unit are free: $layout', ({ layout, unit, script }) => {
    const { size, fill } = full[unit]
    const { code, stdout, stderr } = linuxMachine().run(onSmallDisk(layout, size, fill, script === 'uninstall'))
    const lines = stdout.trimEnd().split('\n')
    const wrong = lines.filter((line) => !/^room \d+: (nothing changed|enough)$/.test(line))
    expect({ code, stderr, wrong }).toEqual({ code: 0, stderr: '', wrong: [] })
    expect(lines.at(-1)).toMatch(/^room \d+: enough$/)
  })
})

describeWithOracle('On a read-only file system', missingNamespaces(), () => {
  it.each(['/etc', '/etc/sysctl.d', '/var', '/var/lib', '/proc/sys', '$TMPDIR'])(
    '%s stops both scripts with an error, and nothing changes',
    (folder) => {
      const readOnly = `mount --bind "${folder}" "${folder}" && mount -o remount,bind,ro "${folder}"`
      const code = `${whatThereIs}
        TMPDIR=$MACHINE/tmp; export TMPDIR; mkdir "$TMPDIR"
        (${readOnly} && attempt install; cat "$MACHINE/stderr"; umount "${folder}")
        sh "$KIT/install.sh" >/dev/null; echo "installed $?"
        (${readOnly} && attempt uninstall; cat "$MACHINE/stderr")`
      const { stdout } = linuxMachine().run(code)
      expect(stdout).toMatch(
        /^install 1\nunchanged\n(.*\n)*error: .*\n(.*\n)*installed 0\nuninstall 1\nunchanged\n(.*\n)*error: /,
      )
    },
  )
})

const missingImmutable = (): string | undefined => {
  const missing = missingPrograms('chattr') ?? missingNamespaces()
  if (missing !== undefined) return missing
  const file = join(tree({ file: '' }), 'file')
  const tried = run('chattr', ['+i', file])
  run('chattr', ['-i', file])
  return tried.code === 0 ? undefined : `no immutable files: ${tried.stderr.trim()}`
}

describeWithOracle('An immutable file or folder', missingImmutable(), () => {
  let plant: Machine
  let immutable = ''
  const make = (path: string): void => {
    immutable = path
    expect(run('chattr', ['+i', path]).code).toBe(0)
  }
  afterEach(() => run('chattr', ['-i', immutable]))

  it.each([
    ['the file', () => join(plant.etc, place)],
    ['its folder', () => join(plant.etc, 'sysctl.d')],
    ['the folder of the records', () => join(plant.var, 'lib')],
  ])('stops install.sh before any change: %s', (_, path) => {
    plant = linuxMachine()
    make(path())
    expect(plant.run(`${whatThereIs}attempt install`)).toEqual(ends(0, 'install 1\nunchanged\n'))
  })

  it.each([
    ['the file', () => join(plant.etc, place)],
    ['its folder', () => join(plant.etc, 'sysctl.d')],
    ['the record', () => join(plant.var, 'lib/keepalive-kit/line-4/before')],
    ["the record's folder", () => join(plant.var, 'lib/keepalive-kit/line-4')],
  ])('stops uninstall.sh before any change: %s', (_, path) => {
    plant = linuxMachine()
    expect(plant.run('sh "$KIT/install.sh"').code).toBe(0)
    make(path())
    // The values from install.sh ended with the network namespace of that run: sysctl sets them again, as at a boot.
    const started = 'sysctl -q -p /etc/sysctl.d/60-keepalive.conf'
    expect(plant.run(`${whatThereIs}${started}\nattempt uninstall`)).toEqual(ends(0, 'uninstall 1\nunchanged\n'))
  })
})

// A user other than root owns every file and runs the script: root could write everywhere.
const nobody = '65534'
const asNobody = `${whatThereIs.replaceAll('/etc /var', '/var/image')}
mkdir -p /var/image/etc/sysctl.d /var/image/var/lib /var/tmp && cp -r "$KIT" /var/kit && chmod 0755 /var/kit && cp "$PLACE" /var/image/etc/sysctl.d/
[ ! "$INSTALLED" ] || sh /var/kit/install.sh --root /var/image >/dev/null
chown -R ${nobody}:${nobody} /var/image /var/tmp
chmod "$MODE" "/var/image/$DENIED"
sh() {
  shift
  TMPDIR=/var/tmp setpriv --reuid ${nobody} --regid ${nobody} --clear-groups sh "/var/kit/$SCRIPT.sh" --root /var/image
}
attempt "$SCRIPT"
cat "$MACHINE/changes"
ls -A /var/tmp
`

const missingOtherUser =
  missingNamespaces() ??
  missingPrograms('setpriv') ??
  (process.getuid?.() === 0 ? undefined : 'only root can become another user')

describeWithOracle('A missing permission', missingOtherUser, () => {
  const record = 'var/lib/keepalive-kit/line-4'

  it.each([
    ['install', '0555', 'etc/sysctl.d'],
    ['install', '0555', 'var/lib'],
    ['install', '0555', 'var'],
    ['install', '0000', `etc/${place}`],
    ['install', '0000', 'etc'],
    ['uninstall', '0555', 'etc/sysctl.d'],
    ['uninstall', '0000', 'etc/sysctl.d'],
    ['uninstall', '0555', record],
    ['uninstall', '0000', record],
    ['uninstall', '0000', `${record}/before`],
    ['uninstall', '0000', `${record}/installed`],
  ])('stops %s on an image before any change: mode %s of %s', (script, mode, denied) => {
    const env = {
      KIT: kit,
      PLACE: `/etc/${place}`,
      SCRIPT: script,
      MODE: mode,
      DENIED: denied,
      INSTALLED: script === 'uninstall' ? 'yes' : '',
    }
    expect(machine({ [place]: mine }, env).run(asNobody)).toEqual(ends(0, `${script} 1\nunchanged\n`))
  })
})

describeWithOracle('With /etc, /var and /tmp on separate file systems,', missingNamespaces(), () => {
  it('a profile is installed, verified and uninstalled', () => {
    const plant = linuxMachine()
    const code = `${whatThereIs}
      for folder in etc var; do
        cp -a "/$folder" "$MACHINE/copy" && mount -t tmpfs -o mode=755 none "/$folder" && cp -a "$MACHINE/copy/." "/$folder/" && rm -r "$MACHINE/copy"
      done
      mkdir "$MACHINE/tmp" && mount -t tmpfs none "$MACHINE/tmp" && TMPDIR=$MACHINE/tmp && export TMPDIR
      stat -c %d /etc /var "$TMPDIR" | sort -u | wc -l
      what_there_is >"$MACHINE/original"
      for script in install check uninstall; do sh "$KIT/$script.sh" >/dev/null; echo "$script $?"; done
      what_there_is | diff "$MACHINE/original" - && ls -A "$TMPDIR"`
    expect(plant.run(code)).toEqual(ends(0, '3\ninstall 0\ncheck 0\nuninstall 0\n'))
  })

  it('a link from /etc into /var stays, and its target gets its original bytes back', () => {
    const plant = linuxMachine()
    unlinkSync(join(plant.etc, place))
    symlinkSync('/var/conf/ours.conf', join(plant.etc, place))
    const code = `
      mount -t tmpfs none /var && mkdir /var/lib /var/conf && echo kern=1 >/var/conf/ours.conf && chmod 0600 /var/conf/ours.conf
      for script in install check uninstall; do
        sh "$KIT/$script.sh" >/dev/null; echo "$script $?"; readlink "$PLACE"; stat -c '%a %F' /var/conf/ours.conf; wc -l </var/conf/ours.conf
      done
      cat /var/conf/ours.conf; ls -A /var/conf; ls -A /var/lib`
    const linked = (script: string, mode: number, lines: number): string =>
      `${script} 0\n/var/conf/ours.conf\n${mode} regular file\n${lines}\n`
    expect(plant.run(code)).toEqual(
      ends(
        0,
        `${linked('install', 644, 8)}${linked('check', 644, 8)}${linked('uninstall', 600, 1)}kern=1\nours.conf\n`,
      ),
    )
  })
})

describe.skipIf(process.platform === 'win32')('A sysctl.conf with a second hard link', () => {
  const tcbsd = buildTarget('tcbsd', profile)
  const onImage = (root: string, script: string) => runScript(join(tcbsd, script), ['--root', root])

  // A rename gives the first name a new file, and the second name keeps the user's bytes. It may be a backup, and a
  // change inside the shared file would not be all or nothing.
  it('receives the block under this name only, and uninstall.sh restores its bytes', () => {
    const root = tree({ 'etc/sysctl.conf': 'a=1' })
    const [first, second] = [join(root, 'etc/sysctl.conf'), join(root, 'etc/sysctl.conf.mine')]
    linkSync(first, second)
    expect(onImage(root, 'install.sh').code).toBe(0)
    expect(readFileSync(first, 'latin1')).toContain('# BEGIN keepalive-kit line-4\n')
    expect(readFileSync(second, 'latin1')).toBe('a=1')
    expect(onImage(root, 'uninstall.sh').code).toBe(0)
    expect(filesOf(root)).toEqual({ 'etc/sysctl.conf': 'a=1', 'etc/sysctl.conf.mine': 'a=1' })
    expect(statSync(first).ino).not.toBe(statSync(second).ino)
  })
})

describeWithOracle('On a FAT stick', missingPrograms('mkfs.fat', 'mcopy'), () => {
  const bundle = newFolder()
  const stick = newFolder()
  let copied: string
  beforeAll(() => {
    for (const { path, bytes, mode } of buildBundle(profileText(profile))) {
      mkdirSync(dirname(join(bundle, path)), { recursive: true })
      writeFileSync(join(bundle, path), bytes, { mode })
    }
    const image = join(stick, 'stick.img')
    copied = join(stick, 'copied')
    mkdirSync(copied)
    const steps: [string, string[]][] = [
      ['mkfs.fat', ['-C', image, '2048']],
      ['sh', ['-c', `mcopy -s -i "${image}" "${bundle}"/* ::/`]],
      ['mcopy', ['-s', '-n', '-i', image, '::*', copied]],
    ]
    for (const [program, args] of steps) expect(run(program, args)).toMatchObject({ code: 0, stderr: '' })
  })

  it('the bundle keeps its names and bytes', () => {
    expect(Object.keys(filesOf(copied))).toContain('tcbsd/install.sh')
    expect(filesOf(copied)).toEqual(filesOf(bundle))
  })

  it('no two names of the bundle differ only in case', () => {
    const paths = Object.keys(filesOf(bundle)).map((path) => path.toLowerCase())
    expect(paths.length).toBeGreaterThan(20)
    expect(new Set(paths).size).toBe(paths.length)
  })

  it('the scripts also run under their short names', () => {
    for (const target of ['linux', 'tcbsd'])
      for (const name of ['INSTALL.SH', 'UNINST~1.SH', 'CHECK.SH']) {
        const short = join(newFolder(), name)
        expect(run('mcopy', ['-i', join(stick, 'stick.img'), `::${target}/${name}`, short])).toEqual(ends(0, ''))
        expect(runScript(short, ['--help'])).toMatchObject({ code: 0, stderr: '' })
      }
  })

  it.each(['linux', 'tcbsd'])('the scripts for %s run without an executable bit', (target) => {
    const script = join(copied, target, 'install.sh')
    expect(modeOf(script)).toBe('0644')
    expect(runScript(script, ['--help'])).toMatchObject({ code: 0, stderr: '' })
    const [fromStick, fromBundle] = [newFolder(), newFolder()]
    for (const [kitFolder, root] of [
      [copied, fromStick],
      [bundle, fromBundle],
    ] as const)
      expect(runScript(join(kitFolder, target, 'install.sh'), ['--root', root])).toMatchObject({ code: 0, stderr: '' })
    expect(filesOf(fromStick)).toEqual(filesOf(fromBundle))
    expect(runScript(join(copied, target, 'check.sh'), ['--root', fromStick])).toMatchObject({ code: 0 })
    expect(runScript(join(copied, target, 'uninstall.sh'), ['--root', fromStick])).toMatchObject({
      code: 0,
      stderr: '',
    })
    expect(filesOf(fromStick)).toEqual({})
  })
})
