import type { Stack } from '../../core/stack.ts'

/**
 * As Microsoft documents it for all of its systems, Windows CE too; no source and no Windows was looked at. How many
 * probes Windows CE sends is not known: leave `probes` out, and nothing is ever dropped.
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
