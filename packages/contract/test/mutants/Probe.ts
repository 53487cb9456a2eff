// What to ask a mutant, and the emulator it is made of, to tell the one from the other.
import * as Emulator from "@effect-workos/emulator/Emulator"
import type { Store } from "@effect-workos/emulator/Store"
import * as Redacted from "effect/Redacted"

/**
 * A request, or one that depends on what the earlier ones were answered.
 */
export type Probe = Request | ((earlier: ReadonlyArray<Seen>) => Request)

/**
 * What came of a request.
 */
export interface Seen {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  /** As JSON where it is some, and as text otherwise. */
  readonly body: unknown
  /** The id in the body. Empty where there is none. */
  readonly id: string
}

/** The key that is right. */
export const key = Redacted.value(Emulator.defaultApiKey)

export interface Options {
  readonly method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE"
  /** `undefined` for a request without the header; the right key where nothing is said. */
  readonly authorization?: string | undefined
  /** As JSON, or text as it is. */
  readonly body?: unknown
}

/**
 * A request for a path.
 */
export const ask = (path: string, options: Options = {}): Request => {
  const headers = new Headers()
  const authorization = "authorization" in options ? options.authorization : `Bearer ${key}`
  if (authorization !== undefined) headers.set("authorization", authorization)
  if (options.body !== undefined) headers.set("content-type", "application/json")
  return new Request(`http://workos.test${path}`, {
    method: options.method ?? "GET",
    headers,
    ...(options.body === undefined
      ? {}
      : { body: typeof options.body === "string" ? options.body : JSON.stringify(options.body) })
  })
}

/** Lists connections: `list("limit=100&order=asc")`. */
export const list = (query = "", options?: Options): Request => ask(`/connections?${query}`, options)

/** Gets a connection. */
export const get = (id: string, options?: Options): Request => ask(`/connections/${id}`, options)

/** Deletes a connection. */
export const remove = (id: string): Request => ask(`/connections/${id}`, { method: "DELETE" })

/** Creates a connection. */
export const create = (body: unknown): Request => ask("/connections", { method: "POST", body })

/** Creates an organization. */
export const createOrganization = (body: unknown): Request => ask("/organizations", { method: "POST", body })

/** Updates an organization. */
export const update = (id: string, body: unknown): Request => ask(`/organizations/${id}`, { method: "PUT", body })

/** Authorizes a browser for the oldest connection that is active. The code is in the place that it is sent to. */
export const authorize = (store: Store["Service"], query = ""): Request => {
  const { id } = find(store, ({ state }) => state === "active")
  const known = { client_id: "client_emulator", redirect_uri: "http://localhost/callback", response_type: "code" }
  return ask(`/sso/authorize?${new URLSearchParams({ ...known, connection: id })}${query}`, {
    authorization: undefined
  })
}

/** Exchanges the code of the first answer. */
export const exchange: Probe = (earlier) => {
  const code = new URL(earlier[0]?.headers["location"] ?? "http://localhost").searchParams.get("code")
  const grant = { client_id: "client_emulator", client_secret: key, grant_type: "authorization_code" }
  return ask("/sso/token", { method: "POST", authorization: undefined, body: { ...grant, code } })
}

/** The id of a connection by its place, oldest first; from the end where the place is negative. */
export const at = ({ connections }: Store["Service"], place: number): string => {
  const row = connections.rows.at(place)
  if (row === undefined) throw new Error(`There is no connection ${place}`)
  return row.id
}

/** The first connection of a kind. */
export const find = (
  { connections }: Store["Service"],
  is: (row: Store["Service"]["connections"]["rows"][number]) => boolean
): Store["Service"]["connections"]["rows"][number] => {
  const row = connections.rows.find(is)
  if (row === undefined) throw new Error("There is no such connection")
  return row
}

/** The first two connections that were created in the same millisecond. */
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

/** An id of the right form that nothing has. */
export const unknownId = "conn_01E4ZCR3C56J083X43JQXF3JK5"
