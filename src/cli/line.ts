import { parseArgs } from 'node:util'
import type { OptionSet } from './definition.ts'

/** One option as it is written on a command line. */
export interface Given {
  /** The long name of a known option, else the name as written. */
  readonly name: string
  /** `-t` or `--target`. */
  readonly written: string
  /** The whole argument that it is part of, such as `-qn` or `--target=linux`. */
  readonly argument: string
  readonly value: string | undefined
  /** The value is part of the argument, as in `--target=linux`, and not the next one. */
  readonly inline: boolean
}

/** A command line in its parts, before anything in it is checked. */
export interface Line {
  /** The command's name and what follows it. */
  readonly words: readonly string[]
  readonly given: readonly Given[]
  /** `--` stands in it: no option comes after that. */
  readonly ended: boolean
}

/** Takes a command line apart. `options` are all that there are: flags have no value, others take the next argument. */
export function splitLine(argv: readonly string[], options: OptionSet): Line {
  const { tokens } = parseArgs({
    args: [...argv],
    options: Object.fromEntries(
      Object.entries(options).map(([name, { kind, short }]) => [
        name,
        {
          type: kind === 'flag' ? ('boolean' as const) : ('string' as const),
          ...(short === undefined ? {} : { short }),
        },
      ]),
    ),
    strict: false,
    tokens: true,
  })
  return {
    words: tokens.flatMap((token) => (token.kind === 'positional' ? [token.value] : [])),
    given: tokens.flatMap((token) => {
      if (token.kind !== 'option') return []
      const { name, rawName: written, value, inlineValue: inline = false, index } = token
      // `-o=out` is `-o out`, as `--out=out` is.
      const own = inline && !written.startsWith('--') ? value?.replace(/^=/, '') : value
      return [{ name, written, argument: argv[index] ?? '', value: own, inline }]
    }),
    ended: tokens.some(({ kind }) => kind === 'option-terminator'),
  }
}
