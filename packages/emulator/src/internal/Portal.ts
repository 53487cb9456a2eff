// The endpoint of the Admin Portal, answered from memory: with links to a portal that is not there.
import * as Effect from "effect/Effect"
import * as HttpApiBuilder from "effect/http-api/HttpApiBuilder"
import * as Redacted from "effect/Redacted"
import { EmulatedApi } from "./EmulatedApi.ts"
import * as NotFound from "./NotFound.ts"
import * as SignIn from "./SignIn.ts"
import { Store } from "../Store.ts"

export const layer = HttpApiBuilder.group(
  EmulatedApi,
  "portal",
  Effect.fnUntraced(function* (handlers) {
    const { organizations } = yield* Store

    return handlers.handle(
      "generateLink",
      Effect.fnUntraced(function* ({ payload }) {
        if (organizations.get(payload.organization) === undefined) {
          return yield* NotFound.make("Organization", payload.organization)
        }
        return { link: Redacted.make(`https://setup.workos.com?token=${yield* SignIn.secret}`) }
      })
    )
  })
)
