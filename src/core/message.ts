/** An error keeps the kit from making or accepting something; a warning does not, unless `--strict` says so. */
export type Severity = 'error' | 'warning'

/**
 * The subject of a problem, which decides its consequences:
 * - `input`: something that the kit was given or once wrote is wrong, so the answer is no.
 * - `capture`: a line of a machine's own file that the machine skips or misreads; the rest of the file still counts.
 * - `usage`: the command line makes no sense, or names something that cannot be read.
 * - `machine`: the system on which the kit runs: no permission, no room.
 * - `bug`: a fault of the kit.
 */
export type About = 'input' | 'capture' | 'usage' | 'machine' | 'bug'

/** One kind of problem. `words` makes its message from the values that it names. */
export interface Message<Data> {
  /** The severity unless the case has its own. */
  readonly severity: Severity
  readonly about: About
  readonly words: (data: Data) => Words
}

/** A message; several lines where its subject has them, such as a parser's complaint about the command line. */
export type Words = string | readonly string[]

/** The data of a message that names no values. */
export type NoData = Readonly<Record<string, never>>

/** An entry of a catalogue: its words, or how they are made from the data. */
interface Entry {
  (words: string): Message<NoData>
  <Data>(words: (data: Data) => Words): Message<Data>
}

/** Makes the entries of a catalogue: `'reg/no-bom': error('this is UTF-16 ...')`. */
export function messagesAbout(about: About): { readonly error: Entry; readonly warning: Entry } {
  return { error: entry('error', about), warning: entry('warning', about) }
}

function entry(severity: Severity, about: About): Entry {
  return <Data>(words: string | ((data: Data) => Words)): Message<Data> => ({
    severity,
    about,
    words: typeof words === 'string' ? () => words : words,
  })
}
