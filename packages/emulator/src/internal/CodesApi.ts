// The admin API for one-time codes and tokens, which the emulator does not send.
import { Timestamp } from "@effect-workos/domain/Timestamp"
import * as Wire from "@effect-workos/domain/Wire"
import * as Effect from "effect/Effect"
import * as HttpApi from "effect/http-api/HttpApi"
import * as HttpApiBuilder from "effect/http-api/HttpApiBuilder"
import * as HttpApiEndpoint from "effect/http-api/HttpApiEndpoint"
import * as HttpApiGroup from "effect/http-api/HttpApiGroup"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import * as Admin from "../Admin.ts"
import { InvalidRequests, layerInvalidRequests } from "./EmulatedApi.ts"
import { Store } from "../Store.ts"

const Code = Wire.Struct(() => ({
  kind: Schema.String,
  id: Schema.String,
  recipient: Schema.String,
  code: Schema.String,
  createdAt: Timestamp,
  expiresAt: Timestamp
}))

/**
 * Lists the codes that can be used, newest first.
 */
const CodesApi = HttpApi.make("emulator")
  .add(
    HttpApiGroup.make("codes").add(
      HttpApiEndpoint.get("list", "/_emulator/codes", {
        query: { recipient: Schema.optionalKey(Schema.String) },
        success: Schema.Struct({ data: Schema.Array(Code) })
      })
    )
  )
  .middleware(InvalidRequests)

const layerGroup = HttpApiBuilder.group(
  CodesApi,
  "codes",
  Effect.fnUntraced(function* (handlers) {
    const store = yield* Store
    return handlers.handle("list", ({ query: { recipient } }) =>
      Admin.codes(recipient).pipe(
        Effect.map((data) => ({ data })),
        Effect.provideService(Store, store)
      )
    )
  })
)

/** The routes. */
export const layer = HttpApiBuilder.layer(CodesApi).pipe(Layer.provide(layerGroup), Layer.provide(layerInvalidRequests))
