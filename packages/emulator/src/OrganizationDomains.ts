// The endpoints of organizations' domains, answered from memory.
import * as Effect from "effect/Effect"
import * as HttpApiBuilder from "effect/http-api/HttpApiBuilder"
import { EmulatedApi } from "./EmulatedApi.ts"

const unanswered = () => Effect.die("unanswered")

export const layer = HttpApiBuilder.group(EmulatedApi, "organizationDomains", (handlers) =>
  handlers
    .handle("create", unanswered)
    .handle("get", unanswered)
    .handle("delete", unanswered)
    .handle("verify", unanswered)
)
