// The state of AuthKit: sessions, authorization codes, pending authentications and devices.
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import type { Code, Pending } from "./AuthKitAttempt.ts"
import * as AuthKitDevices from "./AuthKitDevices.ts"
import * as AuthKitOptions from "./AuthKitOptions.ts"
import * as AuthKitSessions from "./AuthKitSessions.ts"
import type { SignIn } from "./SignIn.ts"
import * as TtlMap from "./TtlMap.ts"
import type { Tables } from "./Tables.ts"

/** The lifetime of codes and of pending authentications. */
const lifetime = Duration.minutes(10)

export class AuthKit extends Context.Service<
  AuthKit,
  {
    readonly settings: AuthKitOptions.Settings
    readonly store: Tables
    readonly signIn: SignIn["Service"]
    readonly sessions: AuthKitSessions.Sessions
    readonly codes: TtlMap.TtlMap<Code>
    readonly pending: TtlMap.TtlMap<Pending>
    readonly devices: AuthKitDevices.Devices
  }
>()("@effect-workos/emulator/AuthKit") {}

/** Makes the state of a store. */
export const make = (store: Tables, signIn: SignIn["Service"], options: AuthKitOptions.Options): AuthKit["Service"] => {
  const settings = AuthKitOptions.withDefaults(options)
  store.secrets.allowSignUp = settings.allowSignUp
  return AuthKit.of({
    settings,
    store,
    signIn,
    sessions: AuthKitSessions.make(store, signIn, settings),
    codes: TtlMap.make<Code>(lifetime),
    pending: TtlMap.make<Pending>(lifetime),
    devices: AuthKitDevices.make()
  })
}
