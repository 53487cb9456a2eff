// Mutants that treat unusual request headers wrongly.
import {
  crash,
  makeMutant,
  type Mutant,
  type Mutate,
  type ParsedRequest,
  respond,
  type Rewrite,
  withParts
} from "./Mutant.ts"
import { createWith, list, organization, requestTo } from "./Probe.ts"

const when = (isMeant: (parsed: ParsedRequest) => boolean, rewrite: Rewrite): Mutate =>
  makeMutant((emulator, store) => async (parsed) => {
    const response = await emulator(parsed.request)
    return response.status !== 401 && isMeant(parsed) ? rewrite(response, parsed, store) : response
  })

const isList = ({ operation }: ParsedRequest) => operation === "connections.list"

const accepts = ({ request }: ParsedRequest, type: string) => request.headers.get("accept")?.includes(type) === true

const listFor = (accept: string) => list("", { headers: { accept } })

/**
 * Mutants for input/accept.
 */
const acceptHeaders: ReadonlyArray<Mutant> = [
  {
    id: "unknown-types-crash",
    law: "input/accept",
    operation: "connections.list",
    summary: "Returns 500 for an Accept header without JSON",
    mutate: when((parsed) => isList(parsed) && accepts(parsed, "x-no-such-type"), crash),
    shows: () => [listFor("application/x-no-such-type")]
  },
  {
    id: "echoes-the-accepted-type",
    law: "input/accept",
    operation: "connections.list",
    summary: "Returns JSON with the content type that the client accepts",
    subtle: true,
    mutate: when(
      (parsed) => isList(parsed) && accepts(parsed, "application/x-"),
      (response, { request }) =>
        withParts(response, { headers: { "content-type": request.headers.get("accept") ?? undefined } })
    ),
    shows: () => [listFor("application/x-no-such-type")]
  },
  {
    id: "unacceptable-is-unauthorized",
    law: "input/accept",
    operation: "connections.list",
    summary: "Returns 401 for an Accept header that accepts nothing",
    mutate: when((parsed) => isList(parsed) && accepts(parsed, "q=0"), respond(401, { message: "Unauthorized" })),
    shows: () => [listFor("*/*;q=0")]
  }
]

const lengthOf = ({ request }: ParsedRequest) => request.headers.get("x-large")?.length ?? 0

/**
 * Mutants for input/large-header.
 */
const largeHeaders: ReadonlyArray<Mutant> = [
  {
    id: "large-headers-crash",
    law: "input/large-header",
    operation: "connections.list",
    summary: "Returns 502 for a header of more than 16 kB",
    mutate: when((parsed) => isList(parsed) && lengthOf(parsed) > 16_384, respond(502, { message: "Bad Gateway" })),
    shows: () => [list("", { headers: { "x-large": "a".repeat(20_000) } })]
  },
  {
    id: "large-headers-unauthorized",
    law: "input/large-header",
    operation: "connections.list",
    summary: "Returns 401 for a header of more than 4 kB, since it cuts the headers",
    subtle: true,
    mutate: when((parsed) => isList(parsed) && lengthOf(parsed) > 4096, respond(401, { message: "Unauthorized" })),
    shows: () => [list("", { headers: { "x-large": "a".repeat(8_000) } })]
  }
]

const hasType = ({ request }: ParsedRequest, type: string) =>
  request.headers.get("content-type")?.includes(type) === true

const isCreation = ({ operation }: ParsedRequest) => operation === "connections.create"

/**
 * Mutants for input/content-type.
 */
const contentTypes: ReadonlyArray<Mutant> = [
  {
    id: "xml-crashes",
    law: "input/content-type",
    operation: "connections.create",
    summary: "Returns 500 for XML",
    writes: true,
    mutate: when((parsed) => isCreation(parsed) && hasType(parsed, "xml"), crash),
    shows: () => [createWith("application/xml", "<name/>")]
  },
  {
    id: "xml-is-accepted",
    law: "input/content-type",
    operation: "connections.create",
    summary: "Returns 201 for XML",
    writes: true,
    subtle: true,
    mutate: when((parsed) => isCreation(parsed) && hasType(parsed, "xml"), respond(201, {})),
    shows: () => [createWith("application/xml", "<name/>")]
  },
  {
    id: "text-crashes",
    law: "input/content-type",
    operation: "connections.create",
    summary: "Returns 500 for JSON with the content type of plain text",
    writes: true,
    mutate: when((parsed) => isCreation(parsed) && hasType(parsed, "text/plain"), crash),
    shows: (store) => [createWith("text/plain", JSON.stringify({ organization_id: organization(store), name: "New" }))]
  },
  {
    id: "unknown-charsets-crash",
    law: "input/content-type",
    operation: "organizations.update",
    summary: "Returns 500 for an unknown charset",
    writes: true,
    subtle: true,
    mutate: when((parsed) => parsed.operation === "organizations.update" && hasType(parsed, "no-such-charset"), crash),
    shows: ({ organizations: { rows } }) => [
      requestTo(`/organizations/${rows[0]?.id}`, {
        method: "PUT",
        headers: { "content-type": "application/json; charset=no-such-charset" },
        body: { name: "Renamed" }
      })
    ]
  }
]

export const requestHeaders: ReadonlyArray<Mutant> = [...acceptHeaders, ...largeHeaders, ...contentTypes]
