// The service of customers: their sign-in methods and connections, with the types and errors of the product.
import type * as Client from "@effect-workos/client/Client"
import { Connections } from "@effect-workos/client/Connections"
import { Organizations } from "@effect-workos/client/Organizations"
import * as RetryPolicy from "@effect-workos/client/RetryPolicy"
import type { organizations } from "@effect-workos/domain/organizations/Organization"
import type { connections } from "@effect-workos/domain/sso/Connection"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import { type SignInMethod, Unavailable, UnknownCustomer } from "./Api.ts"

// A user waits for the login page, so calls fail after a few seconds.
const quick: RetryPolicy.Policy = {
  ...RetryPolicy.standard,
  maxAttempts: 3,
  attemptTimeout: "2 seconds",
  deadline: "5 seconds"
}

const password: SignInMethod = { method: "password" }

// Anyone can claim a domain. Only a verified domain proves that its email addresses belong to the organization.
const isVerified = (state?: string) => state === "verified" || state === "legacy_verified"

// Temporary errors become `Unavailable`, so that callers can try again. All others, such as a wrong API key, are
// defects: the API responds with 500.
type OurError =
  | Client.StreamError<typeof connections, "list">
  | Client.Error<typeof organizations, "getByExternalId" | "list">

const ours = (error: OurError) => {
  switch (error._tag) {
    case "CircuitOpen":
    case "RequestTimeout":
    case "ServerError":
    case "TooManyRequests":
    case "TransportError":
      return Effect.andThen(Effect.logWarning(error.message), Effect.fail(new Unavailable()))
    default:
      return Effect.andThen(Effect.logError(`${error._tag}: ${error.message}`), Effect.die(error))
  }
}

export class Customers extends Context.Service<Customers>()("example/Customers", {
  make: Effect.gen(function* () {
    const connections = yield* Connections
    const organizations = yield* Organizations

    return {
      /** Returns how the user with this email address signs in. */
      signInMethod: Effect.fn("Customers.signInMethod")(
        function* (email: string) {
          const domain = email.slice(email.lastIndexOf("@") + 1).toLowerCase()
          const { data } = yield* organizations.list({ domains: [domain] })
          const owner = data.find(({ domains }) =>
            domains.some((owned) => owned.domain.toLowerCase() === domain && isVerified(owned.state))
          )
          if (owner === undefined) return password
          const active = yield* connections.stream({ organizationId: owner.id }).pipe(
            Stream.filter(({ state }) => state === "active"),
            Stream.runHead
          )
          return Option.match(active, {
            onNone: () => password,
            onSome: ({ connectionType }): SignInMethod => ({
              method: "single-sign-on",
              organization: owner.id,
              connectionType
            })
          })
        },
        Effect.catch(ours),
        Effect.provideService(RetryPolicy.RetryPolicy, quick)
      ),

      /** Returns the connections of a customer. `customerId` is the `externalId` of the customer's organization. */
      connections: Effect.fn("Customers.connections")(function* (customerId: string) {
        const organization = yield* organizations.getByExternalId(customerId).pipe(
          Effect.catchTag("NotFound", () => Effect.undefined),
          Effect.catch(ours)
        )
        if (organization === undefined) return yield* new UnknownCustomer({ customerId })
        return yield* connections
          .stream({ organizationId: organization.id })
          .pipe(Stream.runCollect, Effect.catch(ours))
      })
    }
  })
}) {
  static readonly layer = Layer.effect(this, this.make)
}
