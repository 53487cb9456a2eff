// Arbitrary reports whose texts may contain markup of any format.
import * as Arbitrary from "effect/Arbitrary"
import * as Schema from "effect/Schema"
import { Report } from "../../src/Report.ts"
import { adversarialTexts } from "./fixture.ts"

const Text = Schema.Union([Schema.Literals(adversarialTexts), Schema.String])

// Appends another suffix to each string of a report in turn.
const withEnds = (report: Report, ends: ReadonlyArray<string>): Report => {
  let index = 0
  const harm = (text: string) => `${text}${ends[index++ % ends.length] ?? ""}`
  return {
    ...report,
    target: harm(report.target),
    startedAt: harm(report.startedAt),
    results: report.results.map(({ counterexample, others, source, ...result }) => ({
      ...result,
      law: harm(result.law),
      operation: harm(result.operation),
      message: harm(result.message),
      sentence: harm(result.sentence),
      source: { ...source, text: harm(source.text), ...(source.url === undefined ? {} : { url: harm(source.url) }) },
      ...(counterexample === undefined
        ? {}
        : {
            counterexample: {
              ...counterexample,
              curl: harm(counterexample.curl),
              expected: harm(counterexample.expected),
              actual: harm(counterexample.actual),
              replay: harm(counterexample.replay)
            }
          }),
      ...(others === undefined
        ? {}
        : {
            others: others.map((other) => ({
              ...other,
              message: harm(other.message),
              curl: harm(other.curl),
              expected: harm(other.expected),
              actual: harm(other.actual)
            }))
          })
    })),
    fixed: report.fixed.map(({ law, message, operation, ...kind }) => ({
      ...kind,
      law: harm(law),
      operation: harm(operation),
      message: harm(message)
    }))
  }
}

/**
 * Reports whose texts may be adversarial.
 */
export const AnyReport: Arbitrary.Arbitrary<Report> = Arbitrary.map(
  Arbitrary.all({
    report: Arbitrary.schema(Report),
    ends: Arbitrary.array(Arbitrary.schema(Text), { minLength: 1, maxLength: 7 })
  }),
  ({ ends, report }) => withEnds(report, ends)
)
