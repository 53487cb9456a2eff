// Excerpts of response bodies for errors and logs: short, on one line, and without secrets.

const maxLength = 200

const redacted = "‹redacted›"

// Secrets by their form: keys, tokens, bearer credentials, private keys and certificates.
const secretForms =
  /\b(?:sk|pk|rk|whsec)_[\w-]+|\bBearer\s+[\w.~+/=-]+|\bey[\w-]{8,}\.[\w-]+(?:\.[\w-]+)?|-----BEGIN [A-Z ]+-----[^"]*/g

// Secrets by the name of their field, after an authentication scheme if there is one.
const secretFields =
  /((?:secret|token|password|passwd|authorization|api[_-]?key|cookie|code_verifier|private_key)[\w-]*\\*["']?\s*[:=]\s*)(\\*"(?:[^"\\]|\\.)*"?|(?:(?:basic|bearer)\s+)?[^\s,;&}<]+)/gi

/**
 * Replaces each occurrence of the given secrets.
 */
export const redact = (text: string, secrets: ReadonlyArray<string>): string => {
  let excerpt = text
  for (const secret of secrets) if (secret !== "") excerpt = excerpt.replaceAll(secret, redacted)
  return excerpt
}

/**
 * Replaces whitespace and control characters by single spaces. Control characters could move the cursor of a terminal.
 */
export const onOneLine = (text: string): string => text.replace(/[\s\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, " ").trim()

/**
 * Returns the forms in which servers repeat a secret: verbatim, and escaped for JSON, JSON in JSON, URLs, forms and HTML.
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
 * Returns the first 200 characters of a text on one line. The given secrets, and all texts that look like secrets, are
 * redacted.
 */
export const of = (text: string, secrets: ReadonlyArray<string>): string => {
  // More text than the excerpt, because a secret may end after the excerpt.
  const start = withoutSecretPrefix(redact(text.slice(0, maxLength * 5), secrets), secrets)
  const excerpt = onOneLine(start.replace(secretFields, `$1${redacted}`).replace(secretForms, redacted))
  return copy(excerpt.length > maxLength ? `${excerpt.slice(0, maxLength - 1)}…` : excerpt)
}

// A text that was truncated, here or by a lost connection, may end with the first part of a secret.
const withoutSecretPrefix = (text: string, secrets: ReadonlyArray<string>): string => {
  for (const secret of secrets) {
    for (let length = secret.length - 1; length >= minPrefixLength; length--) {
      if (text.endsWith(secret.slice(0, length))) return `${text.slice(0, -length)}${redacted}`
    }
  }
  return text
}

/** Shorter prefixes of a secret are shown. */
const minPrefixLength = 4

// A substring can keep the whole text in memory, which may be megabytes.
const copy = (text: string): string => [...text].join("").toWellFormed()
