// Signatures with RS256: RSASSA-PKCS1-v1_5 and SHA-256.
//
// Node's synchronous function is used if it exists. The functions of Web Crypto run on another thread, which takes more CPU
// time than the verification itself.

/** The parts of `node:crypto` that this module uses. */
interface NodeCrypto {
  readonly KeyObject: { readonly from: (key: CryptoKey) => object }
  readonly verify: (algorithm: "RSA-SHA256", data: Uint8Array, key: object, signature: Uint8Array) => boolean
}

declare const process: { readonly getBuiltinModule?: (id: "node:crypto") => NodeCrypto | undefined } | undefined

type Verify = (signed: Uint8Array<ArrayBuffer>, signature: Uint8Array<ArrayBuffer>) => boolean | Promise<boolean>

const verifiers = new WeakMap<CryptoKey, Verify>()

/**
 * Verifies a signature with a public key that was imported for RS256.
 */
export const verify = (
  key: CryptoKey,
  signed: Uint8Array<ArrayBuffer>,
  signature: Uint8Array<ArrayBuffer>
): boolean | Promise<boolean> => {
  let verifier = verifiers.get(key)
  if (verifier === undefined) {
    verifier = make(key)
    verifiers.set(key, verifier)
  }
  return verifier(signed, signature)
}

const make = (key: CryptoKey): Verify => {
  const node = typeof process === "undefined" ? undefined : process.getBuiltinModule?.("node:crypto")
  try {
    const nodeKey = node?.KeyObject.from(key)
    if (node !== undefined && nodeKey !== undefined) {
      return (signed, signature) => node.verify("RSA-SHA256", signed, nodeKey, signature)
    }
  } catch {
    // Some platforms have `node:crypto` without this conversion.
  }
  return (signed, signature) => globalThis.crypto.subtle.verify(key.algorithm, key, signature, signed)
}
