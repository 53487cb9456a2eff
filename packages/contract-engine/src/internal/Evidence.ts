// The evidence of a failed law as data without secrets: the counterexample, and the other failing cases.
import * as Effect from "effect/Effect"
import { curl, type Request } from "../Exchange.ts"
import type * as Law from "../Law.ts"
import * as RecordedRequest from "../RecordedRequest.ts"
import type { Counterexample, Location, OtherCase } from "../Result.ts"
import { Session } from "../Session.ts"
import type { Check, Suite } from "../Suite.ts"
import * as Target from "../Target.ts"
import * as Kind from "./Kind.ts"

// The names of fields are texts from the server.
const redactLocation = ({ fields, ...at }: Location, redact: (text: string) => string): Location =>
  fields === undefined ? at : { ...at, fields: fields.map(redact) }

/**
 * Returns the counterexample of a failed law, and the other failing cases.
 */
export const of = Effect.fnUntraced(function* (
  suite: Suite,
  { law, operation }: Check,
  [first, ...others]: Law.Failed["violations"]
) {
  const session = yield* Session
  const { runs, seed, writes } = session.settings
  const shown = Target.shownCredentials(session.credentials)
  const caseOf = (violation: Law.Violation): OtherCase => ({
    message: session.redact(violation.message),
    curl: session.redact(
      violation.requests.map((request: Request) => curl(request, session.baseUrl, shown)).join("\n")
    ),
    expected: session.redact(violation.expected),
    actual: session.redact(violation.actual),
    kind: session.redact(Kind.of(violation)),
    ...(violation.at === undefined ? {} : { at: redactLocation(violation.at, session.redact) }),
    requests: violation.requests.map((request: Request) => RecordedRequest.record(request, session.redact))
  })
  const { message: _, ...smallest } = caseOf(first)
  const counterexample: Counterexample = {
    ...smallest,
    replay: suite.replay({ seed, runs, law: law.id, operation: operation.id, writes })
  }
  const kinds = new Set([Kind.of(first)])
  const rest = others.filter((violation) => {
    const kind = Kind.of(violation)
    const isNew = !kinds.has(kind)
    kinds.add(kind)
    return isNew || !isAboutResponse(violation)
  })
  return { counterexample, ...(rest.length === 0 ? {} : { others: rest.map(caseOf) }) }
})

// A fault in responses, such as a wrong field, is in most of them, so that one case of its kind is enough.
const isAboutResponse = ({ at = {} }: Law.Violation): boolean => at.fields !== undefined || at.header !== undefined
