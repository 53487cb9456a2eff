// Checks of API keys and access tokens, which headers have to carry.

/**
 * Returns what is expected instead of a credential that is probably mistyped. The credential itself is not part of it.
 */
export const violation = (noun: string, credential: string): string | undefined => {
  if (/[\r\n]/.test(credential)) return `a ${noun} without a line break`
  if (/^["'`]|["'`]$/.test(credential)) return `a ${noun} without quotes around it`
  if (/\s/.test(credential)) return `a ${noun} without spaces`
  return /^[\x21-\x7e]+$/.test(credential) ? undefined : `a ${noun} of visible ASCII characters`
}
