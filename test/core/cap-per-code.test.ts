import { expect, it } from 'vitest'
import { problem } from '../../src/core/diagnostic.ts'
import { capPerCode, MOST_ALIKE } from '../../src/core/cap-per-code.ts'

const noName = (line: number, severity: 'error' | 'warning' = 'warning') =>
  problem('sysctl/no-name', { system: 'Linux' }, { severity, location: { file: 'a.conf', line, column: 1 } })

it('a hundred diagnostics of a kind are reported, and the others counted', () => {
  const few = capPerCode()
  for (let line = 1; line <= MOST_ALIKE + 3; line += 1) few.add(noName(line))
  const all = few.all()
  expect(all.slice(0, -1).map(({ location }) => location?.line)).toEqual(
    Array.from({ length: MOST_ALIKE }, (_, index) => index + 1),
  )
  expect(all.at(-1)).toMatchObject({
    code: 'file/more-alike',
    severity: 'warning',
    location: { file: 'a.conf' },
    message:
      '3 more problems of kind sysctl/no-name are not shown; check that the file is of the kind that it was read as',
  })
})

it('a hundred of a kind have no count', () => {
  const few = capPerCode()
  for (let line = 1; line <= MOST_ALIKE; line += 1) few.add(noName(line))
  expect(few.all()).toHaveLength(MOST_ALIKE)
})

it('an error among many warnings of its code is reported', () => {
  const few = capPerCode()
  for (let line = 1; line <= 500; line += 1) few.add(noName(line))
  few.add(noName(501, 'error'))
  expect(few.all().filter(({ severity }) => severity === 'error')).toHaveLength(1)
})
