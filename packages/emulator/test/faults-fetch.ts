// A fetch of the emulator with faults, without a socket.
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Emulator from "../src/Emulator.ts"
import type { Fault } from "../src/Fault.ts"
import * as Faults from "../src/Faults.ts"
import * as Store from "../src/Store.ts"
import { authorization, makeStore } from "./emulator-server.ts"

export const LayerStore = Layer.effect(Store.Store, makeStore)

export const base = "http://workos.test"

/** An emulator with initial faults. */
export const start = Effect.fnUntraced(function* (initial: ReadonlyArray<Fault> = []) {
  const faults = yield* Faults.make(initial)
  const fetch = yield* Emulator.fetch({ faults })
  const send = (path: string, init: RequestInit = {}) =>
    Effect.tryPromise((signal) => fetch(`${base}${path}`, { signal, headers: { authorization }, ...init }))
  return { faults, fetch, send }
})

export const textOf = (response: Response) => Effect.tryPromise(() => response.text())
