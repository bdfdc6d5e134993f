import { readdirSync, readFileSync } from 'node:fs'
import { load } from 'js-yaml'
import { expect, it } from 'vitest'
import { byCodeUnit } from '../../src/core/diagnostic.ts'
import { importFrom, placed } from '../support/captures.ts'

const CAPTURES: Readonly<Record<string, { readonly profile?: object; readonly says: readonly string[] }>> = {
  '98-failover-tuning.conf': {
    profile: { idle: '1min', interval: '10s', probes: 5, targets: ['linux'] },
    says: [],
  },
  '99-tcp-keepalive.conf': {
    profile: { idle: '1s', interval: '10s', probes: 3, targets: ['linux'] },
    says: ['suspect/interval-above-idle 1:32'],
  },
  'sysctl-a-grep.txt': {
    profile: { idle: '2h', interval: '75s', probes: 9, targets: ['linux'] },
    says: [],
  },
  // FreeBSD takes a number, a blank and more for a list of numbers; the last idle time that counts is the first.
  'steroid-sysctl.conf': {
    profile: { idle: '62s', interval: '75s', probes: 2, init: '5s', targets: ['tcbsd'] },
    says: [
      'import/default-taken',
      'tcbsd/short-init 4:23',
      'sysctl/several-numbers 6:23',
      'sysctl/several-numbers 7:24',
    ],
  },
  'macos-sysctl.conf': {
    profile: { idle: '5s', interval: '1s', probes: 3, targets: ['tcbsd'] },
    says: [],
  },
  'compose-part.yaml': {
    profile: { idle: '10min', interval: '1min', probes: 20, targets: ['linux'] },
    says: [],
  },
  'caprover.conf': {
    profile: { idle: '1min', interval: '10s', probes: 5, targets: ['linux'] },
    says: [],
  },
  'afd.reg': { says: ['suspect/no-effect 4:21'] },
  'windows-98.reg': { says: ['suspect/no-effect 4:17', 'suspect/no-effect 5:21'] },
  'decimal.reg': {
    profile: { idle: '196608ms', interval: '4096ms', targets: ['windows'] },
    says: ['suspect/decimal-as-hex 6:17', 'suspect/decimal-as-hex 7:21'],
  },
  'hardening.reg': {
    profile: { idle: '5min', interval: '1s', targets: ['windows'] },
    says: ['import/default-taken'],
  },
}

const bytesOf = (file: string) => readFileSync(new URL(file, import.meta.url))

it.each(Object.entries(CAPTURES))('%s', (file, { profile: wanted, says }) => {
  const { profile, diagnostics } = importFrom({ [file]: bytesOf(file) })
  expect(profile === undefined ? undefined : load(profile)).toEqual(wanted && { name: 'beckhoff', ...wanted })
  expect(placed(diagnostics).map((one) => one.replace(`${file}:`, ''))).toEqual(says)
})

it('each has a line about its origin', () => {
  const readme = readFileSync(new URL('README.md', import.meta.url), 'utf8')
  const listed = [...readme.matchAll(/^\| `([^`]+)`/gm)].map(([, file]) => String(file))
  const there = readdirSync(import.meta.dirname).filter((file) => !/\.(?:md|ts)$/.test(file))
  expect(listed.toSorted(byCodeUnit)).toEqual(there.toSorted(byCodeUnit))
  expect(Object.keys(CAPTURES).toSorted(byCodeUnit)).toEqual(there.toSorted(byCodeUnit))
})
