// Entries of the HTML report: results with an anchor and a kind of mark.
import type { Report } from "../../Report.ts"
import type { Result, Status } from "../../Result.ts"

/**
 * A status, or a failure in the baseline.
 */
export type Kind = Status | "known"

/**
 * A result with the id of its element.
 */
export interface Entry {
  readonly id: string
  readonly kind: Kind
  readonly result: Result
}

export const ofReport = ({ results }: Report): ReadonlyArray<Entry> =>
  results.map((result, index) => ({
    id: `r${index + 1}`,
    kind: result.isKnown === true && result.status === "failed" ? "known" : result.status,
    result
  }))

/**
 * The CSS classes of an element for an entry, which filters by status use.
 */
export const classes = ({ kind }: Entry): string => (kind === "known" ? "failed known" : kind)
