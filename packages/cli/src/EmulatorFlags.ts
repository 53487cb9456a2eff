// The flags of `emulate` that say who the emulator knows, and whom it tells.
import * as Clients from "@effect-workos/emulator/Clients"
import { Webhook } from "@effect-workos/emulator/Webhooks"
import type * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"

const decodeWebhook = Schema.decodeUnknownOption(Webhook)

// An address may have equals signs in it, and a secret in base 64 may end in them.
const parts = /^(?<url>.+)=(?<secret>[^=]+=*)$/s

const toWebhook = (text: Redacted.Redacted): Option.Option<Webhook> =>
  decodeWebhook(parts.exec(Redacted.value(text))?.groups)

/** Any number of webhooks. */
export const webhooks = Flag.Redacted("webhook").pipe(
  Flag.filterMap(toWebhook, () => "URL=SECRET, for example http://localhost:3000/webhook=whsec_test"),
  Flag.withMetavar("URL=SECRET"),
  Flag.withDescription("Where events are sent, and what they are signed with; one or more"),
  Flag.atLeast(0)
)

const ClientId = Schema.String.check(
  Schema.isPattern(/^client_[0-9A-Za-z]{1,64}$/, { expected: "an id that starts with client_" })
)

const RedirectUri = Schema.String.check(
  Schema.makeFilter(Clients.isAddressable, { expected: "a URL of visible ASCII, without a #" })
)

/** The application whose people sign in. */
export const client = {
  clientId: Flag.String("client-id").pipe(
    Flag.withSchema(ClientId),
    Flag.withMetavar("ID"),
    Flag.withDescription(`The application's client id (default ${Clients.defaultClientId})`),
    Flag.withDefault(Clients.defaultClientId)
  ),
  redirectUris: Flag.String("redirect-uri").pipe(
    Flag.withSchema(RedirectUri),
    Flag.withMetavar("URI"),
    Flag.withDescription("Where browsers may be sent; one or more (default: anywhere on this machine)"),
    Flag.atLeast(0)
  ),
  signIn: Flag.Literals("sign-in", ["auto", "page"]).pipe(
    Flag.withDescription("What browsers meet: nothing, or a page that asks who it is (default auto)"),
    Flag.withDefault("auto")
  ),
  logoutRedirectUri: Flag.String("logout-redirect-uri").pipe(
    Flag.withSchema(RedirectUri),
    Flag.withMetavar("URI"),
    Flag.withDescription("Where browsers go that have signed out (default: an empty page)"),
    Flag.optional
  )
}

/**
 * What the flags say, as the emulator takes it.
 */
export const toSignIn = ({
  clientId,
  logoutRedirectUri,
  redirectUris,
  signIn
}: Command.Command.Config.Infer<typeof client>): {
  clients: ReadonlyArray<Clients.Client>
  signIn: "auto" | "page"
  logoutRedirectUri: string | undefined
} => ({
  clients: [{ clientId, ...(redirectUris.length === 0 ? {} : { redirectUris }) }],
  signIn,
  logoutRedirectUri: Option.getOrUndefined(logoutRedirectUri)
})
