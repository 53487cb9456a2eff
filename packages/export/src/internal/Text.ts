// Encodes text as bytes for a file.

/**
 * Makes an encoder that reuses one buffer: its result is valid until the next call. Several texts are encoded into one
 * result without being concatenated, which saves memory.
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
