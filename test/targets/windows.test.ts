import { describeRegistryFiles } from '../support/registry-files.ts'

// windows-cmd.test.ts, windows-images.test.ts and windows-powershell.test.ts run the installers of this target.
describeRegistryFiles({
  target: 'windows',
  header: 'Windows Registry Editor Version 5.00',
  key: 'HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\Tcpip\\Parameters',
  encoding: 'utf16le',
  kind: 'Windows Registry little-endian text (Win2K or above)',
  whole: [
    ['keepalive.reg', 368, 'aef83c931db44d76a800d0df2e1dea70ff056c044e3f692b1dec0d3e77db58a7'],
    ['keepalive-remove.reg', 316, 'd5ef989d33649e9ad5efbfdacb00b505af938d95523e41764e5efb5db8ffba3a'],
    ['offline/keepalive-offline.reg', 180, '4b9ea8aa944ba731e6f21e4066b4a08e8c36f81b0f9295d5bf07402924c9850d'],
  ],
  offlineKey: 'HKEY_LOCAL_MACHINE\\SYSTEM\\ControlSet001\\Services\\Tcpip\\Parameters',
  hive: 'HKEY_LOCAL_MACHINE\\SYSTEM',
})
