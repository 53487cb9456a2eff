// The endpoint of events, answered from memory.
import * as Effect from "effect/Effect"
import * as HttpApiBuilder from "effect/http-api/HttpApiBuilder"
import { EmulatedApi } from "./EmulatedApi.ts"

const unanswered = () => Effect.die("unanswered")

export const layer = HttpApiBuilder.group(EmulatedApi, "events", (handlers) => handlers.handle("list", unanswered))
