// The admin API for faults.
import * as ApiErrorResponse from "@effect-workos/domain/ApiErrorResponse"
import * as Effect from "effect/Effect"
import { HttpServerRequest } from "effect/http/HttpServerRequest"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as HttpApi from "effect/http-api/HttpApi"
import * as HttpApiBuilder from "effect/http-api/HttpApiBuilder"
import * as HttpApiEndpoint from "effect/http-api/HttpApiEndpoint"
import * as HttpApiError from "effect/http-api/HttpApiError"
import * as HttpApiGroup from "effect/http-api/HttpApiGroup"
import * as HttpApiMiddleware from "effect/http-api/HttpApiMiddleware"
import * as HttpApiSchema from "effect/http-api/HttpApiSchema"
import * as Layer from "effect/Layer"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as Fault from "../Fault.ts"
import * as Faults from "../Faults.ts"
import * as NotFound from "./NotFound.ts"

/** The path prefix of the admin API, which needs no key and to which faults are not applied. */
export const prefix = "/_emulator/"

/**
 * Responds to invalid faults.
 */
export class InvalidFaults extends HttpApiMiddleware.Service<InvalidFaults>()(
  "@effect-workos/emulator/InvalidFaults"
) {}

/**
 * Adds, lists and removes faults.
 */
export const FaultsApi = HttpApi.make("emulator")
  .add(
    HttpApiGroup.make("faults").add(
      HttpApiEndpoint.get("list", "/_emulator/faults", { success: Schema.Array(Faults.Registered) }),
      HttpApiEndpoint.post("add", "/_emulator/faults", {
        payload: Fault.Fault,
        success: Faults.Registered.pipe(HttpApiSchema.status(201)),
        error: ApiErrorResponse.UnprocessableEntityResponse
      }),
      HttpApiEndpoint.delete("clear", "/_emulator/faults", { success: HttpApiSchema.NoContent }),
      HttpApiEndpoint.delete("remove", "/_emulator/faults/:id", {
        params: { id: Schema.String },
        success: HttpApiSchema.NoContent,
        error: ApiErrorResponse.NotFoundResponse
      })
    )
  )
  .middleware(InvalidFaults)
  .annotate(HttpApi.PayloadParseOptions, { onExcessProperty: "error" })

const layerGroup = HttpApiBuilder.group(
  FaultsApi,
  "faults",
  Effect.fnUntraced(function* (handlers) {
    const faults = yield* Faults.Faults
    return handlers
      .handle("list", () => faults.list)
      .handle("add", ({ payload }) => faults.add(payload))
      .handle("clear", () => faults.clear)
      .handle("remove", ({ params: { id } }) => Effect.flatMap(faults.remove(id), NotFound.ifFalse("Fault", id)))
  })
)

const unprocessable = (message: string) => HttpServerResponse.jsonUnsafe({ message }, { status: 422 })

const notJson = unprocessable("The fault is invalid: expected JSON, with the content type application/json.")

// The request caches its body, so the body can be parsed again for the error message.
const explain = Effect.flatMap(HttpServerRequest, ({ json }) => json).pipe(
  Effect.map((json) =>
    Result.match(Fault.parse(json), {
      onFailure: (invalid) => unprocessable(`The fault is invalid: expected ${Fault.explain(invalid)}.`),
      onSuccess: () => notJson
    })
  ),
  Effect.catch(() => Effect.succeed(notJson))
)

const layerInvalidFaults = Layer.succeed(InvalidFaults, (httpEffect) =>
  httpEffect.pipe(
    Effect.map((response) => (response.status === 415 ? notJson : response)),
    Effect.catch((error) =>
      HttpApiError.HttpApiSchemaError.is(error) && error.kind === "Payload" ? explain : Effect.fail(error)
    )
  )
)

/** The routes. */
export const layer = HttpApiBuilder.layer(FaultsApi).pipe(Layer.provide(layerGroup), Layer.provide(layerInvalidFaults))
