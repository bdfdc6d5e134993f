'use strict'
// Runs first in the scripts of package.json: if node_modules differs from package-lock.json, it runs `npm ci`, so that
// `npm start` and `npm test` alone are enough in a fresh clone. It runs before anything is installed, and reports a Node that
// is too old: hence CommonJS, the syntax of Node 10, and no dependencies.

const { spawnSync } = require('child_process')
const { existsSync, readFileSync, writeSync } = require('fs')
const { join } = require('path')

const ROOT = join(__dirname, '../..')

/** Unlike console.error, writes at once on Windows too, where spawnSync holds back what is not written. */
const say = (sentence) => writeSync(2, `${sentence}\n`)

const readJson = (path) => JSON.parse(readFileSync(join(ROOT, path), 'utf8'))

/** The problem with this Node, as a sentence; `undefined` if package.json allows it. */
function nodeProblem() {
  const [, major, minor] = /^>=(\d+)\.(\d+)$/.exec(readJson('package.json').engines.node).map(Number)
  const [ourMajor, ourMinor] = process.versions.node.split('.').map(Number)
  if (ourMajor > major || (ourMajor === major && ourMinor >= minor)) return undefined
  return `keepalive-kit needs Node ${major}.${minor} or later, and this is Node ${process.versions.node}. Install a newer one from https://nodejs.org and run the command again.`
}

/** The first difference between node_modules and package-lock.json, as a sentence; `undefined` if they agree. */
function difference() {
  if (!existsSync(join(ROOT, 'node_modules'))) return 'node_modules is missing'
  const wanted = packagesIn('package-lock.json')
  if (wanted === undefined) return 'package-lock.json cannot be read'
  // npm writes this file after all others.
  const installed = packagesIn('node_modules/.package-lock.json')
  if (installed === undefined) return 'the last install did not finish'
  for (const path of Object.keys(wanted)) {
    const sentence = path === '' ? undefined : packageDifference(path, wanted[path], installed[path])
    if (sentence !== undefined) return sentence
  }
  return undefined
}

/** The packages that a lock lists, by their folders; `undefined` where it cannot be read. */
function packagesIn(lock) {
  try {
    return readJson(lock).packages
  } catch {
    return undefined
  }
}

/** The difference of one package: `wanted` by package-lock.json, `installed` as npm noted it. */
function packageDifference(path, wanted, installed) {
  const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)
  // npm leaves out optional packages that are made for other systems.
  if (installed === undefined) return wanted.optional ? undefined : `${name} is not installed`
  if (!fits(wanted.os, process.platform) || !fits(wanted.cpu, process.arch))
    return `${name} is installed, and is made for another system`
  const version = installedVersion(path)
  if (version === undefined) return `${name} is damaged`
  if (version !== wanted.version) return `${name} ${version} is installed instead of ${wanted.version}`
  if (installed.integrity !== wanted.integrity) return `${name} is installed from another file`
  return undefined
}

/** The version in a package's own package.json; `undefined` if it cannot be read. */
function installedVersion(path) {
  try {
    return readJson(`${path}/package.json`).version
  } catch {
    return undefined
  }
}

/** Whether `os` or `cpu` of a package, such as `["x64", "arm64"]` or `["!win32"]`, allows what this machine is. */
function fits(list, here) {
  if (list === undefined) return true
  const allowed = list.filter((one) => one[0] !== '!')
  return !list.includes(`!${here}`) && (allowed.length === 0 || allowed.includes(here))
}

/** Runs `npm ci` with the npm that started this, or else with the one on PATH; its exit code. */
function install() {
  const args = ['ci', '--include=dev', '--include=optional', '--no-audit', '--no-fund', '--loglevel=error']
  const npm = process.env.npm_execpath || ''
  // The output of npm goes to stderr: stdout belongs to the command that follows.
  const options = { cwd: ROOT, stdio: ['inherit', 2, 2] }
  const { status, error } = npm.endsWith('npm-cli.js')
    ? spawnSync(process.execPath, [npm, ...args], options)
    : spawnSync(`npm ${args.join(' ')}`, Object.assign({ shell: true }, options))
  if (error !== undefined) say(error.message)
  return status === null ? 1 : status
}

function main() {
  const problem = nodeProblem()
  if (problem !== undefined) {
    say(problem)
    return 1
  }
  const sentence = difference()
  if (sentence === undefined) return 0
  say(`${sentence}: running npm ci`)
  return install()
}

process.exitCode = main()
