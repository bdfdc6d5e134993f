import { describe, expect, it } from 'vitest'
import { isContainerYaml, readContainerYaml } from '../../src/formats/yaml/container-sysctls.ts'
import { found, places } from './sysctl-read.ts'

const service = (name: string, ...sysctls: readonly string[]) =>
  [`  ${name}:`, '    image: x', '    sysctls:', ...sysctls.map((one) => `      ${one}`), ''].join('\n')
const time = 'net.ipv4.tcp_keepalive_time'

describe('the sysctls of containers in YAML', () => {
  it('are the values of a compose file', () => {
    const text = `services:\n${service('a', `${time}: 20`, "net.ipv4.tcp_keepalive_intvl: '5'")}`
    expect(found(readContainerYaml, text)).toEqual([`${time} 20`, 'net.ipv4.tcp_keepalive_intvl 5'])
  })

  it.each([
    ['a group in braces', `    sysctls: {${time}: 20, "net.ipv4.tcp_keepalive_intvl": '5'} # both`],
    ['a list in brackets', `    sysctls: ["${time}=20", net.ipv4.tcp_keepalive_intvl=5]`],
    ['a list over lines', `    sysctls: [\n      ${time}=20,\n      net.ipv4.tcp_keepalive_intvl=5,\n    ]`],
    [
      'names and values of a Pod',
      `  sysctls: [{name: ${time}, value: "20"}, {"name": "net.ipv4.tcp_keepalive_intvl", "value": "5"}]`,
    ],
  ])('are read the same from %s', (_, text) => {
    expect(isContainerYaml(text)).toBe(true)
    expect(found(readContainerYaml, text)).toEqual([`${time} 20`, 'net.ipv4.tcp_keepalive_intvl 5'])
  })

  it('do not include comments', () => {
    expect(
      found(readContainerYaml, `    sysctls:\n#   ${time}: 20\n      net.core.somaxconn: 1 # {${time}: 20}\n`),
    ).toEqual(['net.core.somaxconn 1'])
  })

  it('are those of the only container with keep-alive values', () => {
    const text = `services:\n${service('a', 'net.core.somaxconn: 1024')}${service('b', `- ${time}=20`)}`
    expect(found(readContainerYaml, text)).toEqual(['net.core.somaxconn 1024', `${time} 20`])
  })

  it('are refused if two containers have values, since they are not one machine', () => {
    const text = `services:\n${service('a', `${time}: 20`)}${service('b', `${time}: 60`)}`
    expect(places(readContainerYaml, text)).toEqual(['error 9:36 sysctl/several-containers'])
    expect(found(readContainerYaml, text)).toEqual([`${time} 20`, 'sysctl/several-containers'])
  })
})
