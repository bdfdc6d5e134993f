import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { load } from 'js-yaml'
import { describe, expect, it } from 'vitest'
import { buildTarget } from '../support/build.ts'
import { describeWithOracle } from '../support/oracle.ts'
import { inContainer, missingRunc } from '../support/runc.ts'

const KIT = buildTarget('linux', { name: 'line-4', idle: 60_000, interval: 10_000, probes: 5 })
const textOf = (path: string): string => readFileSync(join(KIT, path), 'latin1')

const WANTED = {
  'net.ipv4.tcp_keepalive_time': '60',
  'net.ipv4.tcp_keepalive_intvl': '10',
  'net.ipv4.tcp_keepalive_probes': '5',
}

/** A fragment, indented for its place below a service or below the spec of a pod. */
const indented = (text: string, by: number): string => text.replaceAll(/^(?=.)/gm, ' '.repeat(by))
const compose = (): Readonly<Record<string, string>> => {
  const file = `services:\n  plc-gateway:\n    image: example\n${indented(textOf('containers/compose.yaml'), 4)}`
  return (load(file) as { services: { 'plc-gateway': { sysctls: Record<string, string> } } }).services['plc-gateway']
    .sysctls
}
const pod = (): Readonly<Record<string, string>> => {
  const file = `apiVersion: v1\nkind: Pod\nspec:\n${indented(textOf('containers/kubernetes.yaml'), 2)}`
  const { spec } = load(file) as { spec: { securityContext: { sysctls: { name: string; value: string }[] } } }
  return Object.fromEntries(spec.securityContext.sysctls.map(({ name, value }) => [name, value]))
}

describe('the overlay tree', () => {
  it('contains the drop-in, byte for byte, at its place in an image', () => {
    expect(textOf('overlay/etc/sysctl.d/60-keepalive.conf')).toBe(textOf('60-keepalive.conf'))
  })
})

describe('the values for containers', () => {
  it('equal those of the drop-in, as strings, in a compose file', () => {
    expect(compose()).toEqual(WANTED)
  })

  it('equal those of the drop-in, as strings, in a pod', () => {
    expect(pod()).toEqual(WANTED)
  })
})

describeWithOracle('a container started by runc, as by Docker and Kubernetes,', missingRunc(), () => {
  const files = Object.keys(WANTED).map((key) => `/proc/sys/${key.replaceAll('.', '/')}`)

  it.each([
    ['the compose file', compose],
    ['the pod', pod],
  ])('has the values of %s', (_, sysctls) => {
    expect(inContainer(sysctls(), ['cat', ...files])).toEqual({ code: 0, stdout: '60\n10\n5\n', stderr: '' })
  })

  it('has the defaults of the kernel without them, whatever the host has set', () => {
    expect(inContainer({}, ['cat', ...files])).toEqual({ code: 0, stdout: '7200\n75\n9\n', stderr: '' })
  })

  it('does not start with an unknown key', () => {
    const wrong = inContainer({ 'net.ipv4.tcp_keepalive_idle': '60' }, ['true'])
    expect(wrong.code).toBe(1)
    expect(wrong.stderr).toContain('tcp_keepalive_idle')
  })
})
