// Responses that checks share: equal requests are sent once, until the data change.
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { type Exchange, keyOf, type NoResponse, type Request } from "../Exchange.ts"
import * as Cache from "./Cache.ts"

type Responses = Cache.Cache<Exchange, NoResponse>

// The responses of the current check, if it must not use those of other checks.
const CurrentResponses = Context.Reference<Responses | undefined>("@effect-workos/contract-engine/CurrentResponses", {
  defaultValue: () => undefined
})

export interface SharedResponses {
  /** Runs an effect that sends a request, or returns the response to an equal request with the same number. */
  readonly get: (
    request: Request,
    number: number,
    send: Effect.Effect<Exchange, NoResponse>
  ) => Effect.Effect<Exchange, NoResponse>
  /** Forgets all responses. */
  readonly clear: Effect.Effect<void>
  /** Runs an effect that shares responses only within itself. */
  readonly withFresh: <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>
}

/**
 * Makes shared responses that live as long as their scope.
 */
export const make = (scope: Scope.Scope): SharedResponses => {
  const shared: Responses = Cache.make(scope)
  return {
    get: (request, number, send) =>
      Effect.flatMap(CurrentResponses, (own) =>
        (own ?? shared).get(number === 1 ? keyOf(request) : `${number} ${keyOf(request)}`, send)
      ),
    clear: shared.clear,
    withFresh: (effect) => Effect.suspend(() => Effect.provideService(effect, CurrentResponses, Cache.make(scope)))
  }
}
