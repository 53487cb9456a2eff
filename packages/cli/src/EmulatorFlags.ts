// The flags of `emulate` that configure webhooks, sign-in and AuthKit.
import * as Clients from "@effect-workos/emulator/Clients"
import type * as Emulator from "@effect-workos/emulator/Emulator"
import { Webhook } from "@effect-workos/emulator/Webhooks"
import type * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"

const decodeWebhook = Schema.decodeUnknownOption(Webhook)

// A URL may contain equals signs, and a base64 secret may end with them.
const parts = /^(?<url>.+)=(?<secret>[^=]+=*)$/s

const toWebhook = (text: Redacted.Redacted): Option.Option<Webhook> =>
  decodeWebhook(parts.exec(Redacted.value(text))?.groups)

/** The `--webhook` flag, repeatable. */
export const webhooks = Flag.Redacted("webhook").pipe(
  Flag.filterMap(toWebhook, () => "URL=SECRET, for example http://localhost:3000/webhook=whsec_test"),
  Flag.withMetavar("URL=SECRET"),
  Flag.withDescription("Send events to URL, signed with SECRET. Repeatable."),
  Flag.atLeast(0)
)

const ClientId = Schema.String.check(
  Schema.isPattern(/^client_[0-9A-Za-z]{1,64}$/, { expected: "an id that starts with client_" })
)

const RedirectUri = Schema.String.check(
  Schema.makeFilter(Clients.isAddressable, { expected: "a URL of visible ASCII characters, without a fragment (#)" })
)

/** The flags for the application that users sign in to. */
export const client = {
  clientId: Flag.String("client-id").pipe(
    Flag.withSchema(ClientId),
    Flag.withMetavar("ID"),
    Flag.withDescription(`Accept this client id. Defaults to ${Clients.defaultClientId}.`),
    Flag.withDefault(Clients.defaultClientId)
  ),
  redirectUris: Flag.String("redirect-uri").pipe(
    Flag.withSchema(RedirectUri),
    Flag.withMetavar("URI"),
    Flag.withDescription("Allow redirects to this URI. Repeatable. Defaults to any URI on this machine."),
    Flag.atLeast(0)
  ),
  signIn: Flag.Literals("sign-in", ["auto", "page"]).pipe(
    Flag.withDescription("Sign users in immediately (auto), or show a sign-in page first (page). Defaults to auto."),
    Flag.withDefault("auto")
  ),
  logoutRedirectUri: Flag.String("logout-redirect-uri").pipe(
    Flag.withSchema(RedirectUri),
    Flag.withMetavar("URI"),
    Flag.withDescription("Redirect to this URI after sign-out. Defaults to an empty page."),
    Flag.optional
  )
}

const requirement = (name: string, description: string) =>
  Flag.Boolean(name).pipe(Flag.withDescription(description), Flag.withoutNegation, Flag.withDefault(false))

/** The flags for AuthKit. */
export const authkit = {
  skipEmailVerification: requirement("skip-email-verification", "Sign users in with unverified email addresses too."),
  requireMfa: requirement("require-mfa", "Require that users enrol an authentication factor."),
  requireSso: requirement("require-sso", "Require SSO for sign-ins to organizations with an active connection."),
  radarChallenge: Flag.Literals("radar-challenge", ["email", "sms"]).pipe(
    Flag.withDescription("Require a Radar challenge after a password or a magic code. Defaults to none."),
    Flag.optional
  )
}

/**
 * Converts the flags to options of AuthKit.
 */
export const toAuthKit = ({
  radarChallenge,
  requireMfa,
  requireSso,
  skipEmailVerification
}: Command.Command.Config.Infer<typeof authkit>): NonNullable<Emulator.Options["authkit"]> => ({
  requireEmailVerification: !skipEmailVerification,
  requireMfa,
  requireSso,
  radarChallenge: Option.getOrUndefined(radarChallenge)
})

/**
 * Converts the flags to options of the emulator.
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
