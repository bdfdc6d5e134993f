import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** One folder for everything temporary that the tests make; it goes when they are done. */
export default function temporary(): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'keepalive-kit-tests-'))
  process.env['TMPDIR'] = folder
  return () => rmSync(folder, { recursive: true, force: true })
}
