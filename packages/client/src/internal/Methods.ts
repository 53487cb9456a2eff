// The methods of a resource, made from its endpoints. `Client` has their types.
import * as Endpoint from "@effect-workos/domain/Endpoint"
import * as Id from "@effect-workos/domain/Id"
import * as Lazy from "@effect-workos/domain/Lazy"
import type { EncodedPage, Page } from "@effect-workos/domain/Pagination"
import type { Resource } from "@effect-workos/domain/Resource"
import { snakeCase } from "@effect-workos/domain/Wire"
import * as Effect from "effect/Effect"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as Predicate from "effect/Predicate"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { InvalidRequest } from "../ClientError.ts"
import * as ErrorDecoders from "./ErrorDecoders.ts"
import * as Excerpt from "./Excerpt.ts"
import * as Operation from "./Operation.ts"
import * as Pages from "./Pages.ts"
import * as RequestInput from "./RequestInput.ts"
import { Transport } from "./Transport.ts"
import type { PathLimit } from "../RateLimit.ts"
import { originOf, WorkOsConfig } from "../WorkOsConfig.ts"

type Arguments = ReadonlyArray<unknown>

/**
 * The span attributes of a call: each path parameter that is an id, under its kind, for example `workos.connection_id`.
 * Malformed ids are not traced: they may be secrets.
 */
const attributesOf = ({ noun }: Resource, { params = {} }: Endpoint.Endpoint) => {
  const ids = Object.entries(params).flatMap(([name, schema]) => {
    if (Id.prefixOf(schema.ast) === undefined) return []
    const kind = name === "id" ? `${noun.replaceAll(" ", "_")}_id` : snakeCase(name)
    return [{ name, attribute: `workos.${kind}`, is: Schema.is(schema) }]
  })
  return ({ params }: RequestInput.RequestInput): Record<string, unknown> => {
    const attributes: Record<string, unknown> = {}
    for (const { attribute, is, name } of ids) if (is(params[name])) attributes[attribute] = params[name]
    return attributes
  }
}

/** The documented limits of a call, with the keys that say which calls are counted together. */
const rateLimitsOf = (
  operation: string,
  { rateLimits = [] }: Endpoint.Endpoint
): ((input: RequestInput.RequestInput) => ReadonlyArray<PathLimit>) => {
  if (rateLimits.length === 0) return () => []
  return ({ options, params }) =>
    rateLimits.map(({ per, requests, seconds, shared = operation }) => {
      // An endpoint can have limits for several windows, which are counted separately.
      const key = `${shared}:${requests}/${seconds}s`
      return {
        requests,
        window: seconds * 1_000,
        key: per === undefined ? key : `${key}:${String(params[per] ?? options[per])}`
      }
    })
}

/** The texts of all `Redacted` values in an argument, which no error and no span may show. */
const secretsOf = (value: unknown): ReadonlyArray<string> => {
  if (Redacted.isRedacted(value)) return Excerpt.formsOf(String(Redacted.value(value)))
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(secretsOf) : []
}

/** Fails for a token that a header cannot hold. */
const checkToken = (operation: string, token: Redacted.Redacted): Effect.Effect<void, InvalidRequest> =>
  /^[\x21-\x7e]+$/.test(Redacted.value(token))
    ? Effect.void
    : Effect.fail(
        new InvalidRequest({
          operation,
          message: `${operation}: accessToken: Expected a token of visible ASCII characters`
        })
      )

/** The decoded or the encoded form of a list. */
interface Representation<A> {
  readonly decoder: Operation.ResponseDecoder<A>
  readonly rowsOf: (page: A) => ReadonlyArray<unknown>
  readonly nextOf: (page: A) => string | null
}

const decodedPage = (decoder: Operation.ResponseDecoder<unknown>): Representation<Page<unknown>> => ({
  decoder: decoder as Operation.ResponseDecoder<Page<unknown>>,
  rowsOf: ({ data }) => data,
  nextOf: ({ listMetadata }) => listMetadata.after
})

const encodedPage = (decoder: Operation.ResponseDecoder<unknown>): Representation<EncodedPage<unknown>> => ({
  decoder: decoder as Operation.ResponseDecoder<EncodedPage<unknown>>,
  rowsOf: ({ data }) => data,
  nextOf: ({ list_metadata }) => list_metadata.after
})

const makeMethod = (
  transport: Transport["Service"],
  { apiKey, baseUrl }: WorkOsConfig["Service"],
  resource: Resource,
  name: string,
  endpoint: Endpoint.Endpoint
) => {
  const operation = `${resource.name}.${name}`
  const { access, containsPii = false, item, method, origin, retryUnsafe = false } = endpoint
  const toInput = RequestInput.fromArguments(endpoint)
  const key = access === undefined && Redacted.value(apiKey) !== "" ? apiKey : undefined

  const shared = Lazy.value(() => {
    return {
      request: RequestInput.requests(endpoint, originOf(baseUrl, origin)),
      attributes: attributesOf(resource, endpoint),
      errors: ErrorDecoders.make<unknown>(endpoint),
      rateLimits: rateLimitsOf(operation, endpoint)
    }
  })

  const runner = <A>(success: () => Operation.ResponseDecoder<A>) => {
    const run = Lazy.value(() =>
      Operation.run({
        operation,
        transport,
        success: success(),
        errors: shared().errors,
        // The body of a 404 is not that of a success.
        ignoreNotFoundOnRetry: method === "DELETE" && Endpoint.success(endpoint) === undefined,
        retryUnsafe,
        containsPii
      })
    )
    return (input: RequestInput.RequestInput) =>
      Effect.suspend(() => {
        const { attributes, rateLimits, request } = shared()
        const token = input.accessToken ?? key
        const authorizedRequest = Effect.fromResult(
          Result.map(request(input), (request) =>
            token === undefined ? request : HttpClientRequest.bearerToken(request, token)
          )
        )
        return run()(
          input.accessToken === undefined
            ? authorizedRequest
            : Effect.andThen(checkToken(operation, input.accessToken), authorizedRequest),
          {
            attributes: () => attributes(input),
            secrets: secretsOf([input.accessToken, input.params, input.options]),
            rateLimits: rateLimits(input)
          }
        )
      })
  }

  // A list in one of its two forms. The default order differs between editions of the API, so every request names one.
  const reader = <A>(representation: () => Representation<A>) => {
    const run = runner(() => representation().decoder)
    const list = ({ options, ...input }: RequestInput.RequestInput, pagination: object) =>
      run({ ...input, options: { ...options, order: options["order"] ?? "desc", ...pagination } })
    const pages = (...args: Arguments) => {
      const { options, ...input } = toInput(args)
      const { after, pageSize = 100, ...filters } = options
      return Pages.pages({
        operation,
        after: Predicate.isString(after) ? after : undefined,
        fetch: (after) => list({ ...input, options: filters }, { limit: pageSize, after }),
        next: (page) => representation().nextOf(page)
      })
    }
    const stream = (...args: Arguments) => Pages.rows(pages(...args), (page) => representation().rowsOf(page))
    return Object.assign((...args: Arguments) => list(toInput(args), {}), { pages, stream })
  }

  if (item !== undefined) {
    const page = Lazy.value(() => Endpoint.success(endpoint) ?? item)
    return Object.assign(reader(Lazy.value(() => decodedPage(Operation.decoded(page())))), {
      encoded: reader(Lazy.value(() => encodedPage(Operation.encoded(page()))))
    })
  }
  const { success } = endpoint
  if (success === undefined) {
    const run = runner(() => Operation.empty)
    return (...args: Arguments) => run(toInput(args))
  }
  const run = runner(() => Operation.decoded(success))
  const runEncoded = runner(() => Operation.encoded(success))
  return Object.assign((...args: Arguments) => run(toInput(args)), {
    encoded: (...args: Arguments) => runEncoded(toInput(args))
  })
}

/**
 * Makes the methods of a resource. No schema is compiled before the method that needs it is first called.
 */
export const make = (resource: Resource): Effect.Effect<object, never, Transport | WorkOsConfig> =>
  Effect.gen(function* () {
    const config = yield* WorkOsConfig
    const transport = yield* Transport
    const methods = Object.fromEntries(
      Object.entries(resource.endpoints)
        .filter(([, { browser }]) => browser !== true)
        .map(([name, endpoint]) => [name, makeMethod(transport, config, resource, name, endpoint)])
    )
    const { list } = methods
    return list !== undefined && "pages" in list && "stream" in list
      ? { stream: list.stream, pages: list.pages, ...methods }
      : methods
  })
