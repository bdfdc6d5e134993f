import { describe, expect, it } from 'vitest'
import type { Permissions } from '../../src/core/target.ts'
import { assignments, readCmd, type Script } from '../readers/cmd.ts'
import { buildBundle, profileText } from '../support/build.ts'

/** Builtins of cmd.exe that affect only the script and its output. */
const HARMLESS = new Set('call echo echo. echo: exit for goto set setlocal endlocal shift pause ver'.split(' '))
/** Commands and programs that execute text or reach beyond the machine. */
const FORBIDDEN =
  /^(?:cmd|start|powershell|pwsh|wscript|cscript|mshta|rundll32|net|curl|bitsadmin|certutil|ftp|tftp|wmic)(?:\.exe)?$/i

const SCRIPTS = ['windows', 'windows-xp']
  .flatMap((target) => buildBundle(profileText({ name: 'line-4' }), target))
  .filter(({ path }) => path.endsWith('.cmd'))
  .map(({ path, bytes, permissions }) => ({
    path,
    script: readCmd(Buffer.from(bytes).toString('latin1')),
    permissions: permissions as Permissions,
  }))

/** Variables that Windows sets, known only when the script runs. */
const GIVEN = new Set(['TEMP', 'SystemRoot', 'ProgramData', 'ALLUSERSPROFILE'])

/**
 * Every text to which an expression in a part can expand, by the variables of the script and the arguments of the part.
 */
function resolve(text: string, script: Script, part: string, depth = 6): readonly string[] {
  if (text.includes('%~dp0')) return resolve(text.replaceAll('%~dp0', ''), script, part, depth)
  const found = /%(?:(\w+)%|([1-9])|(%[A-Z]))/.exec(text)
  if (found === null || depth === 0) return [text.replaceAll(/%~\w*\d|%%~?\w+|%\w+(?::[^%]*)?%|%\d/g, '*')]
  const [whole, simple, place, looped] = found
  const name = simple ?? `%${looped}`
  const sources = place === undefined ? valuesOf(script, name, part) : calls(script, part, Number(place))
  const values = sources
    .flatMap(({ value, part: where }) => resolve(value, script, where, depth - 1))
    .filter((value) => value !== '')
  const known = GIVEN.has(name) ? [`<${name}>`] : values.length === 0 ? ['*'] : [...new Set(values)]
  return [
    ...new Set(
      known.flatMap((value) =>
        resolve(
          text.replace(whole, () => value),
          script,
          part,
          depth - 1,
        ),
      ),
    ),
  ]
}

/**
 * The values that a script assigns to a variable, except edits of its own value. A variable of a `for` counts only in
 * its part. In a script for images, values from the part `place` replace those from the part `constants`.
 */
function valuesOf(script: Script, name: string, part: string): readonly { value: string; part: string }[] {
  const set = assignments(script).filter((one) => one.name === name && !one.value.includes(`%${name}`))
  if (name.startsWith('%%')) return set.filter((one) => one.part === part)
  return set.some((one) => one.part === 'place') ? set.filter((one) => one.part !== 'constants') : set
}

/** The arguments at one position in all calls of a part. */
function calls({ commands }: Script, part: string, place: number): readonly { value: string; part: string }[] {
  return commands
    .filter(({ words }) => words[0]?.toLowerCase() === 'call' && words[1]?.toLowerCase() === `:${part}`)
    .flatMap(({ words, part: where }) => ({ value: words[1 + place] ?? '', part: where }))
}

const plain = (text: string): string => text.replaceAll(/<(\w+)>/g, '%$1%').replaceAll('"', '')

/** The programs and file commands of a script, in the form of its list. */
const commandsOf = (script: Script): readonly string[] => {
  const names = script.commands.flatMap(({ words, part }) =>
    [
      words[0],
      ...(words[0]?.toLowerCase() === 'call' && !/^(?::|set$)/i.test(words[1] ?? '') ? [words[1]] : []),
    ].flatMap((word) => (word === undefined ? [] : resolve(word, script, part))),
  )
  return [...new Set(names.map((name) => plain(name).replace(/.*\\/, '').toLowerCase()))]
    .filter((name) => !HARMLESS.has(name))
    .toSorted()
}

/** The paths that redirections and file commands write. */
const writtenBy = (script: Script): readonly string[] => {
  const written = script.commands.flatMap(({ words, redirected, part }) => [
    ...redirected.filter((target) => !/^&\d$|^nul$/i.test(target)).flatMap((target) => resolve(target, script, part)),
    ...(FILE_COMMAND.test(words[0] ?? '') ? words.slice(1).flatMap((word) => resolve(word, script, part)) : []),
  ])
  return [...new Set(written.map(plain))].filter((path) => !/^\/[a-z]$/i.test(path)).toSorted()
}
const FILE_COMMAND = /^(?:del|mkdir|md|rmdir|rd|move|copy|ren)$/i

const allows = (listed: readonly string[], path: string): boolean =>
  listed.some((one) => {
    const pattern = one.replaceAll(/[.\\]/g, String.raw`\$&`).replaceAll('*', '.*')
    return (
      new RegExp(String.raw`^${pattern}(?:\\.*)?$`, 'i').test(path.replace(/\\$/, '')) ||
      one.toLowerCase().startsWith(path.toLowerCase())
    )
  })

describe.each(SCRIPTS)('$path', ({ script, permissions }) => {
  it('uses exactly the commands of its list', () => {
    expect(commandsOf(script)).toEqual(permissions.commands)
  })

  it('executes no text and reaches no network', () => {
    const names = script.commands.map(({ words }) => words[0] ?? '')
    expect(names.filter((name) => FORBIDDEN.test(name))).toEqual([])
    expect(script.commands.filter(({ words }) => words[0] === 'set' && words[1]?.toLowerCase() === '/p')).toEqual([])
    const called = script.commands
      .filter(({ words }) => words[0]?.toLowerCase() === 'call')
      .flatMap(({ words, part }) => resolve(words[1] ?? '', script, part))
    // `call set` expands a variable whose name another variable holds; its value is data. Another script is a command.
    const elsewhere = called.filter((label) => !script.labels.has(label.replace(/^:/, '').toLowerCase()))
    expect(elsewhere.filter((label) => !/^set$|^"install\.cmd"$/i.test(label))).toEqual([])
  })

  it('writes only the files of its list', () => {
    expect(writtenBy(script).filter((path) => !allows(permissions.writes.files, path))).toEqual([])
  })

  it('names files of Windows only from its list', () => {
    const words = script.commands.flatMap(({ words: all, part }) => all.flatMap((word) => resolve(word, script, part)))
    // A full stop or comma after a path belongs to a message.
    const named = words
      .map((word) => plain(word).replace(/[.,]$/, ''))
      .filter((word) => /^%(?:SystemRoot|ProgramData|ALLUSERSPROFILE|TEMP)%\\/.test(word))
    const programs = (path: string) => permissions.commands.includes(path.replace(/.*\\/, '').toLowerCase())
    const listed = [...permissions.reads.files, ...permissions.writes.files]
    expect([...new Set(named)].filter((path) => !programs(path) && !allows(listed, path))).toEqual([])
  })

  it('names registry keys only from its list', () => {
    const texts = script.commands.flatMap(({ words, part }) => words.flatMap((word) => resolve(word, script, part)))
    const named = texts.flatMap((text) =>
      [...text.matchAll(/\b(?:HKLM|HKU|HKCU|HKEY_[A-Z_]+)\\[\w\\*-]+/g)].map(([key]) => key),
    )
    const listed = [...permissions.reads.keys, ...permissions.writes.keys]
    const inFull = (key: string) => key.replace(/^HKU/, 'HKEY_USERS').replace(/^HKLM/, 'HKEY_LOCAL_MACHINE')
    expect([...new Set(named)].filter((key) => !allows(listed, inFull(key)))).toEqual([])
  })
})
