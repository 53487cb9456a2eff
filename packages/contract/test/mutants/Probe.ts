// Probes: requests that distinguish a mutant from the conforming emulator.
import * as Emulator from "@effect-workos/emulator/Emulator"
import type { Store } from "@effect-workos/emulator/Store"
import * as Redacted from "effect/Redacted"

/**
 * A request, or a function of the earlier responses.
 */
export type Probe = Request | ((earlier: ReadonlyArray<ProbeResponse>) => Request)

/**
 * A response to a probe.
 */
export interface ProbeResponse {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  /** The body as JSON if valid, otherwise as text. */
  readonly body: unknown
  /** The id in the body, or "". */
  readonly id: string
}

/** The valid key. */
export const key = Redacted.value(Emulator.defaultApiKey)

export interface Options {
  readonly method?: "GET" | "HEAD" | "OPTIONS" | "QUERY" | "POST" | "PUT" | "PATCH" | "DELETE"
  /** The `Authorization` header; `undefined` for none. Defaults to the valid key. */
  readonly authorization?: string | undefined
  readonly headers?: Readonly<Record<string, string>>
  /** The body: text, or a value to encode as JSON. */
  readonly body?: unknown
}

/**
 * Returns a request for a path.
 */
export const requestTo = (path: string, options: Options = {}): Request => {
  const headers = new Headers(options.body === undefined ? {} : { "content-type": "application/json" })
  const authorization = "authorization" in options ? options.authorization : `Bearer ${key}`
  if (authorization !== undefined) headers.set("authorization", authorization)
  for (const [name, value] of Object.entries(options.headers ?? {})) headers.set(name, value)
  return new Request(`http://workos.test${path}`, {
    method: options.method ?? "GET",
    headers,
    ...(options.body === undefined
      ? {}
      : { body: typeof options.body === "string" ? options.body : JSON.stringify(options.body) })
  })
}

/** Returns a request that lists connections: `list("limit=100&order=asc")`. */
export const list = (query = "", options?: Options): Request => requestTo(`/connections?${query}`, options)

/** Returns a request for a connection. */
export const get = (id: string, options?: Options): Request => requestTo(`/connections/${id}`, options)

/** Returns a request that deletes a connection. */
export const remove = (id: string): Request => requestTo(`/connections/${id}`, { method: "DELETE" })

/** Returns a request that creates a connection. */
export const create = (body: unknown): Request => requestTo("/connections", { method: "POST", body })

/** Returns a request that creates a connection with a text of a content type. */
export const createWith = (type: string, body: string): Request =>
  requestTo("/connections", { method: "POST", headers: { "content-type": type }, body })

/** Returns a request that creates an organization. */
export const createOrganization = (body: unknown): Request => requestTo("/organizations", { method: "POST", body })

/** Returns a request that updates an organization. */
export const update = (id: string, body: unknown): Request => requestTo(`/organizations/${id}`, { method: "PUT", body })

/** Returns a request that signs in with the oldest active connection. The response redirects with a code. */
export const authorize = (store: Store["Service"], query = ""): Request => {
  const { id } = find(store, ({ state }) => state === "active")
  const known = { client_id: "client_emulator", redirect_uri: "http://localhost/callback", response_type: "code" }
  return requestTo(`/sso/authorize?${new URLSearchParams({ ...known, connection: id })}${query}`, {
    authorization: undefined
  })
}

/** Returns a request that exchanges the code of the first response. */
export const exchange: Probe = (earlier) => {
  const code = new URL(earlier[0]?.headers["location"] ?? "http://localhost").searchParams.get("code")
  const grant = { client_id: "client_emulator", client_secret: key, grant_type: "authorization_code" }
  return requestTo("/sso/token", { method: "POST", authorization: undefined, body: { ...grant, code } })
}

/** The id of a connection by its index, oldest first; negative indexes count from the end. */
export const idAt = ({ connections }: Store["Service"], place: number): string => {
  const row = connections.rows.at(place)
  if (row === undefined) throw new Error(`There is no connection ${place}`)
  return row.id
}

/** The first connection that satisfies a predicate. */
export const find = (
  { connections }: Store["Service"],
  is: (row: Store["Service"]["connections"]["rows"][number]) => boolean
): Store["Service"]["connections"]["rows"][number] => {
  const row = connections.rows.find(is)
  if (row === undefined) throw new Error("There is no such connection")
  return row
}

/** The first two connections with equal timestamps. */
export const tied = ({ connections: { rows } }: Store["Service"]) => {
  const place = rows.findIndex(
    ({ createdAt }, index) => createdAt.epochMilliseconds === rows[index + 1]?.createdAt.epochMilliseconds
  )
  const [first, second] = rows.slice(place, place + 2)
  if (place < 0 || first === undefined || second === undefined) throw new Error("No two connections are tied")
  return [first, second] as const
}

/** The organization of the oldest connection. */
export const organization = ({ connections }: Store["Service"]): string => {
  const id = connections.rows[0]?.organizationId
  if (id === undefined) throw new Error("There is no organization")
  return id
}

/** A well-formed unknown id. */
export const unknownId = "conn_01E4ZCR3C56J083X43JQXF3JK5"
