/** Reads a sysctl.d file as sysctl.d(5) describes it: `key = value`, `#` and `;` comments, the last value wins. */
export function readLinuxSysctl(text: string): Readonly<Record<string, number>> {
  const values: Record<string, number> = {}
  for (const line of text.split('\n')) {
    if (/^\s*(?:[#;]|$)/.test(line)) continue
    const [, key, value] = /^\s*([a-z0-9_./-]+)\s*=\s*([0-9]+)\s*$/.exec(line) ?? []
    if (key === undefined || /^0[0-9]/.test(value ?? ''))
      throw new Error(`the kernel would not take ${JSON.stringify(line)}`)
    values[key.replaceAll('/', '.')] = Number(value)
  }
  return values
}
