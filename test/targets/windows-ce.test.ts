import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { buildTarget } from '../support/build.ts'
import { describeRegistryFiles } from '../support/registry-files.ts'

// A real device stores its registry in another format: the hive here shows only that the text is read as meant.
describeRegistryFiles({
  target: 'windows-ce',
  header: 'REGEDIT4',
  key: 'HKEY_LOCAL_MACHINE\\Comm\\TcpIp\\Parms',
  encoding: 'ascii',
  kind: 'Windows Registry text (Win95 or above)',
  whole: [['keepalive.reg', 121, '5bce6d804a22124fc7ad56d3c517f53b9302e5ab19928fd488eab38d16f91f49']],
  offlineKey: 'HKEY_LOCAL_MACHINE\\Comm\\TcpIp\\Parms',
  hive: 'HKEY_LOCAL_MACHINE',
})

const bytesOf = (file: string, ipv6?: boolean): Buffer =>
  readFileSync(join(buildTarget('windows-ce', ipv6 === undefined ? {} : { options: { 'windows-ce': { ipv6 } } }), file))

describe('the option ipv6', () => {
  it('is off by default', () => {
    expect(bytesOf('keepalive.reg', false)).toEqual(bytesOf('keepalive.reg'))
    expect(bytesOf('keepalive.reg').toString('ascii')).not.toContain('Tcpip6')
  })

  it('sets the same values under the key of the IPv6 stack', () => {
    const bytes = bytesOf('keepalive.reg', true)
    expect(bytes.length).toBe(231)
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(
      'ab14241db2998e897468da25b3a92cfdd3712a136522cfa93b5afb477d411524',
    )
  })

  it('removes the values from both stacks', () => {
    expect(bytesOf('keepalive-remove.reg', true).toString('ascii').split('\r\n')).toEqual([
      'REGEDIT4',
      '',
      '[HKEY_LOCAL_MACHINE\\Comm\\TcpIp\\Parms]',
      '"KeepAliveTime"=-',
      '"KeepAliveInterval"=-',
      '',
      '[HKEY_LOCAL_MACHINE\\Comm\\Tcpip6\\Parms]',
      '"KeepAliveTime"=-',
      '"KeepAliveInterval"=-',
      '',
      '',
    ])
  })
})

describe('the fragment for platform builds', () => {
  it.each([false, true])('equals keepalive.reg without its header, with ipv6 %j', (ipv6) => {
    const fragment = bytesOf('platform/keepalive.reg', ipv6).toString('ascii')
    expect(`REGEDIT4\r\n\r\n${fragment}`).toBe(bytesOf('keepalive.reg', ipv6).toString('ascii'))
  })

  it('begins with a key, so that it can be appended to a file that ends with a blank line', () => {
    expect(bytesOf('platform/keepalive.reg').toString('ascii')).toMatch(
      /^\[HKEY_LOCAL_MACHINE\\Comm\\TcpIp\\Parms\]\r\n/,
    )
  })
})
