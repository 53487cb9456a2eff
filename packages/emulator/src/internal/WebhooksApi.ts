// The admin API for webhooks. At WorkOS, webhooks are configured in the dashboard.
import * as ApiErrorResponse from "@effect-workos/domain/ApiErrorResponse"
import * as Effect from "effect/Effect"
import * as HttpApi from "effect/http-api/HttpApi"
import * as HttpApiBuilder from "effect/http-api/HttpApiBuilder"
import * as HttpApiEndpoint from "effect/http-api/HttpApiEndpoint"
import * as HttpApiGroup from "effect/http-api/HttpApiGroup"
import * as HttpApiSchema from "effect/http-api/HttpApiSchema"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import { InvalidRequests, layerInvalidRequests } from "./EmulatedApi.ts"
import * as NotFound from "./NotFound.ts"
import * as Webhooks from "../Webhooks.ts"

/**
 * Adds, lists and removes webhooks.
 */
const WebhooksApi = HttpApi.make("emulator")
  .add(
    HttpApiGroup.make("webhooks").add(
      HttpApiEndpoint.get("list", "/_emulator/webhooks", { success: Schema.Array(Webhooks.Registered) }),
      HttpApiEndpoint.post("add", "/_emulator/webhooks", {
        payload: Webhooks.Webhook,
        success: Webhooks.Registered.pipe(HttpApiSchema.status(201)),
        error: ApiErrorResponse.UnprocessableEntityResponse
      }),
      HttpApiEndpoint.delete("remove", "/_emulator/webhooks/:id", {
        params: { id: Schema.String },
        success: HttpApiSchema.NoContent,
        error: ApiErrorResponse.NotFoundResponse
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
      .handle("remove", ({ params: { id } }) => Effect.flatMap(webhooks.remove(id), NotFound.ifFalse("Webhook", id)))
  })
)

/** The routes. */
export const layer = HttpApiBuilder.layer(WebhooksApi).pipe(
  Layer.provide(layerGroup),
  Layer.provide(layerInvalidRequests)
)
