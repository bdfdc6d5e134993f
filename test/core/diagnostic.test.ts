import { describe, expect, it } from 'vitest'
import { aboutOf, isError, problem, targetRule } from '../../src/core/diagnostic.ts'

describe('a diagnostic', () => {
  const refused = problem(
    'setting/out-of-range',
    { target: 'linux', key: 'net.ipv4.tcp_keepalive_time', value: '0 s', min: '1 s', max: '24 days' },
    { path: ['idle'], location: { file: 'line4.yaml', line: 2, column: 7 } },
  )

  it('is plain data: code, the values that the message names, severity, message, path and place', () => {
    expect(structuredClone(refused)).toEqual({
      code: 'setting/out-of-range',
      data: { target: 'linux', key: 'net.ipv4.tcp_keepalive_time', value: '0 s', min: '1 s', max: '24 days' },
      severity: 'error',
      message: 'linux: net.ipv4.tcp_keepalive_time cannot be 0 s; it takes 1 s to 24 days',
      path: ['idle'],
      location: { file: 'line4.yaml', line: 2, column: 7 },
    })
  })

  it('has data of the type that its code decides, so that a program needs no words', () => {
    expect(refused.code === 'setting/out-of-range' ? refused.data.max : undefined).toBe('24 days')
  })

  it.each([
    ['reg/no-bom', 'error', 'capture'],
    ['reg/fragment', 'warning', 'capture'],
    ['document/empty', 'error', 'input'],
    ['verify/repacked', 'warning', 'input'],
    ['diff/no-output', 'error', 'usage'],
  ] as const)('has its severity from the catalogue: %s is a %s, about %s', (code, severity, about) => {
    const found = problem(code, code === 'diff/no-output' ? { side: 'x' } : {})
    expect([found.severity, aboutOf(found)]).toEqual([severity, about])
  })

  it('has another severity only where the case decides', () => {
    const data = { system: 'Linux', name: 'vm.x', hint: 'write it' }
    expect(isError(problem('sysctl/bad-name', data))).toBe(true)
    expect(isError(problem('sysctl/bad-name', data, { severity: 'warning' }))).toBe(false)
  })

  it('has code TARGET/RULE if a rule of a target made it, and is about the profile', () => {
    const found = targetRule('short-init', 'warning', ['init'], 'init of 5 ms is short', {
      target: 'tcbsd',
      field: 'init',
      init: 5,
    })
    expect(found).toEqual({
      code: 'tcbsd/short-init',
      data: { target: 'tcbsd', field: 'init', init: 5 },
      severity: 'warning',
      message: 'tcbsd: init of 5 ms is short',
      path: ['init'],
    })
    expect(aboutOf(found)).toBe('input')
  })
})
