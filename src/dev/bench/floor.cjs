// The floor: it writes the same bytes into the same files, with their SHA-256, and does nothing else. It reads them from one
// file beside a list of names and lengths, as if making them cost nothing.
const { hash } = require('node:crypto')
const { mkdirSync, readFileSync, writeFileSync } = require('node:fs')

const [pack, out] = process.argv.slice(2)
const bytes = readFileSync(pack)
const list = JSON.parse(readFileSync(`${pack}.json`, 'utf8'))
mkdirSync(out, { recursive: true })
const index = ['device,zip,sha256,folder\n']
let from = 0
for (const [name, length, folder] of list) {
  const zip = bytes.subarray(from, from + length)
  writeFileSync(`${out}/${name}.zip`, zip)
  index.push(`${name},${name}.zip,${hash('sha256', zip)},${folder}\n`)
  from += length
}
writeFileSync(`${out}/devices.csv`, index.join(''))
