// Writes docs/generated/reference.md, the endpoints of all resources, and docs/generated/from-workos-node.md, the methods
// of the official SDK with their counterparts (`pnpm reference`). Both pages derive from the resources of `domain`. With
// --check, fails if a page is outdated.
import * as Endpoint from "@effect-workos/domain/Endpoint"
import type { Resource } from "@effect-workos/domain/Resource"
import * as registry from "@effect-workos/domain/resources"
import * as Schema from "effect/Schema"
import { readFileSync } from "node:fs"
import * as Page from "./Page.ts"
import { names } from "./SchemaNames.ts"
import * as Sdk from "./Sdk.ts"

const resources: ReadonlyArray<Resource> = Object.values(registry)

const table = (heading: ReadonlyArray<string>, rows: ReadonlyArray<ReadonlyArray<string>>): string =>
  [heading, heading.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n")

/** The name of the schema of a result, or its fields if it has no name. */
const resultOf = (schema: Schema.Top): string => {
  const named = names.get(schema)
  return named === undefined
    ? fieldsOf(schema)
        .map((field) => `\`${field}\``)
        .join(", ")
    : `[\`${named.name}\`](../../${named.file})`
}

// -----------------------------------------------------------------------------
// Cells
// -----------------------------------------------------------------------------

const camelCase = (name: string): string => name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())

/** The names of a struct's fields. Optional fields end with `?`. */
const fieldsOf = (schema: Schema.Top): ReadonlyArray<string> => {
  const { ast } = Schema.toType(schema)
  return ast._tag === "Objects"
    ? ast.propertySignatures.map(({ name, type }) => `${String(name)}${type.context?.isOptional === true ? "?" : ""}`)
    : []
}

const optionsOf = ({ headers, payload, query }: Endpoint.Endpoint): ReadonlyArray<string> =>
  [query, headers, payload].flatMap((schema) => (schema === undefined ? [] : fieldsOf(schema)))

const callOf = ({ name: resource }: Resource, name: string, endpoint: Endpoint.Endpoint): string => {
  const options = optionsOf(endpoint)
  const hasOptions = (endpoint.query ?? endpoint.headers ?? endpoint.payload) !== undefined
  const args = [
    ...(endpoint.access === "accessToken" ? ["accessToken"] : []),
    ...Endpoint.pathParams(endpoint).map(camelCase),
    ...(hasOptions ? [options.every((field) => field.endsWith("?")) ? "options?" : "options"] : [])
  ]
  return `\`${resource}.${name}(${args.join(", ")})\``
}

const access = { public: "without an API key", accessToken: "with an access token" }

const requestOf = ({ access: kind, method, origin, path }: Endpoint.Endpoint): string =>
  [
    `\`${method} ${path}\``,
    ...(kind === undefined ? [] : [access[kind]]),
    ...(origin === "auth" ? ["at `auth.workos.com`"] : [])
  ].join(", ")

const returnsOf = ({ item, success }: Endpoint.Endpoint): string =>
  item === undefined ? (success === undefined ? "" : resultOf(success)) : `page of ${resultOf(item)}`

const rateLimitOf = ({ per, requests, seconds, shared }: Endpoint.RateLimit): string =>
  [
    `${requests} in ${seconds} s`,
    ...(per === undefined ? [] : [`per ${per}`]),
    ...(shared === undefined ? [] : [`shared: ${shared}`])
  ].join(", ")

const rowOf = (resource: Resource, name: string, endpoint: Endpoint.Endpoint): ReadonlyArray<string> => [
  endpoint.browser === true ? "URL that browsers open" : callOf(resource, name, endpoint),
  endpoint.summary,
  requestOf(endpoint),
  optionsOf(endpoint)
    .map((field) => `\`${field}\``)
    .join(", "),
  returnsOf(endpoint),
  (endpoint.errors ?? []).map((error) => `\`${names.get(error)?.name ?? error.status}\``).join(", "),
  (endpoint.rateLimits ?? []).map(rateLimitOf).join("; ")
]

const written = "Written by `npx -y pnpm@12 reference`."

const heading = ["call", "summary", "request", "options", "returns", "errors", "rate limits"]

const reference = [
  "# Reference",
  `This page lists all ${resources.length} resources and their ${resources.flatMap(({ endpoints }) => Object.keys(endpoints)).length} endpoints. In programs, a resource is a property of \`WorkOs\`.`,
  "Path parameters are positional arguments. Query, headers and payload are one options object. A `?` marks optional values. Lists also have `stream` and `pages`. Methods with a result also have `encoded`, which returns the result as the server sent it.",
  "Every call may also fail with the errors of `ClientError`. Calls with an API key or an access token may also fail with `Unauthorized` and `TooManyRequests`. The rate limits in the tables apply in addition to the overall limit of an API key.",
  written,
  ...resources.flatMap((resource) => [
    `## ${resource.title}`,
    table(
      heading,
      Object.entries(resource.endpoints).map(([name, endpoint]) => rowOf(resource, name, endpoint))
    )
  ]),
  ""
].join("\n\n")

Page.write("docs/generated/reference.md", reference, { command: "reference", source: "the resources" })

// -----------------------------------------------------------------------------
// The official SDK
// -----------------------------------------------------------------------------

const byRequest = new Map<string, string>(
  resources.flatMap((resource) =>
    Object.entries(resource.endpoints)
      .filter(([, { browser }]) => browser !== true)
      .map(
        ([name, endpoint]) =>
          [`${endpoint.method} ${endpoint.path.replaceAll(/:\w+/g, "{}")}`, callOf(resource, name, endpoint)] as const
      )
  )
)

// The guide has the counterparts of methods that send no request.
const inGuide = new Set(
  Array.from(
    readFileSync("docs/migrating-from-workos-node.md", "utf8").matchAll(/^\| `(\w+\.\w+)/gm),
    ([, name = ""]) => name
  )
)
const counterpartOf = ({ name, request }: Sdk.Method): string | undefined =>
  (request === undefined ? undefined : byRequest.get(request)) ??
  (inGuide.has(name) ? "[in the migration guide](../migrating-from-workos-node.md#calls)" : undefined)

const methods = await Sdk.methods()
const rows = methods.map((method) => ({ ...method, counterpart: counterpartOf(method) }))
const covered = rows.filter(({ counterpart }) => counterpart !== undefined)

const sdk = [
  "# Methods of `@workos-inc/node`",
  `The official SDK has ${rows.length} methods. effect-workos has counterparts for ${covered.length} of them: an endpoint with the same request, or a row in the [migration guide](../migrating-from-workos-node.md#calls), which also describes the differences.`,
  written,
  table(
    ["`@workos-inc/node`", "request", "effect-workos"],
    rows.map(({ counterpart = "not covered yet", name, request }) => [
      `\`${name}\``,
      request === undefined ? "" : `\`${request}\``,
      counterpart
    ])
  ),
  ""
].join("\n\n")

Page.write("docs/generated/from-workos-node.md", sdk, {
  command: "reference",
  source: "the resources"
})
