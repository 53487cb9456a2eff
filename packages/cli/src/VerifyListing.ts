// Lists the laws and operations of a suite, with the number of requests that their checks send.
import * as Contract from "@effect-workos/contract-engine/Contract"
import * as Cost from "@effect-workos/contract-engine/Cost"
import { familyOf, type Law } from "@effect-workos/contract-engine/Law"
import type { SelectionOptions } from "@effect-workos/contract-engine/Settings"
import { type Check, checksOf, lawsOf, type Suite } from "@effect-workos/contract-engine/Suite"
import * as Progress from "./Progress.ts"
import { wrapText } from "./WrapText.ts"

export interface Options {
  readonly selection: SelectionOptions
  /** The number of generated cases per check. */
  readonly runs: number
  /** The width of the terminal; `undefined` for a file or a pipe, in which lines are not wrapped. */
  readonly columns: number | undefined
}

/**
 * Renders one line per law and per operation, so that programs can parse the output, and the total.
 */
export const render = (suite: Suite, { columns, runs, selection }: Options): string => {
  const checks = checksOf(suite, selection)
  const line = (name: string, requests: number, text: string): string => {
    const start = `${name.padEnd(34)}${Progress.number(requests).padStart(7)}  `
    return (columns === undefined ? [start + text] : wrapText(text, columns, start)).map((line) => `${line}\n`).join("")
  }
  const lawLine = (law: Law): string => {
    const own = checks.filter((check) => check.law === law)
    const requests = own.reduce((sum, check) => sum + Cost.ofCheck(check, suite, runs), 0)
    const notes = [...(law.severity === "drift" ? ["drift"] : []), ...(law.writes === true ? ["--writes"] : [])]
    return line(law.id, requests, notes.length === 0 ? law.sentence : `${law.sentence} (${notes.join(", ")})`)
  }
  const laws = lawsOf(suite, selection).filter((law) => checks.some((check) => check.law === law))
  const operations = Map.groupBy(checks, ({ operation }) => operation)
  const cost = (some: ReadonlyArray<Check>) => Cost.ofChecks(some, suite, runs)
  const total = `About ${Progress.number(cost(checks.filter((check) => !Contract.writes(check))))} requests, or ${Progress.number(cost(checks))} with --writes. Requests that laws share count once.`
  return [
    ...[...Map.groupBy(laws, ({ id }) => familyOf(id)).values()].map((family) => family.map(lawLine).join("")),
    [...operations]
      .map(([operation, own]) =>
        line(operation.id, cost(own), `${operation.method} ${operation.path}${operation.isSafe ? "" : " (--writes)"}`)
      )
      .join(""),
    `${columns === undefined ? total : wrapText(total, columns).join("\n")}\n`
  ]
    .filter((section) => section !== "")
    .join("\n")
}
