// The handlers of the API. Each calls the `Customers` service.
import * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import * as HttpApiBuilder from "effect/http-api/HttpApiBuilder"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import { createHash, timingSafeEqual } from "node:crypto"
import { Administrator, Api, NotAdministrator } from "./Api.ts"
import { Customers } from "./Customers.ts"

const login = HttpApiBuilder.group(
  Api,
  "login",
  Effect.fnUntraced(function* (handlers) {
    const customers = yield* Customers
    return handlers.handleAll({ signInMethod: ({ query }) => customers.signInMethod(query.email) })
  })
)

const admin = HttpApiBuilder.group(
  Api,
  "admin",
  Effect.fnUntraced(function* (handlers) {
    const customers = yield* Customers
    return handlers.handleAll({ connections: ({ params }) => customers.connections(params.customerId) })
  })
)

const digest = (secret: Redacted.Redacted) => createHash("sha256").update(Redacted.value(secret)).digest()

const layerAdministrator = Layer.effect(
  Administrator,
  Effect.gen(function* () {
    const token = digest(yield* Config.Redacted("ADMIN_TOKEN"))
    return {
      bearer: (response, { credential }) =>
        timingSafeEqual(digest(credential), token) ? response : Effect.fail(new NotAdministrator())
    }
  })
)

/** The handlers of all groups. The program provides the `Customers` service. */
export const layer = Layer.mergeAll(login, admin).pipe(Layer.provideMerge(layerAdministrator))
