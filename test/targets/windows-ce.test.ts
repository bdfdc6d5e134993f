import { describeRegistryFiles } from '../support/registry-files.ts'

// A device keeps its registry in another format than the hive here, which shows only that the text is understood.
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
