// The applications that people sign in to, which WorkOS calls clients: who they are, and where browsers may come back to.
import * as Redacted from "effect/Redacted"

/**
 * The id of the application that there is where no other is given.
 */
export const defaultClientId = "client_emulator"

/**
 * An application.
 *
 * **Details**
 *
 * - `clientId`: `client_` and 1 to 64 letters and digits.
 * - `clientSecret`: the emulator's API key where nothing is said, as at WorkOS.
 * - `redirectUris`: where browsers may be sent to, compared character by character. Where nothing is said, any place on
 *   this machine: `http` or `https`, the host `localhost`, `127.0.0.1` or `[::1]`, any port and path. Never one with a `#`,
 *   or with anything but visible ASCII: percent-encode it.
 *
 * **Example** (An application with a secret and a scheme of its own)
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
 * The applications that there are, and whether a secret is theirs.
 */
export interface Clients {
  readonly find: (clientId: string) => Client | undefined
  readonly isSecret: (client: Client, secret: Redacted.Redacted) => boolean
}

/**
 * Whether a browser may be sent there for the application.
 *
 * **Example** (What is registered, and nothing else)
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
  isAddressable(uri) && (redirectUris === undefined ? isHere(new URL(uri)) : redirectUris.includes(uri))

/**
 * Whether a browser can be sent there at all: a URL of visible ASCII, as headers have it, without a fragment, even an empty
 * one, which would swallow what comes after it.
 *
 * **Example** (What a browser can go to)
 *
 * ```ts
 * import * as Clients from "@effect-workos/emulator/Clients"
 *
 * Clients.isAddressable("https://your-app.com/callback") // => true
 * Clients.isAddressable("https://your-app.com/callback#") // => false
 * ```
 */
export const isAddressable = (uri: string): boolean => /^[!"$-~]+$/.test(uri) && URL.canParse(uri)

const isHere = ({ hostname, password, protocol, username }: URL): boolean =>
  (protocol === "http:" || protocol === "https:") &&
  (hostname === "localhost" || hostname === "127.0.0.1" || hostname === "[::1]") &&
  username === "" &&
  password === ""

/**
 * These applications, whose secret is the API key where they have none of their own.
 *
 * **Example** (Where no application is given)
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
    isSecret: ({ clientSecret = apiKey }, secret) => Redacted.value(clientSecret) === Redacted.value(secret)
  }
}
