import type { Source } from '../core/sourced.ts'

/** Beckhoff's page that names the settings of Windows, Windows CE and TC/BSD, with a sample of each. */
export const BECKHOFF: Source = {
  title: 'Beckhoff: TF6510, TCP Keep-Alive Messages',
  url: 'https://infosys.beckhoff.com/content/1033/tf6510_tc3_iec61850/11328746507.html',
}
