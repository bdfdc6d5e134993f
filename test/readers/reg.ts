/**
 * Reads a .reg file by the rules of Windows, written from their description and not from our templates: header,
 * `[KEY]`, `"NAME"=dword:HEX` with at most 8 digits, `"NAME"=-`. Throws where Windows would skip a line.
 */
export function readReg(bytes: Uint8Array): ReadonlyMap<string, number | 'delete'> {
  const raw = Buffer.from(bytes)
  const wide = raw[0] === 0xff && raw[1] === 0xfe
  const text = wide ? raw.subarray(2).toString('utf16le') : raw.toString('latin1')
  const [header, blank, ...lines] = text.split('\r\n')
  const known = wide ? ['Windows Registry Editor Version 5.00'] : ['Windows Registry Editor Version 5.00', 'REGEDIT4']
  if (!known.includes(header ?? '') || blank !== '') throw new Error(`not a header: ${header}`)
  if (lines.splice(-2).join('') !== '' || !text.endsWith('\r\n\r\n')) throw new Error('no blank line at the end')
  const values = new Map<string, number | 'delete'>()
  let key: string | undefined
  for (const line of lines) {
    const [, begun] = /^\[(HKEY_LOCAL_MACHINE\\[^\]]*[^\]\\ ])\]$/.exec(line) ?? []
    const [, name, hex] = /^"([^"\\]+)"=(?:-|dword:([0-9a-fA-F]{1,8}))$/.exec(line) ?? []
    if (begun !== undefined) key = begun
    else if (key !== undefined && name !== undefined)
      values.set(`${key}\\${name}`, hex === undefined ? 'delete' : Number.parseInt(hex, 16))
    else throw new Error(`Windows would skip ${JSON.stringify(line)}`)
  }
  return values
}
