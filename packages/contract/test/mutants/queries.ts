// Mutants that treat unusual queries wrongly: unknown, repeated and empty parameters, and unusual spellings of a limit.
import {
  crash,
  makeMutant,
  type Mutant,
  type Mutate,
  type ParsedRequest,
  respond,
  type Rewrite,
  rewriteQuery,
  rewriteResponse,
  type RowPage,
  type Server,
  withQuery
} from "./Mutant.ts"
import { get, list } from "./Probe.ts"

const documented = new Set([
  "limit",
  "after",
  "before",
  "order",
  "connection_type",
  "organization_id",
  "domain",
  "search"
])

const unknownOf = ({ query }: ParsedRequest) => [...query.keys()].filter((name) => !documented.has(name))

const repeatedOf = ({ query }: ParsedRequest) =>
  [...new Set(query.keys())].filter((name) => query.getAll(name).length > 1)

// Replaces the response to a list request with a certain query, with any status.
const whenList = (isMeant: (parsed: ParsedRequest) => boolean, rewrite: Rewrite): Mutate =>
  makeMutant((emulator, store) => async (parsed) => {
    const response = await emulator(parsed.request)
    return response.status !== 401 && parsed.operation === "connections.list" && isMeant(parsed)
      ? rewrite(response, parsed, store)
      : response
  })

const nothing = respond(200, { object: "list", data: [], list_metadata: { before: null, after: null } })

/**
 * Mutants for input/unknown-parameter.
 */
const unknownParameters: ReadonlyArray<Mutant> = [
  {
    id: "unknown-parameters-crash",
    law: "input/unknown-parameter",
    operation: "connections.list",
    summary: "Returns 500 for an unknown parameter",
    mutate: whenList((parsed) => unknownOf(parsed).length > 0, crash),
    shows: () => [list("no_such_parameter=1")]
  },
  {
    id: "unknown-parameters-filter",
    law: "input/unknown-parameter",
    operation: "connections.list",
    summary: "Takes an unknown parameter for a filter that no row matches",
    subtle: true,
    mutate: whenList((parsed) => unknownOf(parsed).length > 0, nothing),
    shows: () => [list("no_such_parameter=1")]
  },
  {
    id: "unknown-parameters-forbidden",
    law: "input/unknown-parameter",
    operation: "connections.get",
    summary: "Returns 403 for a single connection with an unknown parameter",
    mutate: rewriteResponse("connections.get", 200, (response, parsed, store) =>
      parsed.query.size > 0 ? respond(403, { message: "Forbidden" })(response, parsed, store) : response
    ),
    shows: (store) => [get(`${store.connections.rows[0]?.id}?no_such_parameter=1`)]
  },
  {
    id: "brackets-crash",
    law: "input/unknown-parameter",
    operation: "connections.list",
    summary: "Returns 500 for brackets in the name of a parameter",
    subtle: true,
    mutate: whenList((parsed) => unknownOf(parsed).some((name) => name.includes("[")), crash),
    shows: () => [list("a[b]=1")]
  },
  {
    id: "prototypes-crash",
    law: "input/unknown-parameter",
    operation: "connections.list",
    summary: "Returns 500 for a parameter with the name of a property of every object",
    subtle: true,
    mutate: whenList(({ query }) => [...query.keys()].some((name) => name in {}), crash),
    shows: () => [list("constructor=1")]
  }
]

const isPage = (body: unknown): body is RowPage => typeof body === "object" && body !== null && "data" in body

// Two pages of the maximum size in one response.
const twoPages = async (emulator: Server, parsed: ParsedRequest): Promise<Response> => {
  const page = async (after?: string | null) => {
    const request = withQuery(parsed, (query) => {
      query.set("limit", "100")
      if (typeof after === "string") query.set("after", after)
    })
    const response = await emulator(request)
    const body: unknown = await response.clone().json()
    return { response, body }
  }
  const first = await page()
  if (!isPage(first.body)) return first.response
  const second = await page(first.body.list_metadata.after)
  if (!isPage(second.body)) return second.response
  return Response.json({ ...second.body, data: [...first.body.data, ...second.body.data] }, first.response)
}

const isBeyond = (limit: string | undefined) => Number(limit) > 100

/**
 * Mutants for input/repeated-parameter.
 */
const repeatedParameters: ReadonlyArray<Mutant> = [
  {
    id: "repeated-parameters-crash",
    law: "input/repeated-parameter",
    operation: "connections.list",
    summary: "Returns 500 for a repeated filter",
    mutate: whenList((parsed) => repeatedOf(parsed).some((name) => name === "search" || name === "domain"), crash),
    shows: () => [list("search=a&search=b")]
  },
  {
    id: "repeated-filters-ignored",
    law: "input/repeated-parameter",
    operation: "connections.list",
    summary: "Ignores a repeated filter, and returns the rows of every organization",
    subtle: true,
    mutate: rewriteQuery((query, parsed) => {
      if (repeatedOf(parsed).includes("organization_id")) query.delete("organization_id")
    }),
    shows: ({ organizations: { rows } }) => [
      list(`organization_id=${rows[0]?.id}&organization_id=${rows[1]?.id}&order=asc`)
    ]
  },
  {
    id: "last-limit-unchecked",
    law: "input/repeated-parameter",
    operation: "connections.list",
    summary: "Checks the first limit, and uses the last one",
    subtle: true,
    mutate: makeMutant((emulator) => async (parsed) => {
      const limits = parsed.query.getAll("limit")
      return parsed.operation === "connections.list" && limits.length > 1 && isBeyond(limits.at(-1))
        ? twoPages(emulator, parsed)
        : emulator(parsed.request)
    }),
    shows: () => [list("limit=1&limit=101")]
  },
  {
    id: "limits-in-objects-crash",
    law: "input/repeated-parameter",
    operation: "connections.list",
    summary: "Returns 500 for a limit that is an object or an array",
    subtle: true,
    mutate: whenList(({ query }) => query.has("limit[x]") || query.has("limit[]"), crash),
    shows: () => [list("limit[x]=1")]
  }
]

/**
 * Mutants for input/empty-parameter.
 */
const emptyParameters: ReadonlyArray<Mutant> = [
  {
    id: "empty-cursors-crash",
    law: "input/empty-parameter",
    operation: "connections.list",
    summary: "Returns 500 for an empty cursor",
    mutate: whenList(({ query }) => query.get("after") === "", crash),
    shows: () => [list("after=")]
  },
  {
    id: "empty-searches-not-found",
    law: "input/empty-parameter",
    operation: "connections.list",
    summary: "Returns 204 for an empty search",
    mutate: whenList(({ query }) => query.get("search") === "", respond(204)),
    shows: () => [list("search=")]
  },
  {
    id: "empty-limit-is-the-maximum",
    law: "input/empty-parameter",
    operation: "connections.list",
    summary: "Returns as many rows as possible for an empty limit",
    subtle: true,
    mutate: rewriteQuery((query) => {
      if (query.get("limit") === "") query.set("limit", "100")
    }),
    shows: () => [list("limit=")]
  }
]

/**
 * Mutants for input/limit-spelling.
 */
const limitSpellings: ReadonlyArray<Mutant> = [
  {
    id: "signed-limits-crash",
    law: "input/limit-spelling",
    operation: "connections.list",
    summary: "Returns 500 for a limit with a plus sign",
    mutate: whenList(({ query }) => query.get("limit")?.startsWith("+") === true, crash),
    shows: () => [list("limit=%2B5")]
  },
  {
    id: "signed-limits-ignored",
    law: "input/limit-spelling",
    operation: "connections.list",
    summary: "Ignores a limit with a plus sign",
    subtle: true,
    mutate: rewriteQuery((query) => {
      if (query.get("limit")?.startsWith("+") === true) query.delete("limit")
    }),
    shows: () => [list("limit=%2B5")]
  },
  {
    id: "octal-limits",
    law: "input/limit-spelling",
    operation: "connections.list",
    summary: "Treats a limit with a leading zero as the maximum",
    subtle: true,
    mutate: rewriteQuery((query) => {
      if (/^0\d/.test(query.get("limit") ?? "")) query.set("limit", "100")
    }),
    shows: () => [list("limit=05")]
  },
  {
    id: "hexadecimal-limits-ignored",
    law: "input/limit-spelling",
    operation: "connections.list",
    summary: "Ignores a hexadecimal limit",
    subtle: true,
    mutate: rewriteQuery((query) => {
      if (query.get("limit")?.startsWith("0x") === true) query.delete("limit")
    }),
    shows: () => [list("limit=0x5")]
  }
]

export const queries: ReadonlyArray<Mutant> = [
  ...unknownParameters,
  ...repeatedParameters,
  ...emptyParameters,
  ...limitSpellings
]
