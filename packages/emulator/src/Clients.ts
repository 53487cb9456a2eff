/**
 * The OAuth clients of the emulator: ids, secrets and redirect URIs.
 *
 * @module
 */
import * as Redacted from "effect/Redacted"

/**
 * The id of the client that an emulator has by default.
 */
export const defaultClientId = "client_emulator"

/**
 * An OAuth client: an application that users sign in to.
 *
 * **Details**
 *
 * - `clientId`: `client_` and 1 to 64 letters and digits.
 * - `clientSecret`: defaults to the emulator's API key, as at WorkOS.
 * - `redirectUris`: the allowed redirect URIs, compared character by character. Defaults to any URL on this machine: `http`
 *   or `https`, the host `localhost`, `127.0.0.1` or `[::1]`, any port and path. URIs with a fragment or with characters
 *   other than visible ASCII are always refused: percent-encode other characters.
 *
 * **Example** (A native application)
 *
 * ```ts
 * import * as Clients from "@effect-workos/emulator/Clients"
 * import * as Redacted from "effect/Redacted"
 *
 * const client: Clients.Client = {
 *   clientId: "client_native",
 *   clientSecret: Redacted.make("sk_test_native"),
 *   redirectUris: ["app://callback"]
 * }
 * ```
 *
 * @see https://workos.com/docs/reference/sso/redirect-uri
 */
export interface Client {
  readonly clientId: string
  readonly clientSecret?: Redacted.Redacted | undefined
  readonly redirectUris?: ReadonlyArray<string> | undefined
}

/**
 * The registered clients.
 *
 * **Details**
 *
 * - `isSecret` verifies the secret of a client.
 * - `isReturnUri` tests whether browsers may be redirected to a URI after a sign-out: to the origin of a redirect URI of a
 *   client, at any path.
 */
export interface Clients {
  readonly find: (clientId: string) => Client | undefined
  readonly isSecret: (client: Client, secret: Redacted.Redacted) => boolean
  readonly isReturnUri: (uri: string) => boolean
}

/**
 * Tests whether `uri` is an allowed redirect URI of the client.
 *
 * **Example** (Allowed and refused redirect URIs)
 *
 * ```ts
 * import * as Clients from "@effect-workos/emulator/Clients"
 *
 * Clients.isRedirectUri({ clientId: "client_1" }, "http://localhost:3000/callback") // => true
 * Clients.isRedirectUri({ clientId: "client_1" }, "https://evil.example/callback") // => false
 * Clients.isRedirectUri({ clientId: "client_1", redirectUris: ["app://callback"] }, "app://callback") // => true
 * ```
 */
export const isRedirectUri = ({ redirectUris }: Client, uri: string): boolean =>
  isAddressable(uri) && (redirectUris === undefined ? isLocalUrl(new URL(uri)) : redirectUris.includes(uri))

/**
 * Tests whether `uri` can be a redirect URI at all: a URL of visible ASCII characters without a fragment. An empty fragment
 * is refused too, because the parameters that a sign-in appends to the URI would become part of the fragment.
 *
 * **Example** (With and without a fragment)
 *
 * ```ts
 * import * as Clients from "@effect-workos/emulator/Clients"
 *
 * Clients.isAddressable("https://your-app.com/callback") // => true
 * Clients.isAddressable("https://your-app.com/callback#") // => false
 * ```
 */
export const isAddressable = (uri: string): boolean => /^[!"$-~]+$/.test(uri) && URL.canParse(uri)

const isOfOrigin = ({ redirectUris }: Client, uri: string): boolean => {
  if (redirectUris === undefined) return isLocalUrl(new URL(uri))
  if (redirectUris.includes(uri)) return true
  const { origin } = new URL(uri)
  return origin !== "null" && redirectUris.some((known) => new URL(known).origin === origin)
}

const isLocalUrl = ({ hostname, password, protocol, username }: URL): boolean =>
  (protocol === "http:" || protocol === "https:") &&
  (hostname === "localhost" || hostname === "127.0.0.1" || hostname === "[::1]") &&
  username === "" &&
  password === ""

/**
 * Registers clients. A client without a secret uses the API key.
 *
 * **Example** (The default client)
 *
 * ```ts
 * import * as Clients from "@effect-workos/emulator/Clients"
 * import * as Redacted from "effect/Redacted"
 *
 * const clients: Clients.Clients = Clients.make(Redacted.make("sk_test_emulator"))
 * clients.find(Clients.defaultClientId) // => { clientId: "client_emulator" }
 * ```
 */
export const make = (
  apiKey: Redacted.Redacted,
  clients: ReadonlyArray<Client> = [{ clientId: defaultClientId }]
): Clients => {
  const byId = new Map(clients.map((client) => [client.clientId, client]))
  return {
    find: (clientId) => byId.get(clientId),
    isSecret: ({ clientSecret = apiKey }, secret) => Redacted.value(clientSecret) === Redacted.value(secret),
    isReturnUri: (uri) => isAddressable(uri) && clients.some((client) => isOfOrigin(client, uri))
  }
}
