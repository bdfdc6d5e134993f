import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** One folder for all temporary files of the tests, which is removed at the end. */
export default function temporary(): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'keepalive-kit-tests-'))
  process.env['TMPDIR'] = folder
  return () => rmSync(folder, { recursive: true, force: true })
}
