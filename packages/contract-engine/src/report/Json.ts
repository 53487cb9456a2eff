/**
 * Reports as JSON, for programs.
 *
 * @module
 */
import type * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as Finding from "../Finding.ts"
import { Report } from "../Report.ts"

const ReportJson = Schema.fromJsonString(Report, { space: 2 })

// A check by its law and operation, with the kind of its failing cases.
const Check = Schema.Struct({ law: Schema.String, operation: Schema.String, kind: Schema.String })

// The findings are derived from the results, so `parse` ignores them.
const ReportWithFindings = Schema.fromJsonString(
  Schema.Struct({
    ...Report.fields,
    findings: Schema.Array(
      Schema.Struct({
        ...Check.fields,
        status: Schema.Literals(["failed", "drift"]),
        message: Schema.String,
        isKnown: Schema.Boolean,
        sameCause: Schema.Array(Check)
      })
    )
  }),
  { space: 2 }
)

const toCheck = ({ kind, result: { law, operation } }: Finding.Failure): typeof Check.Type => ({ law, operation, kind })

/**
 * Formats a report as indented JSON with a newline at the end.
 *
 * **Details**
 *
 * In addition to the report, the JSON has a list `findings`. Each finding has the law, the operation, the status and the
 * message of its most specific failure, and in `sameCause` the other checks that fail for the same cause.
 *
 * **Example** (Writing a report)
 *
 * ```ts
 * import type { Report } from "@effect-workos/contract-engine/Report"
 * import * as Json from "@effect-workos/contract-engine/report/Json"
 * import * as Effect from "effect/Effect"
 * import * as FileSystem from "effect/FileSystem"
 *
 * const write = Effect.fn(function* (report: Report) {
 *   const fs = yield* FileSystem.FileSystem
 *   yield* fs.writeFileString("report.json", Json.render(report))
 * })
 * ```
 */
export const render = (report: Report): string => {
  const findings = Finding.ofResults(report.results).map(({ failure, isKnown, others, status }) => ({
    ...toCheck(failure),
    status,
    message: failure.cases[0].message,
    isKnown,
    sameCause: others.map(toCheck)
  }))
  return `${Schema.encodeSync(ReportWithFindings)({ ...report, findings })}\n`
}

/**
 * Parses the output of `render`. Fails with a `SchemaError` that states the path of each issue.
 *
 * **Example** (Reading a report)
 *
 * ```ts
 * import * as Json from "@effect-workos/contract-engine/report/Json"
 * import * as Effect from "effect/Effect"
 * import * as FileSystem from "effect/FileSystem"
 *
 * const read = Effect.gen(function* () {
 *   const fs = yield* FileSystem.FileSystem
 *   return yield* Json.parse(yield* fs.readFileString("report.json"))
 * })
 * ```
 */
export const parse: (text: string) => Effect.Effect<Report, Schema.SchemaError> = Schema.decodeEffect(ReportJson)
