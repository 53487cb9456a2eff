// How the emulator says that something is not there.
import * as ApiError from "@effect-workos/domain/ApiError"
import * as Effect from "effect/Effect"

/**
 * That there is no such thing with an id.
 */
export const make = (noun: string, id: string): ApiError.NotFound =>
  new ApiError.NotFound({ message: `${noun} not found: '${id}'.` })

/**
 * What was looked for, if it was there.
 */
export const ifUndefined =
  (noun: string, id: string) =>
  <A>(found: A | undefined): Effect.Effect<A, ApiError.NotFound> =>
    found === undefined ? Effect.fail(make(noun, id)) : Effect.succeed(found)

/**
 * Nothing, if there was something to take away.
 */
export const ifFalse =
  (noun: string, id: string) =>
  (isRemoved: boolean): Effect.Effect<void, ApiError.NotFound> =>
    isRemoved ? Effect.void : Effect.fail(make(noun, id))
