// Gets one connection with Effect: its HTTP modules, a `Schema` of the response, and the errors that programs handle.
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as HttpClientResponse from "effect/http/HttpClientResponse"
import * as Schema from "effect/Schema"

class Connection extends Schema.Class<Connection>("Connection")({
  object: Schema.Literal("connection"),
  id: Schema.String,
  organization_id: Schema.optionalKey(Schema.String),
  connection_type: Schema.String,
  name: Schema.String,
  state: Schema.String,
  domains: Schema.Array(
    Schema.Struct({ object: Schema.Literal("connection_domain"), id: Schema.String, domain: Schema.String })
  ),
  created_at: Schema.DateTimeUtcFromString,
  updated_at: Schema.DateTimeUtcFromString
}) {}

class Unauthorized extends Schema.TaggedError<Unauthorized>()("Unauthorized", { message: Schema.String }) {}

class NotFound extends Schema.TaggedError<NotFound>()("NotFound", { message: Schema.String }) {}

class UnprocessableEntity extends Schema.TaggedError<UnprocessableEntity>()("UnprocessableEntity", {
  message: Schema.String
}) {}

class TooManyRequests extends Schema.TaggedError<TooManyRequests>()("TooManyRequests", {
  message: Schema.String,
  retryAfter: Schema.optionalKey(Schema.String)
}) {}

const Refusal = Schema.Struct({ message: Schema.String })

const get = Effect.fn("get")(function* (id: string) {
  const client = yield* HttpClient.HttpClient
  const response = yield* client.execute(
    HttpClientRequest.get(`https://api.workos.com/connections/${encodeURIComponent(id)}`).pipe(
      HttpClientRequest.acceptJson,
      HttpClientRequest.bearerToken("sk_test_a2V5XzEyMzQ")
    )
  )
  const refusal = HttpClientResponse.schemaBodyJson(Refusal)(response)
  switch (response.status) {
    case 401:
      return yield* new Unauthorized(yield* refusal)
    case 404:
      return yield* new NotFound(yield* refusal)
    case 422:
      return yield* new UnprocessableEntity(yield* refusal)
    case 429: {
      const retryAfter = response.headers["retry-after"]
      return yield* new TooManyRequests({ ...(yield* refusal), ...(retryAfter === undefined ? {} : { retryAfter }) })
    }
  }
  const success = yield* HttpClientResponse.filterStatusOk(response)
  return yield* HttpClientResponse.schemaBodyJson(Connection)(success)
})

export const run = () =>
  Effect.runPromise(Effect.provide(get("conn_01E4ZCR3C56J083X43JQXF3JK5"), FetchHttpClient.layer))
