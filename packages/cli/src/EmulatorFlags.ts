// The flags of `emulate` that say who the emulator knows, and whom it tells.
import * as Clients from "@effect-workos/emulator/Clients"
import { Webhook } from "@effect-workos/emulator/Webhooks"
import type * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"

const decodeWebhook = Schema.decodeUnknownOption(Webhook)

// An address may have an equals sign in it.
const toWebhook = (text: string): Option.Option<Webhook> => {
  const at = text.lastIndexOf("=")
  return decodeWebhook({ url: text.slice(0, Math.max(at, 0)), secret: text.slice(at + 1) })
}

/** Any number of webhooks. */
export const webhooks = Flag.String("webhook").pipe(
  Flag.filterMap(toWebhook, () => "URL=SECRET, for example http://localhost:3000/webhook=whsec_test"),
  Flag.withMetavar("URL=SECRET"),
  Flag.withDescription("Where events are sent, and what they are signed with; one or more"),
  Flag.atLeast(0)
)

const ClientId = Schema.String.check(
  Schema.isPattern(/^client_[0-9A-Za-z]{1,64}$/, { expected: "an id that starts with client_" })
)

const RedirectUri = Schema.String.check(Schema.makeFilter((uri: string) => URL.canParse(uri), { expected: "a URL" }))

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
  signIn: Flag.Literals("sign-in", ["straight", "page"]).pipe(
    Flag.withDescription("What browsers meet: nothing, or a page that asks who it is (default straight)"),
    Flag.withDefault("straight")
  )
}

/**
 * What the flags say, as the emulator takes it.
 */
export const toSignIn = ({
  clientId,
  redirectUris,
  signIn
}: Command.Command.Config.Infer<typeof client>): {
  clients: ReadonlyArray<Clients.Client>
  signIn: "straight" | "page"
} => ({
  clients: [{ clientId, ...(redirectUris.length === 0 ? {} : { redirectUris }) }],
  signIn
})
