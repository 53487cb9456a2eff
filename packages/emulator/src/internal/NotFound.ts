// Construction of 404 errors.
import * as ApiError from "@effect-workos/domain/ApiError"
import * as Effect from "effect/Effect"

/**
 * Makes the error for an unknown id.
 */
export const make = (noun: string, id: string): ApiError.NotFound =>
  new ApiError.NotFound({ message: `${noun} not found: '${id}'.` })

/**
 * Fails with `NotFound` if the value is `undefined`.
 */
export const ifUndefined =
  (noun: string, id: string) =>
  <A>(found: A | undefined): Effect.Effect<A, ApiError.NotFound> =>
    found === undefined ? Effect.fail(make(noun, id)) : Effect.succeed(found)

/**
 * Fails with `NotFound` if nothing was removed.
 */
export const ifFalse =
  (noun: string, id: string) =>
  (isRemoved: boolean): Effect.Effect<void, ApiError.NotFound> =>
    isRemoved ? Effect.void : Effect.fail(make(noun, id))
