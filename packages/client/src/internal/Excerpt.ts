// How a body begins, in a form that can be shown and logged: short, on one line, without what looks like a secret.

/** Longer ones are cut. */
const longest = 200

const hidden = "‹redacted›"

// What is a secret by its form: keys, tokens, bearer credentials, private keys and certificates …
const secrets =
  /\b(?:sk|pk|rk|whsec)_[\w-]+|\bBearer\s+[\w.~+/=-]+|\bey[\w-]{8,}\.[\w-]+(?:\.[\w-]+)?|-----BEGIN [A-Z ]+-----[^"]*/g

// … and by the name of the field that it is in, after the name of its scheme where it has one.
const named =
  /((?:secret|token|password|passwd|authorization|api[_-]?key|cookie|code_verifier|private_key)[\w-]*\\*["']?\s*[:=]\s*)(\\*"(?:[^"\\]|\\.)*"?|(?:(?:basic|bearer)\s+)?[^\s,;&}<]+)/gi

/**
 * Text without what is in `known`, wherever it stands.
 */
export const hide = (text: string, known: ReadonlyArray<string>): string => {
  let shown = text
  for (const secret of known) if (secret !== "") shown = shown.replaceAll(secret, hidden)
  return shown
}

/**
 * Text on one line, without whatever could move a cursor or begin another.
 */
export const onOneLine = (text: string): string => text.replace(/[\s\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, " ").trim()

/**
 * A secret in the forms in which servers repeat it: as it is, and as it stands in JSON, in JSON in JSON, in URLs, in forms
 * and in HTML.
 */
export const formsOf = (secret: string): ReadonlyArray<string> =>
  [
    ...new Set([
      secret,
      escaped(secret),
      escaped(escaped(secret)),
      encodeURIComponent(secret.toWellFormed()),
      new URLSearchParams({ "": secret }).toString().slice(1),
      secret.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;")
    ])
  ].filter((form) => form !== "")

const escaped = (text: string): string => JSON.stringify(text).slice(1, -1)

/**
 * The beginning of a text, 200 characters at most. What is in `known` is hidden wherever it stands.
 */
export const of = (text: string, known: ReadonlyArray<string>): string => {
  // A secret that the cut would halve must be found whole: so more is looked at than is shown.
  const looked = withoutHalf(hide(text.slice(0, longest * 5), known), known)
  const shown = onOneLine(looked.replace(named, `$1${hidden}`).replace(secrets, hidden))
  return copied(shown.length > longest ? `${shown.slice(0, longest - 1)}…` : shown)
}

// Where a text was cut, or its connection broke, it may end with the first half of a secret.
const withoutHalf = (text: string, known: ReadonlyArray<string>): string => {
  for (const secret of known) {
    for (let length = secret.length - 1; length >= tellingLength; length--) {
      if (text.endsWith(secret.slice(0, length))) return `${text.slice(0, -length)}${hidden}`
    }
  }
  return text
}

/** So many characters of a secret and more are nobody's business. */
const tellingLength = 4

// A part of a text can keep the whole in memory, which may be a body of megabytes: whoever keeps an error keeps this only.
const copied = (text: string): string => [...text].join("").toWellFormed()
