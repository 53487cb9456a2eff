// The resources that a run created. They are deleted when the run ends.
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import { type Exchange, keyOf, type NoResponse, pathAndQuery, type Request, type Response } from "../Exchange.ts"

/**
 * A creation whose response was lost: a request that may find the created resource, and the requests that delete it.
 */
interface LostCreation {
  readonly search: Request
  readonly deletions: (exchange: Exchange) => ReadonlyArray<readonly [id: string, removal: Request]>
}

export interface CreatedResources {
  /** Adds a resource with the request that deletes it. */
  readonly add: (id: string, removal: Request) => Effect.Effect<void>
  /** Removes a resource that was deleted. */
  readonly delete: (id: string) => Effect.Effect<void>
  /** Returns whether a resource was created and not deleted. */
  readonly has: (id: string) => Effect.Effect<boolean>
  /** Adds a creation whose response was lost. Its resource is searched for when the run ends. */
  readonly addLost: (lost: LostCreation) => Effect.Effect<void>
}

/** Time limit for deleting created resources, in milliseconds. */
const cleanUpTimeout = 60_000

/**
 * Returns whether the response to a deletion means that the resource no longer exists.
 */
export const isDeleted = ({ status }: Response): boolean => status < 300 || status === 404

/**
 * Returns an empty record of created resources, and the effect that deletes the resources that still exist.
 */
export const make = (
  send: (request: Request, deadline: number) => Effect.Effect<Exchange, NoResponse>,
  concurrency: number
): { readonly created: CreatedResources; readonly removeAll: Effect.Effect<void> } => {
  const pending = new Map<string, Request>()
  const lostCreations: Array<LostCreation> = []
  return {
    created: {
      add: (id, removal) => Effect.sync(() => void pending.set(id, removal)),
      delete: (id) => Effect.sync(() => void pending.delete(id)),
      has: (id) => Effect.sync(() => pending.has(id)),
      addLost: (lost) => Effect.sync(() => void lostCreations.push(lost))
    },
    removeAll: Effect.gen(function* () {
      const deadline = (yield* Clock.currentTimeMillis) + cleanUpTimeout
      for (const search of new Map(lostCreations.map(({ search }) => [keyOf(search), search])).values()) {
        const exchange = yield* Effect.catch(send(search, deadline), () => Effect.undefined)
        if (exchange === undefined) continue
        for (const one of lostCreations.filter((one) => keyOf(one.search) === keyOf(search))) {
          for (const [id, removal] of one.deletions(exchange)) pending.set(id, removal)
        }
      }
      yield* Effect.forEach(
        pending.values(),
        (request) =>
          send(request, deadline).pipe(
            Effect.match({ onFailure: () => false, onSuccess: ({ response }) => isDeleted(response) }),
            Effect.flatMap((isGone) =>
              isGone
                ? Effect.void
                : Effect.logWarning(`Could not delete a resource created by this run: ${pathAndQuery(request)}`)
            )
          ),
        { concurrency, discard: true }
      )
    })
  }
}
