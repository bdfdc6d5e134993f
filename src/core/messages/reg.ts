import { messagesAbout } from '../message.ts'
import { show } from '../words.ts'

const { error, warning } = messagesAbout('capture')

const SAVE = 'save it as UTF-16 LE with a byte order mark, as regedit does, or as ASCII'
const REFUSED = 'Windows refuses the whole file, and Windows XP imports nothing and reports success'
const SKIPPED = 'Windows silently skips this value'

/** Lines that Windows would skip in a .reg file, and problems in the output of reg.exe. */
export const REG_MESSAGES = {
  'reg/no-bom': error(`this is UTF-16 without a byte order mark: ${REFUSED}; ${SAVE}`),
  'reg/big-endian': error(`this is UTF-16 in big-endian order: Windows imports nothing of it; ${SAVE}`),
  'reg/utf8-bom': error(
    `the file begins with a byte order mark of UTF-8: not every importer takes that, so nothing counts here; ${SAVE}`,
  ),
  'reg/code-page': warning(
    'this is not ASCII, and without a byte order mark Windows reads it in the code page of each machine; here it is read as windows-1252; save the file as UTF-16 LE with a byte order mark',
  ),
  'reg/no-header': error(
    (d: { first: string }) =>
      `the first line is ${d.first === '' ? 'empty' : show(d.first)} and no header: ${REFUSED}; begin the file with Windows Registry Editor Version 5.00`,
  ),
  'reg/bad-header': error(
    (d: { header: string }) =>
      `${show(d.header)} is not a header that Windows knows: ${REFUSED}; write exactly Windows Registry Editor Version 5.00 or REGEDIT4, in this case`,
  ),
  'reg/header-imports-nothing': error(
    (d: { header: string }) =>
      `Windows takes ${show(d.header)} for a header, imports nothing and reports success; write exactly REGEDIT4, or Windows Registry Editor Version 5.00`,
  ),
  'reg/windows-3': error(
    'REGEDIT begins a file of Windows 3.1, which sets nothing but default values below HKEY_CLASSES_ROOT; write REGEDIT4, or Windows Registry Editor Version 5.00',
  ),
  'reg/header-not-first': error(
    (d: { line: number }) =>
      `the header is in line ${d.line}, but only the first line counts: ${REFUSED}; move it to the top`,
  ),
  'reg/fragment': warning(
    'the file has no header: it is read as a part of the registry of a Windows CE image; Windows itself refuses it',
  ),
  'reg/conditional': warning(
    'lines between IF and ENDIF count only in an image that is built with this variable; here they are read as if it were set',
  ),

  'reg/key-leading-blank': warning(
    (d: { before: string | undefined }) =>
      `a blank after [ makes Windows ignore this line; the values below it go ${where(d.before)}; remove the blank`,
  ),
  'reg/key-not-closed': warning(
    (d: { before: string | undefined }) =>
      `without a ] Windows ignores this line; the values below it go ${where(d.before)}; write ] at its end`,
  ),
  'reg/unknown-root': warning(
    (d: { root: string; instead: string | undefined }) =>
      `Windows knows no root ${show(d.root)} in a .reg file and ignores all values below it; ${d.instead === undefined ? 'roots are HKEY_LOCAL_MACHINE and the like, in full' : `write ${d.instead}`}`,
  ),
  'reg/key-begins-with-backslash': warning(
    'two backslashes after the root: Windows opens no such key and ignores all values below it; write one backslash',
  ),
  'reg/key-doubled-backslash': warning('two backslashes in a row count as one; in keys they are not doubled'),
  'reg/key-blank': warning(
    (d: { part: string }) =>
      `${show(d.part)} begins or ends with a blank: Windows makes another key of that name beside the usual one; remove the blank`,
  ),
  'reg/key-bracket': warning(
    'a key ends at the last ] of its line, so the comment becomes part of its name; put the comment in a line of its own',
  ),
  'reg/after-key': warning(
    (d: { text: string }) => `Windows ignores ${show(d.text)} after the ]; put it on a line of its own`,
  ),
  'reg/no-key-deleted': warning(
    'Windows deletes nothing here: behind [- comes the full path of a key, without a blank; and it ignores values below this line',
  ),
  'reg/value-without-key': warning('no key comes before this value, so Windows ignores it; write [KEY] first'),
  'reg/value-below-deleted-key': warning(
    'Windows ignores values below a key that is deleted; repeat the key in a line [KEY] of its own above them',
  ),

  'reg/not-a-line': warning(
    'this is not a key, a value or a comment; Windows ignores it and similar lines right below it',
  ),
  'reg/name-not-closed': warning(`the name has no " at its end; ${SKIPPED}`),
  'reg/no-equals-sign': warning(`behind the name of a value comes =; ${SKIPPED}`),
  'reg/null-escape': warning(`\\0 is not possible in a text; ${SKIPPED}; for a backslash write \\\\`),
  'reg/unknown-escape': warning(
    (d: { character: string }) => `\\${d.character} means ${show(d.character)} alone; for a backslash write \\\\`,
  ),
  'reg/text-not-closed': warning(`the text has no " at its end in this line; ${SKIPPED}`),
  'reg/after-value': warning(
    (d: { text: string }) => `${show(d.text)} after the value makes Windows silently skip it; a comment begins with ;`,
  ),
  'reg/unknown-type': warning((d: { text: string; lower: boolean }) =>
    d.lower
      ? `${show(d.text)} must be written in lower case; importers skip it`
      : `${show(d.text)} is not a value; ${SKIPPED}; a number is written dword: and hex digits, a text between "`,
  ),
  'reg/dword-empty': warning(`dword: has no digits; ${SKIPPED}`),
  'reg/dword-too-long': warning(
    (d: { digits: number }) =>
      `dword: takes at most 8 hex digits, and here are ${d.digits}; ${SKIPPED}, even where the first are zeros`,
  ),
  'reg/dword-prefix': warning(`dword: is always hex and takes no 0x; ${SKIPPED}; write the digits alone`),
  'reg/dword-not-hex': warning((d: { text: string }) => `${show(d.text)} is not hex digits; ${SKIPPED}`),
  'reg/bad-hex': warning(
    (d: { text: string }) =>
      `hex data must be bytes of one or two hex digits, separated by commas; ${d.text.trim() === '' ? 'a blank' : show(d.text)} is not such a byte; ${SKIPPED}, with all lines of it`,
  ),
  'reg/bad-continuation': warning(
    (d: { line: number }) =>
      `line ${d.line} ends in a backslash, but this line does not go on with hex digits; Windows skips that value and this line`,
  ),
  'reg/no-line-end': warning(
    'the last line has no line end: reg import of Windows XP drops it; end the file with an empty line',
  ),

  'reg/query-without-key': warning('no key comes before this value, so it belongs nowhere; print the key too'),
  'reg/query-key-blank': warning(
    'the name of this key ends with a blank: either it is another key beside the usual one, or the blank got in when the text was copied; look on the machine',
  ),
  'reg/query-not-a-number': warning(
    (d: { text: string }) =>
      `reg.exe prints a REG_DWORD as 0x and up to 8 hex digits, and ${show(d.text)} is not; the value is left out`,
  ),
} as const

function where(key: string | undefined): string {
  return key === undefined ? 'nowhere' : `to ${show(key)}`
}
