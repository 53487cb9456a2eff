// The endpoints of organizations, answered from memory.
import * as Effect from "effect/Effect"
import * as HttpApiBuilder from "effect/http-api/HttpApiBuilder"
import { EmulatedApi } from "./EmulatedApi.ts"

const unanswered = () => Effect.die("unanswered")

export const layer = HttpApiBuilder.group(EmulatedApi, "organizations", (handlers) =>
  handlers
    .handle("list", unanswered)
    .handle("getByExternalId", unanswered)
    .handle("get", unanswered)
    .handle("create", unanswered)
    .handle("update", unanswered)
    .handle("delete", unanswered)
)
