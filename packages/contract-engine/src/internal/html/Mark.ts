// The marks of the HTML report: a shape and a colour for each kind of result.
import type { Kind } from "./Entry.ts"
import { type Html, html } from "./Markup.ts"

/**
 * The meaning of each mark.
 */
export const meanings: Record<Kind, string> = {
  failed: "failed",
  known: "failed, in the baseline",
  drift: "drift",
  skipped: "skipped",
  passed: "passed"
}

/**
 * The shapes, defined once per page.
 */
export const shapes = html`<svg class="away" aria-hidden="true">
  <symbol id="shape-failed" viewBox="0 0 16 16"><path d="M4 4l8 8M12 4l-8 8" /></symbol>
  <symbol id="shape-drift" viewBox="0 0 16 16">
    <circle cx="8" cy="8" r="5" />
    <path class="half" d="M8 3a5 5 0 0 0 0 10z" />
  </symbol>
  <symbol id="shape-skipped" viewBox="0 0 16 16"><path d="M4 8h8" /></symbol>
  <symbol id="shape-passed" viewBox="0 0 16 16"><path d="M3 8.5l3.5 3.5L13 4.5" /></symbol>
</svg>`

/**
 * The mark of a kind, without text.
 */
export const icon = (kind: Kind): Html => {
  const shape = kind === "known" ? "failed" : kind
  return html`<svg class="icon" aria-hidden="true"><use href="#shape-${shape}" /></svg>`
}
