// The results as the page shows them: each with an anchor, and with the kind of mark that stands for it.
import type { Report } from "../../Report.ts"
import type { Result, Status } from "../../Result.ts"

/**
 * A status, or a failure that the baseline knows.
 */
export type Kind = Status | "known"

/**
 * A result, and the id of what the page says about it.
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
 * The classes of whatever shows an entry. Filters by status go by them.
 */
export const classes = ({ kind }: Entry): string => (kind === "known" ? "failed known" : kind)
