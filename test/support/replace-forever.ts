import { replaceTree } from '../../src/io/tree.ts'

// Replaces a tree of 200 files over and over, each time with other content, until the process is killed.

const folder = process.argv[2] ?? ''
const ended = Date.now() + 20_000
for (let round = 0; Date.now() < ended; round += 1) {
  replaceTree(
    folder,
    Array.from({ length: 200 }, (_, i) => ({
      path: `file-${i}`,
      mode: 0o644 as const,
      bytes: Buffer.from(`round ${round}`),
    })),
  )
  if (round === 0) process.stdout.write('once\n')
}
