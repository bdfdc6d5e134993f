import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { timesOf, spread } from '../../support/depth.ts'
import { onImage, onUnix } from '../../support/shell-kits.ts'
import { tree } from '../../support/shells.ts'

// Who has the last word at the next start, as install.sh and check.sh say. The profile's idle time is 60000 ms.

const idle = 'net.inet.tcp.keepidle'
const local = 'etc/sysctl.conf.local'

onUnix('The next start of FreeBSD', () => {
  it.each<[line: string, sets?: number]>([
    [`${idle}=1`, 1],
    [`  ${idle} : 2 # c`, 2],
    [`${idle}="3"\r`, 3],
    [`${idle}.=4`, 4],
    [`${idle}='0x14'`, 20],
    [`${idle}=60000`],
    [`${idle}=0xEA60`],
    [`${idle}=70000;`],
    [`${idle}=0`],
    [`${idle}=`],
    [`#${idle}=1`],
    [`${idle}X=1`],
    [idle],
  ])('is what install.sh and check.sh say: %j', (line, value) => {
    const root = tree({ [local]: `# mine\n${line}\n` })
    const { code, stderr } = onImage(root, 'install.sh')
    expect({ code, stderr }).toEqual(
      value === undefined
        ? { code: 0, stderr: '' }
        : {
            code: 4,
            stderr: `warning: /${local}:2 sets ${idle} to ${value} at the next start. Remove or correct that line.\n`,
          },
    )
    expect(onImage(root, 'check.sh').code).toBe(value === undefined ? 0 : 1)
  })

  it('is read from /etc/sysctl.conf.local last, so lines of /etc/sysctl.conf do not overrule a block there', () => {
    const root = tree({ 'etc/sysctl.conf': `${idle}=1\n` })
    expect(onImage(root, 'install.sh', '--local')).toMatchObject({ code: 0, stderr: '' })
  })

  /** The answers of real programs: FreeBSD's sysctl compiled and run; lines on which its releases differ are left out. */
  const measured = readFileSync(join(import.meta.dirname, '../../../../shared/cases/freebsd-lines.tsv'), 'utf8')
    .split('\n')
    .slice(1)
    .filter((row) => row.includes('\t') && !row.includes(' | '))
    .map((row) => row.split('\t') as [string, string])
    .filter(([text]) => !text.includes('\\u'))
  const some = spread(measured.length, timesOf(measured.length, 8, 24)).flatMap((at) => measured.slice(at, at + 1))

  it.each(some)('is read as sysctl(8) reads it: %s', (text, answer) => {
    const wanted = Object.fromEntries(
      [...answer.matchAll(/set (net\.inet\.tcp\.\w+) (-?\d+)/g)].map(([, key, value]) => [key, value]),
    )
    const { stdout } = onImage(tree({ [local]: JSON.parse(text) as string }), 'check.sh')
    const found = Object.fromEntries(
      [...stdout.matchAll(/^(\S+): wanted \d+, at the next start (-?\d+) /gm)].map(([, key, value]) => [key, value]),
    )
    expect(found).toEqual(wanted)
  })
})
