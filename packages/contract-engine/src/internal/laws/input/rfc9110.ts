// RFC 9110, HTTP Semantics, as the source of laws.
import type { Source } from "../../../Result.ts"

/**
 * Returns a section of RFC 9110 as a source.
 */
export const rfc9110 = (section: string, text: string): Source => ({
  kind: "expected",
  text: `RFC 9110, ${section}: ${text}`,
  url: `https://www.rfc-editor.org/rfc/rfc9110#section-${section}`
})
