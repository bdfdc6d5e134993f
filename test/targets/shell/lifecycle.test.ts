import { chmodSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { someOf } from '../../support/depth.ts'
import { missingNamespaces } from '../../support/netns.ts'
import { describeWithOracle, missingPrograms } from '../../support/oracle.ts'
import { plantOf } from '../../support/plant.ts'
import { block, linux, read, tcbsd } from '../../support/shell-kits.ts'
import { programOf, shells, shellsFor } from '../../support/shells.ts'

/** Contents of the file and values in the kernel before the first installation. */
const priors = {
  linux: {
    file: 'sysctl.d/60-keepalive.conf',
    rows: [
      { prior: 'both absent', text: undefined, running: ':', asOurs: false },
      {
        prior: 'one present',
        text: 'net.ipv4.tcp_keepalive_time = 900\n',
        running: 'set_value time 900',
        asOurs: false,
      },
      {
        prior: 'both present',
        text: 'net.ipv4.tcp_keepalive_time=900\r\nnet/ipv4/tcp_keepalive_intvl=7',
        running: 'set_value time 900; set_value intvl 7',
        asOurs: false,
      },
      {
        prior: 'of a wrong type',
        text: 'net.ipv4.tcp_keepalive_time = "20 s"\nnet.ipv4.tcp_keepalive_intvl =\n',
        running: 'set_value time -1; set_value probes 0',
        asOurs: false,
      },
      {
        prior: 'equal to ours',
        text: read(linux.kit, '60-keepalive.conf'),
        running: 'set_value time 60; set_value intvl 10; set_value probes 5',
        asOurs: true,
      },
      {
        prior: 'above 0x7fffffff',
        text: 'net.ipv4.tcp_keepalive_time = 4294967295\nnet.ipv4.tcp_keepalive_intvl = 99999999999999999999\n',
        running: 'set_value time 2147483; set_value probes 255',
        asOurs: false,
      },
    ],
  },
  tcbsd: {
    file: 'sysctl.conf',
    rows: [
      { prior: 'both absent', text: undefined, running: ':', asOurs: false },
      {
        prior: 'one present',
        text: 'net.inet.tcp.keepidle=900000',
        running: 'set_value keepidle 900000',
        asOurs: false,
      },
      {
        prior: 'both present',
        text: 'net.inet.tcp.keepidle: "900000"\r\nnet.inet.tcp.keepintvl=7000\r\n',
        running: 'set_value keepidle 900000; set_value keepintvl 7000',
        asOurs: false,
      },
      {
        prior: 'of a wrong type',
        text: 'net.inet.tcp.keepidle="20 s"\nnet.inet.tcp.keepintvl=\n\n\n',
        running: 'set_value keepcnt -1; set_value always_keepalive 7',
        asOurs: false,
      },
      {
        prior: 'equal to ours',
        text: `a=1\n${block}`,
        running: 'set_value keepidle 60000; set_value keepintvl 10000; set_value keepinit 30000; set_value keepcnt 5',
        asOurs: true,
      },
      {
        prior: 'above 0x7fffffff',
        text: 'net.inet.tcp.keepidle=4294967295\nnet.inet.tcp.keepintvl=99999999999999999999\n',
        running: 'set_value keepidle 2147483647; set_value keepcnt 2147483647',
        asOurs: false,
      },
    ],
  },
} as const

const cases = (['linux', 'tcbsd'] as const).flatMap((target, first) =>
  priors[target].rows.flatMap((row, index) => shellsFor(first + index).map((shell) => ({ target, shell, ...row }))),
)
describeWithOracle(
  'A cycle of install, install, check, uninstall, check',
  missingNamespaces() ?? missingPrograms(...shells.map(programOf)),
  () => {
    it.each(someOf(cases, 6, 6))(
      'restores the prior state: $target under $shell, $prior',
      ({ target, shell, text, running, asOurs }) => {
        const { file } = priors[target]
        const plant = plantOf(target, { shell, files: text === undefined ? {} : { [file]: text } })
        if (text !== undefined) chmodSync(join(plant.etc, file), 0o640)
        const told = plant.tell(
          `${running}; remember before`,
          'install; remember installed; install; same_as installed; check',
          'uninstall; same_as before; check; same_as before',
        )
        expect(told).toEqual({
          said: `install 0; install 0; as installed; check 0; uninstall ${asOurs ? 1 : 0}; as before; check ${asOurs ? 0 : 1}; as before`,
          stderr: asOurs ? (expect.stringContaining('no record says what was there before') as string) : '',
        })
      },
    )

    it.each([100, 128, 1_000])('restores the exact clock ticks at %i per second', (hz) => {
      const told = plantOf('tcbsd', { hz }).tell(
        'set_value keepidle 777; set_value keepintvl 13; remember before; install; uninstall --defaults; uninstall; same_as before',
      )
      expect(told).toEqual({ said: 'install 0; uninstall 0; uninstall 0; as before', stderr: '' })
    })
  },
)

it('The table of prior states names the files that the kits write', () => {
  expect([linux.file, tcbsd.file]).toEqual([`etc/${priors.linux.file}`, `etc/${priors.tcbsd.file}`])
})
