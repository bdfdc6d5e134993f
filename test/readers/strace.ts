/** The external effects of a process and its children, as recorded by strace -f -y; each list has no repetitions. */
export interface Traced {
  /** Programs that were started, by name. */
  readonly started: readonly string[]
  /** Files and folders that were created, written, renamed, changed or deleted. */
  readonly written: readonly string[]
  /** Sockets that reach beyond the machine. */
  readonly network: readonly string[]
}

/** The system calls that `readStrace` has to see. */
export const CALLS = [
  'execve,open,openat,creat,rename,renameat,renameat2,unlink,unlinkat,mkdir,mkdirat,rmdir,link,linkat,symlink,symlinkat',
  'truncate,chmod,fchmodat,chown,lchown,fchownat,mknod,mknodat,socket',
].join(',')

const OPENS = /^(?:open|openat|creat)\(/
const WRITES = /O_WRONLY|O_RDWR|O_CREAT|^creat\(/

/** The paths in a call; a path relative to an open folder follows that folder. */
function paths(call: string): readonly string[] {
  const found = call.matchAll(/(?<=[(\s])(?:(?:\d+|AT_FDCWD)<([^>]*)>, )?"([^"]*)"/g)
  return [...found].map(([, folder, path]) =>
    folder === undefined || path?.startsWith('/') ? `${path}` : `${folder}/${path}`,
  )
}

export function readStrace(text: string): Traced {
  // A call that another process interrupts takes two lines; the first has all its arguments. Failed calls have no
  // effect.
  const calls = text
    .split('\n')
    .map((line) => line.replace(/^\d+\s+/, ''))
    .filter((line) => /^[a-z]\w*\(/.test(line) && !/ = -1 E\w+/.test(line))
  const unique = (lists: readonly (readonly string[])[]) => [...new Set(lists.flat())].toSorted()
  return {
    started: unique(
      calls.filter((call) => call.startsWith('execve(')).map((call) => [paths(call)[0]?.replace(/.*\//, '') ?? '']),
    ),
    written: unique(
      calls
        .filter((call) => !/^(?:execve|socket)\(/.test(call) && (!OPENS.test(call) || WRITES.test(call)))
        .map((call) => (/^(?:symlink|symlinkat)\(/.test(call) ? paths(call).slice(1) : paths(call))),
    ),
    network: unique(
      calls.filter((call) => call.startsWith('socket(') && !call.includes('AF_UNIX')).map((call) => [call]),
    ),
  }
}
