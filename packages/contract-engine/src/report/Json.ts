/**
 * Reports as JSON, for programs.
 *
 * @module
 */
import type * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { Report } from "../Report.ts"

const ReportJson = Schema.fromJsonString(Report, { space: 2 })

/**
 * Formats a report as indented JSON with a newline at the end.
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
export const render = (report: Report): string => `${Schema.encodeSync(ReportJson)(report)}\n`

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
