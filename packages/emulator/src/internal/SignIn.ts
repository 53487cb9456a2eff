// What signing in leaves behind: codes, access tokens, profiles and logout tokens.
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
  /** The applications. One with the id `Clients.defaultClientId` where none are given. */
  readonly clients?: ReadonlyArray<Clients.Client> | undefined
  /**
   * What a browser meets at the identity provider: nothing, it comes back signed in at once (`"auto"`, where nothing is
   * said), or a page that asks who it is (`"page"`).
   */
  readonly signIn?: "auto" | "page" | undefined
  /** What access tokens name as their issuer. `https://api.workos.com` where nothing is said. */
  readonly issuer?: string | undefined
  /** How long access tokens are good for, in whole seconds. Ten minutes where nothing is said. */
  readonly accessTokenLifetime?: Duration.Input | undefined
  /** Where browsers are sent that have signed out. Where nothing is said they are answered with an empty 200. */
  readonly logoutRedirectUri?: string | undefined
  /** The keys, for a program that changes them itself. */
  readonly keys?: Keys.Keys["Service"] | undefined
}

/** What a code was given out for. */
export interface Grant {
  readonly clientId: string
  readonly profile: Profile
  /** The hash of the code verifier, where the code was asked for with one. */
  readonly codeChallenge?: string | undefined
}

/** How long codes and logout tokens are good for. */
const lifetime = Duration.minutes(10)

export class SignIn extends Context.Service<
  SignIn,
  {
    readonly clients: Clients.Clients
    readonly keys: Keys.Keys["Service"]
    readonly isOnPage: boolean
    readonly logoutRedirectUri: string | undefined
    /** Signs somebody in at a connection, and gives out the code for it. */
    readonly admit: (
      connection: Connection,
      email: string,
      grant: Pick<Grant, "clientId" | "codeChallenge">
    ) => Effect.Effect<string>
    readonly codes: TtlMap.TtlMap<Grant>
    /** An access token for a profile, and for how many seconds it is good. */
    readonly issue: (grant: Grant) => Effect.Effect<{ readonly accessToken: string; readonly expiresIn: number }>
    /** Whose access token it is. */
    readonly profileBy: (accessToken: string) => Effect.Effect<Profile | undefined>
    /** The profile of this id, of somebody who has signed in. */
    readonly profile: (id: string) => Profile | undefined
    readonly logouts: TtlMap.TtlMap<Profile>
  }
>()("@effect-workos/emulator/SignIn") {}

const ulid = Effect.gen(function* () {
  return Ulid.make(yield* Clock.currentTimeMillis, yield* Random.Random)
})

/** 40 letters and digits that nobody guesses. */
export const secret = Effect.map(Random.Random, (random) => Ulid.randomString(40, random))

export const layer = (apiKey: Redacted.Redacted, options: Options): Layer.Layer<SignIn> =>
  Layer.effect(
    SignIn,
    Effect.gen(function* () {
      const keys = options.keys ?? (yield* Keys.make)
      const accessTokenLifetime = Duration.fromInputUnsafe(options.accessTokenLifetime ?? "10 minutes")
      const expiresIn = Math.floor(Duration.toSeconds(accessTokenLifetime))
      const profiles = new Map<string, Profile>()
      const codes = TtlMap.make<Grant>(lifetime)
      const tokens = TtlMap.make<Profile>(Duration.seconds(expiresIn))
      return SignIn.of({
        clients: Clients.make(apiKey, options.clients),
        keys,
        isOnPage: options.signIn === "page",
        logoutRedirectUri: options.logoutRedirectUri,
        admit: Effect.fnUntraced(function* (connection, email, grant) {
          const profile = yield* Users.profileOf(connection, email)
          const code = yield* ulid
          profiles.set(profile.id, profile)
          yield* codes.set(code, { ...grant, profile })
          return code
        }),
        codes,
        issue: Effect.fnUntraced(function* ({ clientId, profile }) {
          const issuedAt = Math.floor((yield* Clock.currentTimeMillis) / 1000)
          const accessToken = yield* keys.sign({
            iss: options.issuer ?? "https://api.workos.com",
            sub: profile.id,
            client_id: clientId,
            ...(profile.organizationId === null ? {} : { org_id: profile.organizationId }),
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
