import { define } from '../definition.ts'
import { COMPRESS, STRICT, WRITING, type OptionsOf } from '../options.ts'

// Commands for many devices.

export const FLEET = define({
  name: 'fleet',
  inLines: true,
  group: 'Fleets',
  takes: [
    {
      key: 'fleet',
      count: 'one',
      value: 'FLEET',
      from: 'file',
      stdio: true,
      describe: 'table (CSV) or YAML file of devices, or - for standard input',
    },
  ],
  options: {
    ...STRICT,
    ...WRITING,
    ...COMPRESS,
    copies: {
      kind: 'flag',
      describe: 'write each device a zip of its own, where devices with equal settings would share one by links',
    },
    select: {
      kind: 'list',
      value: 'DEVICES',
      from: 'select',
      defaultText: 'all',
      describe: 'only devices that match tag:WORD, site:TEXT, target:ID or a name with * in it',
    },
    remove: {
      kind: 'flag',
      describe: 'delete the zips of devices that the fleet no longer has, even more than a tenth of it',
    },
    stick: {
      kind: 'single',
      value: 'DIR',
      from: 'folder',
      excludes: { check: 'say whether files are written', 'dry-run': 'say whether files are written' },
      describe: 'also unpack the bundles there, equal ones once, with START-HERE.txt',
    },
    shard: { kind: 'single', value: 'I/N', describe: 'only part I of N, such as 2/7; merge joins the parts' },
  },
  describe: 'write a zip for each device, with a lock and an index',
  examples: [
    ['see what a fleet becomes', 'fleet plant.csv --dry-run'],
    ['write the zips of one hall, and a stick for it', 'fleet plant.csv --select site:hall-3 --stick stick'],
    ['share the work between two machines', 'fleet plant.csv --shard 1/2 --out parts'],
  ],
})
export type FleetOptions = OptionsOf<typeof FLEET>

export const MERGE = define({
  name: 'merge',
  group: 'Fleets',
  takes: [
    {
      key: 'folder',
      count: 'one',
      value: 'DIR',
      from: 'folder',
      describe: 'folder that holds the output of all shards',
    },
  ],
  options: {},
  describe: 'join the locks and indexes of all shards of a fleet',
  examples: [
    ['join the parts of a fleet', 'merge parts'],
    ['join them in a script', 'merge parts --format json'],
  ],
})
export type MergeOptions = OptionsOf<typeof MERGE>
