// Text as bytes, on their way to a file.

/**
 * An encoder that writes into one buffer again and again: what it gave has to be on its way before the next text comes.
 * Several texts become one piece without having been one, which spares as much memory.
 */
export const makeEncoder = (): ((...texts: ReadonlyArray<string>) => Uint8Array) => {
  const encoder = new TextEncoder()
  let buffer = new Uint8Array(0)
  return (...texts) => {
    // UTF-8 needs at most three bytes for a UTF-16 code unit.
    const most = 3 * texts.reduce((length, text) => length + text.length, 0)
    if (buffer.length < most) buffer = new Uint8Array(most)
    let length = 0
    for (const text of texts) length += encoder.encodeInto(text, buffer.subarray(length)).written
    return buffer.subarray(0, length)
  }
}
