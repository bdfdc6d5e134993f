import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** The script that makes the kit's zips. */
export const SCRIPT = fileURLToPath(new URL('fleet.py', import.meta.url))

/** A Python with the packages that the script needs, or the reason why there is no such Python. */
export type Python =
  | { readonly program: string; readonly missing?: undefined }
  | { readonly program?: undefined; readonly missing: string }

/** The system's Python comes first: it has the packages that people have, and a wrapper on PATH takes time. */
export function findPython(): Python {
  const program = ['/usr/bin/python3', 'python3'].find(
    (name) => spawnSync(name, ['-c', 'import jinja2, yaml']).status === 0,
  )
  return program === undefined
    ? { missing: 'no python3 with jinja2 and yaml (packages python3-jinja2 and python3-yaml)' }
    : { program }
}
