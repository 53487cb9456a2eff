// The webhooks of an emulator over HTTP: what is set up in WorkOS's dashboard.
import * as ApiError from "@effect-workos/domain/ApiError"
import * as Effect from "effect/Effect"
import * as HttpApi from "effect/http-api/HttpApi"
import * as HttpApiBuilder from "effect/http-api/HttpApiBuilder"
import * as HttpApiEndpoint from "effect/http-api/HttpApiEndpoint"
import * as HttpApiGroup from "effect/http-api/HttpApiGroup"
import * as HttpApiSchema from "effect/http-api/HttpApiSchema"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import { InvalidRequests, layerInvalidRequests } from "./internal/EmulatedApi.ts"
import * as Missing from "./internal/Missing.ts"
import * as Webhooks from "./Webhooks.ts"

/**
 * Puts webhooks in, lists them and takes them out.
 *
 * **Example** (A client for it)
 *
 * ```ts
 * import { WebhooksApi } from "@effect-workos/emulator/WebhooksApi"
 * import * as Effect from "effect/Effect"
 * import * as HttpApiClient from "effect/http-api/HttpApiClient"
 * import * as Redacted from "effect/Redacted"
 *
 * const program = Effect.gen(function* () {
 *   const { webhooks } = yield* HttpApiClient.make(WebhooksApi, { baseUrl: "http://127.0.0.1:4100" })
 *   yield* webhooks.add({
 *     payload: {
 *       url: "http://127.0.0.1:3000/webhook",
 *       secret: Redacted.make("whsec_test"),
 *       events: ["connection.deactivated"]
 *     }
 *   })
 * })
 * ```
 */
export const WebhooksApi = HttpApi.make("emulator")
  .add(
    HttpApiGroup.make("webhooks").add(
      HttpApiEndpoint.get("list", "/_emulator/webhooks", { success: Schema.Array(Webhooks.Standing) }),
      HttpApiEndpoint.post("add", "/_emulator/webhooks", {
        payload: Webhooks.Webhook,
        success: Webhooks.Standing.pipe(HttpApiSchema.status(201)),
        error: ApiError.UnprocessableEntityResponse
      }),
      HttpApiEndpoint.delete("remove", "/_emulator/webhooks/:id", {
        params: { id: Schema.String },
        success: HttpApiSchema.NoContent,
        error: ApiError.NotFoundResponse
      })
    )
  )
  .middleware(InvalidRequests)

const layerGroup = HttpApiBuilder.group(
  WebhooksApi,
  "webhooks",
  Effect.fnUntraced(function* (handlers) {
    const webhooks = yield* Webhooks.Webhooks
    return handlers
      .handle("list", () => webhooks.list)
      .handle("add", ({ payload }) => webhooks.add(payload))
      .handle("remove", ({ params: { id } }) =>
        Effect.flatMap(webhooks.remove(id), Missing.unlessRemoved("Webhook", id))
      )
  })
)

/** The routes, on the webhooks that there are. */
export const layer = HttpApiBuilder.layer(WebhooksApi).pipe(
  Layer.provide(layerGroup),
  Layer.provide(layerInvalidRequests)
)
