import { mkdirSync, mkdtempSync, readdirSync, realpathSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { main } from '../../src/cli/main.ts'

export interface Answer {
  readonly code: number
  readonly out: string
  readonly err: string
}

/** A new folder with files, in which a test types commands. */
export class Desk {
  readonly folder = realpathSync(mkdtempSync(join(tmpdir(), 'keepalive-kit-desk-')))

  constructor(files: Readonly<Record<string, string | Uint8Array>> = {}) {
    for (const [name, content] of Object.entries(files)) {
      const path = join(this.folder, name)
      mkdirSync(dirname(path), { recursive: true })
      writeFileSync(path, content)
    }
  }

  /**
   * Types a command line, split at its blanks, or its arguments; isolated from the real terminal, environment and working folder. The progress lines of a slow run
   * are left out, so that no test depends on the speed of the machine.
   */
  async type(
    line: string | readonly string[],
    options: {
      readonly stdin?: string
      readonly terminal?: boolean
      readonly columns?: number | undefined
      readonly env?: Record<string, string>
    } = {},
  ): Promise<Answer> {
    let out = ''
    let err = ''
    const code = await main(typeof line === 'string' ? line.split(' ').filter(Boolean) : line, '0.0.0', {
      cwd: this.folder,
      env: options.env ?? {},
      readStdin: () => Promise.resolve(Buffer.from(options.stdin ?? '')),
      out: (text) => void (out += text),
      err: (text) => void (err += text),
      terminal: options.terminal ?? false,
      columns: options.columns,
    })
    return { code, out, err: err.replace(/^fleet \d+ of \d+\n/gm, '') }
  }

  /** Every file below the folder, sorted. */
  files(): readonly string[] {
    return readdirSync(this.folder, { recursive: true, withFileTypes: true })
      .filter((entry) => !entry.isDirectory())
      .map(({ parentPath, name }) =>
        join(parentPath, name)
          .slice(this.folder.length + 1)
          .replaceAll('\\', '/'),
      )
      .toSorted()
  }
}

export const LINE4 = 'name: line4\nidle: 20s\ninterval: 5s\n'
