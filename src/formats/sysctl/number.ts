/** A whole number in the notation of C, at the beginning of a text. */
export interface CInteger {
  /** The number; `undefined` if it has more than 64 bits. */
  readonly number: bigint | undefined
  /** The length of the number in characters. */
  readonly length: number
  /** Whether it is octal and octal makes a difference: `010` is 8, while `07` is 7 either way. */
  readonly octal: boolean
}

const DIGITS = /^([+-]?)(0[xX][0-9a-fA-F]+|0[0-7]*|[1-9][0-9]*)/
/** More digits than any 64-bit number has, leading zeros aside; the limit spares long lines a long division. */
const MOST_DIGITS = 24

/**
 * The number that strtol(3) with base 0 finds at the beginning of a text: `0x` is hexadecimal, a leading `0` octal,
 * anything else decimal. `undefined` if the text begins with no digit. The caller skips leading blanks.
 */
export function readInteger(text: string): CInteger | undefined {
  const [whole, sign, digits] = DIGITS.exec(text) ?? []
  if (whole === undefined || digits === undefined) return undefined
  const hexadecimal = /^0[xX]/.test(digits)
  const octal = !hexadecimal && digits.length > 1 && digits.startsWith('0')
  const significant = digits.slice(hexadecimal ? 2 : 0).replace(/^0+(?=.)/, '')
  return {
    number: significant.length > MOST_DIGITS ? undefined : inSixtyFourBits(significant, { hexadecimal, octal }, sign),
    length: whole.length,
    octal: octal && significant.length > 1,
  }
}

function inSixtyFourBits(
  digits: string,
  { hexadecimal, octal }: { readonly hexadecimal: boolean; readonly octal: boolean },
  sign: string | undefined,
): bigint | undefined {
  const size = BigInt(hexadecimal ? `0x${digits}` : octal ? `0o${digits}` : digits)
  const number = sign === '-' ? -size : size
  return BigInt.asIntN(64, number) === number ? number : undefined
}
