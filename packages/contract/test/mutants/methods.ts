// Mutants that treat unusual methods wrongly: HEAD, OPTIONS and undocumented methods.
import {
  crash,
  makeMutant,
  type Mutant,
  type Mutate,
  type Operation,
  type ParsedRequest,
  parseRequest,
  respond,
  type Rewrite,
  status,
  withHeader,
  withParts
} from "./Mutant.ts"
import { get, idAt, key, list, remove, requestTo } from "./Probe.ts"

const asGet = ({ request: { headers, signal, url } }: ParsedRequest): ParsedRequest =>
  parseRequest(new Request(url, { method: "GET", headers, signal }))

// Replaces the responses to a method on the path of an operation.
const whenMethod = (
  method: string,
  operation: Operation,
  rewrite: Rewrite,
  isMeant: (status: number) => boolean = () => true
): Mutate =>
  makeMutant((emulator, store) => async (parsed) => {
    const response = await emulator(parsed.request)
    return parsed.request.method === method && asGet(parsed).operation === operation && isMeant(response.status)
      ? rewrite(response, parsed, store)
      : response
  })

const head = (query = "") => list(query, { method: "HEAD" })

/**
 * Mutants for input/head.
 */
const heads: ReadonlyArray<Mutant> = [
  {
    id: "head-crashes",
    law: "input/head",
    operation: "connections.list",
    summary: "Returns 500 for HEAD",
    mutate: whenMethod("HEAD", "connections.list", crash),
    shows: () => [head()]
  },
  {
    id: "head-has-a-body",
    law: "input/head",
    operation: "connections.list",
    summary: "Returns a body for HEAD",
    subtle: true,
    mutate: makeMutant(
      (emulator) => async (parsed) =>
        parsed.request.method === "HEAD" && asGet(parsed).operation === "connections.list"
          ? emulator(asGet(parsed).request)
          : emulator(parsed.request)
    ),
    shows: () => [head()]
  },
  {
    id: "head-is-no-content",
    law: "input/head",
    operation: "connections.get",
    summary: "Returns 204 for HEAD",
    subtle: true,
    mutate: whenMethod("HEAD", "connections.get", status(204), (status) => status === 200),
    shows: (store) => [get(idAt(store, 0), { method: "HEAD" })]
  },
  {
    id: "head-finds-everything",
    law: "input/head",
    operation: "connections.get",
    summary: "Returns 200 for HEAD with an unknown id",
    subtle: true,
    mutate: whenMethod("HEAD", "connections.get", status(200), (status) => status === 404),
    shows: () => [get("conn_01E4ZCR3C56J083X43JQXF3JK5", { method: "HEAD" })]
  },
  {
    id: "head-without-length",
    law: "input/head",
    operation: "connections.list",
    summary: "Returns a content length of 0 for HEAD",
    subtle: true,
    mutate: whenMethod("HEAD", "connections.list", (response) => {
      const headers = new Headers(response.headers)
      headers.set("content-length", "0")
      return new Response(null, { status: response.status, headers })
    }),
    shows: () => [head()]
  },
  {
    id: "head-needs-no-key",
    law: "input/head",
    operation: "connections.list",
    summary: "Accepts HEAD without a key",
    subtle: true,
    mutate: makeMutant((emulator) => async (parsed) => {
      const isHead = parsed.request.method === "HEAD" && asGet(parsed).operation === "connections.list"
      return emulator(isHead ? withHeader(parsed, "authorization", `Bearer ${key}`) : parsed.request)
    }),
    shows: () => [list("", { method: "HEAD", authorization: undefined })]
  }
]

const optionsOf = (path: string) => requestTo(path, { method: "OPTIONS" })

/**
 * Mutants for input/options.
 */
const options: ReadonlyArray<Mutant> = [
  {
    id: "options-crash",
    law: "input/options",
    operation: "connections.list",
    summary: "Returns 500 for OPTIONS",
    mutate: whenMethod("OPTIONS", "connections.list", crash),
    shows: () => [optionsOf("/connections")]
  },
  {
    id: "options-without-allow",
    law: "input/options",
    operation: "connections.list",
    summary: "Returns 200 for OPTIONS without an Allow header",
    subtle: true,
    mutate: whenMethod("OPTIONS", "connections.list", (response) =>
      withParts(response, { status: 200, headers: { allow: undefined } })
    ),
    shows: () => [optionsOf("/connections")]
  },
  {
    id: "options-omit-a-method",
    law: "input/options",
    operation: "connections.get",
    summary: "Omits DELETE in the Allow header of OPTIONS",
    subtle: true,
    mutate: whenMethod("OPTIONS", "connections.get", (response) =>
      withParts(response, { headers: { allow: "GET, HEAD, OPTIONS" } })
    ),
    shows: (store) => [optionsOf(`/connections/${idAt(store, 0)}`)]
  }
]

const withoutAllow: Rewrite = (response) => withParts(response, { headers: { allow: undefined } })

/**
 * Mutants for input/undocumented-safe-method.
 */
const safeMethods: ReadonlyArray<Mutant> = [
  {
    id: "query-is-get",
    law: "input/undocumented-safe-method",
    operation: "connections.list",
    summary: "Treats every method other than POST as GET",
    mutate: makeMutant(
      (emulator) => async (parsed) =>
        emulator(
          parsed.request.method === "QUERY" && asGet(parsed).operation === "connections.list"
            ? asGet(parsed).request
            : parsed.request
        )
    ),
    shows: () => [list("", { method: "QUERY" })]
  },
  {
    id: "query-crashes",
    law: "input/undocumented-safe-method",
    operation: "connections.list",
    summary: "Returns 500 for QUERY",
    mutate: whenMethod("QUERY", "connections.list", crash),
    shows: () => [list("", { method: "QUERY" })]
  },
  {
    id: "not-allowed-without-allow",
    law: "input/undocumented-safe-method",
    operation: "connections.list",
    summary: "Returns 405 without an Allow header",
    subtle: true,
    mutate: whenMethod("QUERY", "connections.list", withoutAllow),
    shows: () => [list("", { method: "QUERY" })]
  },
  {
    id: "allows-what-it-refuses",
    law: "input/undocumented-safe-method",
    operation: "connections.list",
    summary: "Returns 405 with an Allow header that lists the refused method",
    subtle: true,
    mutate: whenMethod("QUERY", "connections.list", (response) =>
      withParts(response, { headers: { allow: "GET, POST, QUERY" } })
    ),
    shows: () => [list("", { method: "QUERY" })]
  },
  {
    id: "links-by-get",
    law: "input/undocumented-safe-method",
    operation: "portal.generateLink",
    summary: "Returns 200 for GET on the path of portal links, which only allows POST",
    mutate: makeMutant((emulator, store) => async (parsed) => {
      const response = await emulator(parsed.request)
      return parsed.path === "/portal/generate_link" && parsed.request.method === "GET"
        ? respond(200, { link: "https://setup.workos.com" })(response, parsed, store)
        : response
    }),
    shows: () => [requestTo("/portal/generate_link")]
  }
]

/**
 * Mutants for input/undocumented-method.
 */
const writeMethods: ReadonlyArray<Mutant> = [
  {
    id: "put-to-one-succeeds",
    law: "input/undocumented-method",
    operation: "connections.get",
    summary: "Returns 200 for a PUT of a connection",
    writes: true,
    mutate: whenMethod("PUT", "connections.get", respond(200, {})),
    shows: (store) => [get(idAt(store, 0), { method: "PUT", body: {} })]
  },
  {
    id: "post-to-one-succeeds",
    law: "input/undocumented-method",
    operation: "connections.get",
    summary: "Returns 200 for a POST to an existing connection",
    writes: true,
    subtle: true,
    mutate: whenMethod("POST", "connections.get", respond(200, {})),
    shows: (store) => [get(idAt(store, 0), { method: "POST", body: {} })]
  },
  {
    id: "put-to-all-crashes",
    law: "input/undocumented-method",
    operation: "connections.list",
    summary: "Returns 500 for a PUT to the collection",
    writes: true,
    mutate: whenMethod("PUT", "connections.list", crash),
    shows: () => [list("", { method: "PUT", body: {} })]
  },
  {
    id: "patch-crashes",
    law: "input/undocumented-method",
    operation: "connections.get",
    summary: "Returns 500 for PATCH",
    writes: true,
    mutate: whenMethod("PATCH", "connections.get", crash),
    shows: (store) => [get(idAt(store, 0), { method: "PATCH", body: {} })]
  },
  {
    id: "put-not-allowed-without-allow",
    law: "input/undocumented-method",
    operation: "connections.list",
    summary: "Returns 405 without an Allow header for PUT",
    writes: true,
    subtle: true,
    mutate: whenMethod("PUT", "connections.list", withoutAllow),
    shows: () => [list("", { method: "PUT", body: {} })]
  },
  {
    id: "organizations-deleted-by-external-id",
    law: "input/undocumented-method",
    operation: "organizations.getByExternalId",
    summary: "Returns 204 for DELETE on the path of an external id",
    writes: true,
    subtle: true,
    mutate: whenMethod("DELETE", "organizations.getByExternalId", respond(204)),
    shows: () => [requestTo("/organizations/external_id/none", { method: "DELETE" })]
  }
]

/**
 * Mutants for input/delete-collection.
 */
const deletions: ReadonlyArray<Mutant> = [
  {
    id: "everything-is-deleted",
    law: "input/delete-collection",
    operation: "connections.list",
    summary: "Deletes every connection for DELETE on the collection",
    writes: true,
    mutate: makeMutant((emulator, { connections }) => async (parsed) => {
      if (parsed.request.method !== "DELETE" || parsed.path !== "/connections") return emulator(parsed.request)
      for (const { id } of connections.rows.slice(0, 3)) await emulator(remove(id))
      return new Response(null, { status: 204 })
    }),
    shows: () => [requestTo("/connections", { method: "DELETE" }), list("limit=100")]
  },
  {
    id: "deleting-everything-crashes",
    law: "input/delete-collection",
    operation: "connections.list",
    summary: "Returns 500 for DELETE on the collection",
    writes: true,
    mutate: whenMethod("DELETE", "connections.list", crash),
    shows: () => [requestTo("/connections", { method: "DELETE" })]
  }
]

export const methods: ReadonlyArray<Mutant> = [...heads, ...options, ...safeMethods, ...writeMethods, ...deletions]
