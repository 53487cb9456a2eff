/**
 * Results as plain text.
 *
 * @module
 */
import type { Result, Source } from "../Result.ts"
import * as Formatting from "./Formatting.ts"

/**
 * Formats the source of a law on one line.
 *
 * **Example** (A sentence of the documentation)
 *
 * ```ts
 * import * as PlainText from "@effect-workos/contract-engine/report/PlainText"
 *
 * PlainText.source({ kind: "documented", text: "An upper limit on the number of objects" })
 * // => "documented: An upper limit on the number of objects"
 * ```
 */
export const source = ({ kind, text, url }: Source): string => `${kind}: ${text}${url === undefined ? "" : ` (${url})`}`

/**
 * Describes a result in paragraphs, the most urgent first: the message, the counterexample, and the law.
 *
 * **Details**
 *
 * Parts longer than `limit` are truncated.
 *
 * **Example** (Describing failures)
 *
 * ```ts
 * import type { Report } from "@effect-workos/contract-engine/Report"
 * import * as PlainText from "@effect-workos/contract-engine/report/PlainText"
 *
 * const failures = (report: Report) =>
 *   report.results.filter(({ status }) => status === "failed").map((result) => PlainText.describe(result))
 * ```
 */
export const describe = (result: Result, limit = Infinity): string => {
  const { counterexample, message, requests, runs, sentence } = result
  const part = (heading: string, text: string) => `${heading}:\n${Formatting.truncate(text, limit)}`
  return [
    Formatting.truncate(message, limit),
    ...(counterexample === undefined
      ? []
      : [
          part("expected", counterexample.expected),
          part("actual", counterexample.actual),
          part("curl", counterexample.curl),
          part("replay", counterexample.replay)
        ]),
    `The law: ${Formatting.truncate(sentence, limit)}\n${Formatting.truncate(source(result.source), limit)}`,
    `${Formatting.count(runs, "case")}, ${Formatting.count(requests, "response")}`
  ].join("\n\n")
}
