// The state of sign-ins: codes, access tokens, profiles and logout tokens.
import type { Connection } from "@effect-workos/domain/sso/Connection"
import type { Profile } from "@effect-workos/domain/sso/Profile"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Random from "effect/Random"
import type * as Redacted from "effect/Redacted"
import * as Clients from "../Clients.ts"
import * as TtlMap from "./TtlMap.ts"
import * as Keys from "../Keys.ts"
import * as Users from "./Users.ts"
import * as Ulid from "../Ulid.ts"

export interface Options {
  /** The OAuth clients. Defaults to one client with the id `Clients.defaultClientId`. */
  readonly clients?: ReadonlyArray<Clients.Client> | undefined
  /**
   * The behaviour of the identity provider: `"auto"` signs the user in immediately, `"page"` shows a sign-in page. Defaults
   * to `"auto"`.
   */
  readonly signIn?: "auto" | "page" | undefined
  /** The issuer of access tokens. Defaults to `https://api.workos.com`. */
  readonly issuer?: string | undefined
  /** The lifetime of access tokens, in whole seconds. Defaults to 10 minutes, and for AuthKit to 5 minutes. */
  readonly accessTokenLifetime?: Duration.Input | undefined
  /** The redirect URI after a logout. Defaults to none: the response is an empty 200. */
  readonly logoutRedirectUri?: string | undefined
  /** The signing keys, for a program that rotates them. Defaults to new keys. */
  readonly keys?: Keys.Keys["Service"] | undefined
}

/** The authorization that a code stands for. */
export interface Grant {
  readonly clientId: string
  readonly profile: Profile
  /** The PKCE code challenge, if the authorization request had one. */
  readonly codeChallenge?: string | undefined
}

/** The lifetime of codes and logout tokens. */
const lifetime = Duration.minutes(10)

export class SignIn extends Context.Service<
  SignIn,
  {
    readonly clients: Clients.Clients
    readonly keys: Keys.Keys["Service"]
    readonly showsPage: boolean
    readonly logoutRedirectUri: string | undefined
    /** The issuer and the lifetime in seconds of access tokens of AuthKit. */
    readonly authKitTokens: { readonly issuer: string; readonly lifetime: number }
    /** Signs a user in at a connection and returns the code. */
    readonly issueCode: (
      connection: Connection,
      email: string,
      grant: Pick<Grant, "clientId" | "codeChallenge">
    ) => Effect.Effect<string>
    readonly codes: TtlMap.TtlMap<Grant>
    /** Issues an access token, with its lifetime in seconds. */
    readonly issueToken: (grant: Grant) => Effect.Effect<{ readonly accessToken: string; readonly expiresIn: number }>
    /** Returns the profile of a valid access token. */
    readonly profileBy: (accessToken: string) => Effect.Effect<Profile | undefined>
    /** Returns the profile of a user who has signed in. */
    readonly profile: (id: string) => Profile | undefined
    readonly logouts: TtlMap.TtlMap<Profile>
  }
>()("@effect-workos/emulator/SignIn") {}

const ulid = Effect.gen(function* () {
  return Ulid.make(yield* Clock.currentTimeMillis, yield* Random.Random)
})

/** Makes a random token of 40 letters and digits. */
export const secret = Effect.map(Random.Random, (random) => Ulid.randomString(40, random))

export const layer = (apiKey: Redacted.Redacted, options: Options): Layer.Layer<SignIn> =>
  Layer.effect(
    SignIn,
    Effect.gen(function* () {
      const keys = options.keys ?? (yield* Keys.make)
      const issuer = options.issuer ?? "https://api.workos.com"
      const lifetimeOf = (defaultLifetime: Duration.Input) =>
        Math.floor(Duration.toSeconds(Duration.fromInputUnsafe(options.accessTokenLifetime ?? defaultLifetime)))
      const expiresIn = lifetimeOf("10 minutes")
      const profiles = new Map<string, Profile>()
      const codes = TtlMap.make<Grant>(lifetime)
      const tokens = TtlMap.make<Profile>(Duration.seconds(expiresIn))
      return SignIn.of({
        clients: Clients.make(apiKey, options.clients),
        keys,
        showsPage: options.signIn === "page",
        logoutRedirectUri: options.logoutRedirectUri,
        authKitTokens: { issuer, lifetime: lifetimeOf("5 minutes") },
        issueCode: Effect.fnUntraced(function* (connection, email, grant) {
          const profile = yield* Users.profileOf(connection, email)
          const code = yield* ulid
          profiles.set(profile.id, profile)
          yield* codes.set(code, { ...grant, profile })
          return code
        }),
        codes,
        issueToken: Effect.fnUntraced(function* ({ clientId, profile }) {
          const issuedAt = Math.floor((yield* Clock.currentTimeMillis) / 1000)
          const accessToken = yield* keys.sign({
            iss: issuer,
            sub: profile.id,
            client_id: clientId,
            ...(profile.organizationId === undefined ? {} : { org_id: profile.organizationId }),
            sid: `session_${yield* ulid}`,
            jti: yield* ulid,
            iat: issuedAt,
            exp: issuedAt + expiresIn
          })
          yield* tokens.set(accessToken, profile)
          return { accessToken, expiresIn }
        }),
        profileBy: tokens.get,
        profile: (id) => profiles.get(id),
        logouts: TtlMap.make<Profile>(lifetime)
      })
    })
  )
