// Sessions of signed-in users, in the memory of this process, by a random id that only the user's browser has.
import * as Pkce from "@effect-workos/client/Pkce"
import type { ConnectionId } from "@effect-workos/domain/sso/Connection"
import type { Profile } from "@effect-workos/domain/sso/Profile"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Data from "effect/Data"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"

/** A user's session. The profile contains the connection and the organization. */
export interface Session {
  readonly profile: Profile
  readonly endsAt: number
}

/** The connection was deactivated or deleted while a user was signing in through it. */
export class ConnectionEnded extends Data.TaggedError("ConnectionEnded") {}

export const lifetime = Duration.hours(8)

export class Sessions extends Context.Service<
  Sessions,
  {
    /** Fails if the connection was deactivated or deleted since `askedAt`, the time of the profile request. */
    readonly begin: (profile: Profile, askedAt: number) => Effect.Effect<string, ConnectionEnded>
    readonly find: (id: string) => Effect.Effect<Session | undefined>
    readonly end: (id: string) => Effect.Effect<void>
    /** Ends all sessions of a connection, and returns their number. */
    readonly endAllOf: (connection: ConnectionId) => Effect.Effect<number>
  }
>()("example/Sessions") {
  static readonly layer = Layer.sync(this, () => {
    const sessions = new Map<string, Session>()
    const ended = new Map<ConnectionId, number>()

    // A `Map` iterates in insertion order, so the oldest sessions come first.
    const dropExpired = (now: number) => {
      for (const [id, { endsAt }] of sessions) {
        if (endsAt > now) return
        sessions.delete(id)
      }
    }

    return {
      begin: Effect.fnUntraced(function* (profile, askedAt) {
        if (askedAt <= (ended.get(profile.connectionId) ?? -Infinity)) return yield* new ConnectionEnded()
        const id = yield* Pkce.randomString
        const now = yield* Clock.currentTimeMillis
        dropExpired(now)
        sessions.set(id, { profile, endsAt: now + Duration.toMillis(lifetime) })
        return id
      }),
      find: (id) =>
        Effect.map(Clock.currentTimeMillis, (now) => {
          dropExpired(now)
          return sessions.get(id)
        }),
      end: (id) => Effect.sync(() => sessions.delete(id)),
      endAllOf: (connection) =>
        Effect.map(Clock.currentTimeMillis, (now) => {
          ended.set(connection, now)
          const theirs = Array.from(sessions).filter(([, { profile }]) => profile.connectionId === connection)
          for (const [id] of theirs) sessions.delete(id)
          return theirs.length
        })
    }
  })
}
