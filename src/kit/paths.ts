/** A path in a file, relative to the folder that the file's own path is relative to; with `/` on every system. */
export function pathBeside(file: string, path: string): string {
  const parts: string[] = []
  for (const part of [...file.split('/').slice(0, -1), ...path.split('/')]) {
    if (part === '' || part === '.') continue
    if (part === '..' && parts.length > 0 && parts.at(-1) !== '..') parts.pop()
    else parts.push(part)
  }
  return `${file.startsWith('/') ? '/' : ''}${parts.join('/')}`
}
