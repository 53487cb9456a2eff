// One result as plain text, for places that show nothing else.
import type { Result, Source } from "../Result.ts"
import * as Words from "./Words.ts"

/**
 * Where a law comes from, in a line.
 *
 * **Example** (A sentence of the documentation)
 *
 * ```ts
 * import * as PlainText from "@effect-workos/contract/report/PlainText"
 *
 * PlainText.source({ kind: "documented", text: "An upper limit on the number of objects" })
 * // => "documented: An upper limit on the number of objects"
 * ```
 */
export const source = ({ kind, text, url }: Source): string => `${kind}: ${text}${url === undefined ? "" : ` (${url})`}`

/**
 * What came of a law, why it matters, and what to type to see it: paragraphs, the most urgent first.
 *
 * **Details**
 *
 * Parts longer than `limit` are cut.
 *
 * **Example** (All failures)
 *
 * ```ts
 * import type { Report } from "@effect-workos/contract/Report"
 * import * as PlainText from "@effect-workos/contract/report/PlainText"
 *
 * const failures = (report: Report) =>
 *   report.results.filter(({ status }) => status === "failed").map((result) => PlainText.describe(result))
 * ```
 */
export const describe = (result: Result, limit = Infinity): string => {
  const { counterexample, message, requests, runs, sentence } = result
  const part = (heading: string, text: string) => `${heading}:\n${Words.cut(text, limit)}`
  return [
    Words.cut(message, limit),
    ...(counterexample === undefined
      ? []
      : [
          part("expected", counterexample.expected),
          part("actual", counterexample.actual),
          part("curl", counterexample.curl),
          part("replay", counterexample.replay)
        ]),
    `The law: ${Words.cut(sentence, limit)}\n${Words.cut(source(result.source), limit)}`,
    `${Words.count(runs, "run")}, ${Words.count(requests, "request")}`
  ].join("\n\n")
}
