import type { Stack } from '../../core/stack.ts'

/**
 * The behaviour that Microsoft documents for all of its systems, Windows CE included; neither source code nor a machine
 * was examined. The number of probes of Windows CE is not known: leave `probes` out, and nothing is ever dropped.
 */
export const WINDOWS_STACK: Stack = {
  name: 'Windows, as documented',
  afterAnswer: 'answer',
  sources: [
    {
      title: 'Microsoft: KeepAliveTime',
      url: 'https://learn.microsoft.com/previous-versions/windows/it-pro/windows-server-2003/cc782936(v=ws.10)',
    },
    {
      title: 'Microsoft: SO_KEEPALIVE socket option',
      url: 'https://learn.microsoft.com/windows/win32/winsock/so-keepalive',
    },
  ],
}
