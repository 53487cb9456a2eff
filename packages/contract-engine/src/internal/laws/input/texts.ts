// Laws of free text.
import * as Effect from "effect/Effect"
import * as Generate from "../../Generate.ts"
import * as AdversarialInputs from "../../AdversarialInputs.ts"
import * as Law from "../../../Law.ts"
import * as Property from "../../../Property.ts"
import type { ApiOperation } from "../../../ApiOperation.ts"
import type { Exchange } from "../../../Exchange.ts"
import { Session } from "../../../Session.ts"
import { checkRefused } from "./refusal.ts"

const adversarialText: Law.Law = {
  id: "input/adversarial-text",
  sentence: "The server accepts or refuses unusual text, such as quotes and null bytes, with a documented status.",
  source: Law.expected("Quotes, null bytes, wildcards and scripts are ordinary text."),
  severity: "error",
  appliesTo: (operation) => operation.isSafe && freeTexts(operation).length > 0,
  check: (operation) =>
    Effect.gen(function* () {
      const { sendCached, description } = yield* Session
      const plain = yield* Generate.minimal(operation)
      const texts = freeTexts(operation).flatMap(({ name }) => AdversarialInputs.texts.map((text) => ({ name, text })))
      const judge = (exchange: Exchange, length: number): Property.CaseResult => {
        const { response } = exchange
        const isSuccess = response.status < 400 && operation.responses.has(response.status)
        return isSuccess ? Property.passed : checkRefused(operation, exchange, length, description.conventions)
      }
      return yield* Property.forEach(texts, ({ name, text }) =>
        Effect.map(sendCached(Generate.withParameter(plain, name, text)), (exchange) => judge(exchange, text.length))
      )
    })
}

const freeTexts = ({ query }: ApiOperation) =>
  query.filter(({ accepts, literals }) => literals.length === 0 && accepts("'") && accepts("大阪"))

/**
 * The laws of free text.
 */
export const texts: ReadonlyArray<Law.Law> = [adversarialText]
