// How a body begins, in a form that can be shown and logged: short, on one line, without what looks like a secret.

/** Longer ones are cut. */
const longest = 200

const hidden = "‹redacted›"

// What is a secret by its form: keys, tokens, bearer credentials, private keys and certificates …
const secrets =
  /\b(?:sk|pk|rk|whsec)_[\w-]+|\bBearer\s+[\w.~+/=-]+|\bey[\w-]{8,}\.[\w-]+(?:\.[\w-]+)?|-----BEGIN [A-Z ]+-----[^"]*/g

// … and by the name of the field that it is in.
const named =
  /(["']?[\w-]*(?:secret|token|password|passwd|authorization|api[_-]?key|cookie|code_verifier|private_key)[\w-]*["']?\s*[:=]\s*)("(?:[^"\\]|\\.)*"?|[^\s,;&}<]+)/gi

/**
 * The beginning of a text, 200 characters at most. What is in `known` is hidden wherever it stands.
 */
export const of = (text: string, known: ReadonlyArray<string>): string => {
  // A secret that the cut would halve must be found whole: so more is looked at than is shown.
  let shown = text.slice(0, longest * 5)
  for (const secret of known) if (secret !== "") shown = shown.replaceAll(secret, hidden)
  shown = shown
    .replace(named, `$1${hidden}`)
    .replace(secrets, hidden)
    // Whatever could move a cursor or begin a line.
    .replace(/[\s\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, " ")
    .trim()
  return shown.length > longest ? `${shown.slice(0, longest - 1)}…` : shown
}
