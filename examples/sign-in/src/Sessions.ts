// Who is signed in: in the memory of this process, by a random id that only their browser has.
import * as Pkce from "@effect-workos/client/Pkce"
import type { ConnectionId } from "@effect-workos/domain/Connection"
import type { Profile } from "@effect-workos/domain/Profile"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"

/** Somebody's session, through the connection and in the organization of their profile. */
export interface Session {
  readonly profile: Profile
  readonly endsAt: number
}

export const lifetime = Duration.hours(8)

export class Sessions extends Context.Service<
  Sessions,
  {
    readonly begin: (profile: Profile) => Effect.Effect<string>
    readonly find: (id: string) => Effect.Effect<Session | undefined>
    readonly end: (id: string) => Effect.Effect<void>
    /** Ends all that came through a connection, and says how many these were. */
    readonly endAllOf: (connection: ConnectionId) => Effect.Effect<number>
  }
>()("example/Sessions") {
  static readonly layer = Layer.sync(this, () => {
    const sessions = new Map<string, Session>()

    // They are as old as they stand in line.
    const dropExpired = (now: number) => {
      for (const [id, { endsAt }] of sessions) {
        if (endsAt > now) return
        sessions.delete(id)
      }
    }

    return {
      begin: Effect.fnUntraced(function* (profile) {
        const id = yield* Pkce.random
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
        Effect.sync(() => {
          const theirs = Array.from(sessions).filter(([, { profile }]) => profile.connectionId === connection)
          for (const [id] of theirs) sessions.delete(id)
          return theirs.length
        })
    }
  })
}
