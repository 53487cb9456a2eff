// Helpers for tests of the contract suites: selections of the results of a report.

interface Result {
  readonly law: string
  readonly operation: string
  readonly status: string
  readonly message: string
  readonly runs: number
  readonly requests: number
}

interface Report<A extends Result> {
  readonly results: ReadonlyArray<A>
}

export const idOf = ({ law, operation }: Pick<Result, "law" | "operation">): string => `${law} ${operation}`

/** The results with a status, one line each. */
export const linesOf = (
  { results }: Report<Result>,
  status: "passed" | "failed" | "drift" | "skipped"
): ReadonlyArray<string> =>
  results.filter((result) => result.status === status).map((result) => `${idOf(result)}: ${result.message}`)

/** The results of one law. */
export const ofLaw = <A extends Result>({ results }: Report<A>, law: string): ReadonlyArray<A> =>
  results.filter((result) => result.law === law)

/** The passed results that are not based on a request; always empty. */
export const unfounded = <A extends Result>({ results }: Report<A>): ReadonlyArray<A> =>
  results.filter(({ requests, runs, status }) => status === "passed" && (requests === 0 || runs === 0))
