import { mkdtempSync, readdirSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { run } from './oracle.ts'
import { ROOT } from './profiles.ts'

/** The package, installed from its tarball into an empty folder. */
export interface Installed {
  /** A project of modules that has only this package. */
  readonly folder: string
  /** The paths in the tarball. */
  readonly files: readonly string[]
}

/**
 * Packs the built package and installs it, without network. It does not run `prepack`, because other tests run the
 * built program.
 */
export function installPacked(): Installed {
  const folder = mkdtempSync(join(tmpdir(), 'keepalive-kit-packed-'))
  const packed = npm(ROOT, 'pack', '--ignore-scripts', '--json', '--pack-destination', folder)
  const [{ filename, files }] = JSON.parse(packed) as [
    { filename: string; files: readonly { readonly path: string }[] },
  ]
  writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }\n')
  npm(folder, 'install', '--offline', '--no-audit', '--no-fund', `./${filename}`)
  return { folder, files: files.map(({ path }) => path) }
}

function npm(folder: string, ...args: readonly string[]): string {
  const { code, stdout, stderr } = run('npm', args, { cwd: folder })
  if (code !== 0) throw new Error(`npm ${args.join(' ')}: ${stderr}`)
  return stdout
}

/** The packages in a project. */
export function packagesIn(folder: string): readonly string[] {
  return readdirSync(join(folder, 'node_modules')).filter((name) => !name.startsWith('.'))
}
