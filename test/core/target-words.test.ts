import { describe, expect, it } from 'vitest'
import { meantTarget, unknownTarget } from '../../src/core/target-words.ts'
import { targetNames } from '../../src/core/target.ts'
import { TARGETS } from '../../src/targets/index.ts'

describe('the target that a person means', () => {
  it.each([
    ['windows', ['win10', 'Win7', 'windows10', 'Windows 10 IoT', 'WINDOWS-11', 'windows_8.1', 'w10', 'windows', 'win']],
    ['windows', ['Windows Server 2019', 'server2022', 'Windows Embedded Standard 7', 'WES7', 'vista']],
    ['windows-xp', ['xp', 'XP', 'winxp', 'windowsxp', 'windows_xp', 'Windows XP SP3', 'xp-embedded', 'windows 2000']],
    ['windows-xp', ['Windows Server 2003 R2', 'win2k', 'WES2009', 'Windows Embedded Standard 2009']],
    [
      'windows-ce',
      ['wince', 'ce', 'CE', 'ce6', 'CE 7', 'windowsce', 'Windows_CE', 'Windows CE 6.0', 'WEC7', 'wec2013'],
    ],
    ['windows-ce', ['windows embedded compact 7']],
    ['tcbsd', ['bsd', 'BSD', 'TC/BSD', 'tc-bsd', 'TwinCAT/BSD', 'FreeBSD', 'freebsd14', 'FreeBSD 14.1']],
    ['linux', ['Linux', 'debian', 'Debian 12', 'debian12', 'ubuntu22.04', 'rtlinux', 'RT Linux', 'rt-linux', 'centos']],
    ['linux', ['Beckhoff RT Linux', 'raspberry-pi', 'RHEL9']],
  ])('is %s for %j', (id, texts) => {
    expect(texts.map((text) => meantTarget(TARGETS, text)?.id)).toEqual(texts.map(() => id))
  })

  it.each([
    '',
    '-',
    'ßß',
    'mac',
    'openbsd',
    'netbsd',
    'windows 98',
    'win95',
    'windows embedded',
    'cement',
    'x'.repeat(65),
  ])('is not known for "%s"', (text) => {
    expect(meantTarget(TARGETS, text)).toBeUndefined()
  })

  it('is advice only where it may stand in that place', () => {
    expect(unknownTarget(TARGETS, 'win10')).toMatchObject({ instead: { target: 'windows' } })
    expect(unknownTarget(TARGETS, 'debian', ['windows'])).toEqual({ target: 'debian', known: ['windows'] })
  })
})

describe('the words of the descriptors', () => {
  const words = [...TARGETS.values()].flatMap(({ alsoCalled }) => alsoCalled)

  it('are small letters and digits, so that they are compared as they are', () => {
    expect(words.filter((word) => !/^[a-z0-9]+\*?$/.test(word))).toEqual([])
  })

  it('each mean one target', () => {
    expect(words.filter((word, index) => words.indexOf(word) !== index)).toEqual([])
  })

  it('are no names that a profile may use', () => {
    expect(words.filter((word) => targetNames(TARGETS).some((name) => name === word))).toEqual([])
  })
})
