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
import * as Stream from "effect/Stream"
import { InvalidRequest, type InvalidResponse } from "../ClientError.ts"
import * as Credential from "./Credential.ts"
import * as ErrorDecoders from "./ErrorDecoders.ts"
import * as Excerpt from "./Excerpt.ts"
import * as Operation from "./Operation.ts"
import * as PageDecoder from "./PageDecoder.ts"
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

/** The documented limits of a call. Calls with the same key are counted together. */
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

/** The texts of all `Redacted` values in an argument, which errors and spans must not contain. */
const secretsOf = (value: unknown): ReadonlyArray<string> => {
  if (Redacted.isRedacted(value)) return Excerpt.formsOf(String(Redacted.value(value)))
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(secretsOf) : []
}

const invalidRequest = (operation: string, violation: string): InvalidRequest =>
  new InvalidRequest({ operation, message: `${operation}: ${violation}` })

/** Fails for a token that a header cannot contain. */
const checkToken = (operation: string, token: Redacted.Redacted): Effect.Effect<void, InvalidRequest> => {
  const violation = Credential.violation("token", Redacted.value(token))
  return violation === undefined
    ? Effect.void
    : Effect.fail(invalidRequest(operation, `accessToken: Expected ${violation}`))
}

/** The decoded or the encoded form of a list. */
interface Representation<A> {
  readonly decoder: Operation.ResponseDecoder<PageDecoder.DecodedPage<A>>
  readonly nextOf: (page: A) => string | null
}

const acceptsInvalidRows = ({ options }: RequestInput.RequestInput): boolean => options["invalidRows"] === "yield"

const toPage = <A>({ page }: PageDecoder.DecodedPage<A>): A => page

type AnyPage = Page<unknown> | EncodedPage<unknown>

const firstError = ({ errors, page }: PageDecoder.DecodedPage<AnyPage>): InvalidResponse | undefined =>
  errors.size === 0 ? undefined : errors.get(page.data.find((row) => errors.has(row)))?.()

const failIfInvalid = <A extends AnyPage>(decoded: PageDecoder.DecodedPage<A>): Effect.Effect<A, InvalidResponse> => {
  const error = firstError(decoded)
  return error === undefined ? Effect.succeed(decoded.page) : Effect.fail(error)
}

/** The rows of a page up to its first malformed one. */
const validRows = ({ errors, page }: PageDecoder.DecodedPage<AnyPage>): ReadonlyArray<unknown> =>
  errors.size === 0
    ? page.data
    : page.data.slice(
        0,
        page.data.findIndex((row) => errors.has(row))
      )

const makeMethod = (
  transport: Transport["Service"],
  { apiKey, baseUrl }: WorkOsConfig["Service"],
  resource: Resource,
  name: string,
  endpoint: Endpoint.Endpoint
) => {
  const operation = `${resource.name}.${name}`
  const { access, containsPii = false, exclusive, item, method, origin, retryUnsafe = false } = endpoint
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
        // Only for endpoints without a result, because a 404 contains no result.
        ignoreNotFoundOnRetry: method === "DELETE" && Endpoint.success(endpoint) === undefined,
        retryUnsafe,
        containsPii
      })
    )
    return (input: RequestInput.RequestInput) =>
      Effect.suspend(() => {
        const { attributes, rateLimits, request } = shared()
        const token = input.accessToken ?? key
        const violation = exclusive?.violation(input.options)
        const authorizedRequest: Effect.Effect<
          HttpClientRequest.HttpClientRequest,
          InvalidRequest | Schema.SchemaError
        > =
          violation === undefined
            ? Effect.fromResult(
                Result.map(request(input), (request) =>
                  token === undefined ? request : HttpClientRequest.bearerToken(request, token)
                )
              )
            : Effect.fail(invalidRequest(operation, violation))
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

  // The default order differs between editions of the documentation, so every request sets an order.
  const reader = <A extends AnyPage>(representation: () => Representation<A>) => {
    const run = runner(() => representation().decoder)
    const list = ({ options, ...input }: RequestInput.RequestInput, pagination: object) =>
      run({ ...input, options: { ...options, order: options["order"] ?? "desc", ...pagination } })
    type Decoded = PageDecoder.DecodedPage<A>
    const crawl = (
      { options, ...input }: RequestInput.RequestInput,
      // `of` returns the error that replaces a page, and `after` the error that follows a page.
      failures: { readonly of?: (page: Decoded) => unknown; readonly after?: (page: Decoded) => unknown }
    ) => {
      const { after, pageSize = 100, ...filters } = options
      const start = Predicate.isString(after) ? after : undefined
      const rest = exclusive?.afterCursor(filters)
      return Pages.pages({
        operation,
        after: start,
        fetch: (after) => {
          const isFirst = rest === undefined || after === start
          const page = list({ ...input, options: isFirst ? filters : rest.query }, { limit: pageSize, after })
          return Effect.flatMap(page, ({ errors, page }) => {
            const decoded = { errors, page: isFirst ? page : rest.restrict<A>(page) }
            const error = failures.of?.(decoded)
            return error === undefined ? Effect.succeed(decoded) : Effect.fail(error)
          })
        },
        next: ({ page }) => representation().nextOf(page),
        failure: failures.after
      })
    }
    return Object.assign(
      (...args: Arguments) => {
        const input = toInput(args)
        const page = list(input, {})
        return acceptsInvalidRows(input) ? Effect.map(page, toPage) : Effect.flatMap(page, failIfInvalid)
      },
      {
        pages: (...args: Arguments) => {
          const input = toInput(args)
          return Stream.map(crawl(input, acceptsInvalidRows(input) ? {} : { of: firstError }), toPage)
        },
        stream: (...args: Arguments) => {
          const input = toInput(args)
          return acceptsInvalidRows(input)
            ? Pages.rows(crawl(input, {}), ({ page }) => page.data)
            : Pages.rows(crawl(input, { after: firstError }), validRows)
        }
      }
    )
  }

  if (item !== undefined) {
    return Object.assign(
      reader(
        Lazy.value((): Representation<Page<unknown>> => ({
          decoder: PageDecoder.decoded(operation, endpoint, item),
          nextOf: ({ listMetadata }) => listMetadata.after
        }))
      ),
      {
        encoded: reader(
          Lazy.value((): Representation<EncodedPage<unknown>> => ({
            decoder: PageDecoder.encoded(operation, endpoint, item),
            nextOf: ({ list_metadata }) => list_metadata.after
          }))
        )
      }
    )
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
 * Makes the methods of a resource. Each method compiles its schemas when it is first called.
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
