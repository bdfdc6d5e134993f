/** A path that is written in a file, as it is seen from where the file is seen; with `/` on every system. */
export function pathBeside(file: string, path: string): string {
  const parts: string[] = []
  for (const part of [...file.split('/').slice(0, -1), ...path.split('/')]) {
    if (part === '' || part === '.') continue
    if (part === '..' && parts.length > 0 && parts.at(-1) !== '..') parts.pop()
    else parts.push(part)
  }
  return `${file.startsWith('/') ? '/' : ''}${parts.join('/')}`
}
