/**
 * Results as plain text.
 *
 * @module
 */
import { describe as describeRequest } from "../Exchange.ts"
import type { Failure, Finding } from "../Finding.ts"
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
  const { counterexample, message, others = [], requests, runs, sentence } = result
  const part = (heading: string, text: string) => `${heading}:\n${Formatting.truncate(text, limit)}`
  return [
    Formatting.truncate(message, limit),
    ...(counterexample === undefined
      ? []
      : [
          part("expected", counterexample.expected),
          part("actual", counterexample.actual),
          ...(others.length === 0
            ? []
            : [part("other failing cases", others.map(({ message }) => message).join("\n"))]),
          part("curl", counterexample.curl),
          part("replay", counterexample.replay)
        ]),
    `The law: ${Formatting.truncate(sentence, limit)}\n${Formatting.truncate(source(result.source), limit)}`,
    `${Formatting.count(runs, "case")}, ${Formatting.count(requests, "response")}`
  ].join("\n\n")
}

/**
 * Names a result: `"lists/limit on connections.list"`.
 *
 * **Example** (Naming a result)
 *
 * ```ts
 * import * as PlainText from "@effect-workos/contract-engine/report/PlainText"
 *
 * PlainText.title({ law: "lists/limit", operation: "connections.list" }) // => "lists/limit on connections.list"
 * ```
 */
export const title = ({ law, operation }: Pick<Result, "law" | "operation">): string => `${law} on ${operation}`

/**
 * Describes the other failing cases of a failure: their last requests, of which the first `shown` are listed. Returns
 * `""` if the failure has one case.
 *
 * **Example** (Listing other failing values)
 *
 * ```ts
 * import type { Finding } from "@effect-workos/contract-engine/Finding"
 * import * as PlainText from "@effect-workos/contract-engine/report/PlainText"
 *
 * const alsoFailing = ({ failure }: Finding): string => PlainText.otherCases(failure, 5)
 * ```
 */
export const otherCases = ({ cases: [, ...others] }: Failure, shown: number): string => {
  const texts = others.map(({ message, requests = [] }) => {
    const request = requests.at(-1)
    if (request === undefined) return message
    const { access } = request
    return `${describeRequest(request)}${typeof access === "string" ? "" : ` with "${access.shown}"`}`
  })
  return listed(texts, shown)
}

/**
 * Describes the other failures of a finding. Returns `""` if the finding has one failure.
 *
 * **Example** (Counting the failures with the same cause)
 *
 * ```ts
 * import type { Finding } from "@effect-workos/contract-engine/Finding"
 * import * as PlainText from "@effect-workos/contract-engine/report/PlainText"
 *
 * // => "2 more checks fail for the same cause: lists/page-size on notes.list, lists/any-cursor on notes.list"
 * const note = (finding: Finding): string => PlainText.sameCause(finding, 3)
 * ```
 */
export const sameCause = ({ failure, others }: Finding, shown: number): string => {
  const titles = [...new Set(others.map(({ result }) => title(result)))].filter((one) => one !== title(failure.result))
  if (titles.length === 0) return ""
  const checks = Formatting.count(titles.length, "more check fails", "more checks fail")
  return `${checks} for the same cause: ${listed(titles, shown)}`
}

const listed = (texts: ReadonlyArray<string>, shown: number): string => {
  const more = texts.length - shown
  return [...texts.slice(0, shown), ...(more > 0 ? [`and ${Formatting.number(more)} more`] : [])].join(", ")
}
