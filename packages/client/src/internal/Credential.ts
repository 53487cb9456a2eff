// Checks of API keys and access tokens, which are sent in headers.

/**
 * Returns a description of a valid credential if the given one is probably mistyped. The description does not contain the
 * credential.
 */
export const violation = (noun: string, credential: string): string | undefined => {
  if (/[\r\n]/.test(credential)) return `a ${noun} without a line break`
  if (/^["'`]|["'`]$/.test(credential)) return `a ${noun} without quotes around it`
  if (/\s/.test(credential)) return `a ${noun} without spaces`
  return /^[\x21-\x7e]+$/.test(credential) ? undefined : `a ${noun} of visible ASCII characters`
}
