// Writes the exchanges of a verification to an HTTP archive.
import type * as Contract from "@effect-workos/contract-engine/Contract"
import * as Har from "@effect-workos/contract-engine/Har"
import * as Recording from "@effect-workos/contract-engine/Recording"
import { Target } from "@effect-workos/contract-engine/Target"
import * as AtomicFile from "@effect-workos/export/AtomicFile"
import type * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Queue from "effect/Queue"
import * as Stream from "effect/Stream"
import packageJson from "../package.json" with { type: "json" }

const creator: Har.Creator = { name: packageJson.name, version: packageJson.version }

/** The number of entries that wait to be written. A verification that is faster than the disk has to wait. */
const capacity = 100

/**
 * Runs an effect that writes entries. The archive is complete when the effect ends, fails or is interrupted. If the file
 * cannot be written, the effect is interrupted, and `write` fails with `OutputError`.
 */
const write = <A, E, R>(
  file: string,
  use: (write: (entry: Har.Entry) => Effect.Effect<void>) => Effect.Effect<A, E, R>
) =>
  Effect.uninterruptibleMask((restore) =>
    Effect.gen(function* () {
      const queue = yield* Queue.bounded<Har.Entry, Cause.Done>(capacity)
      const writer = yield* AtomicFile.write(file, Har.encode(Stream.fromQueue(queue), creator)).pipe(
        // Entries that are offered to a failed writer are dropped.
        Effect.ensuring(Queue.shutdown(queue)),
        Effect.forkChild
      )
      const failed = Effect.andThen(Fiber.join(writer), Effect.never)
      const exit = yield* Effect.exit(
        restore(
          Effect.raceFirst(
            use((entry) => Effect.asVoid(Queue.offer(queue, entry))),
            failed
          )
        )
      )
      yield* Queue.end(queue)
      yield* Fiber.join(writer)
      return yield* exit
    })
  )

/**
 * Runs a verification, and writes its exchanges to an archive.
 */
export const record = <A, E, R>(file: string, run: (observer: Contract.Observer) => Effect.Effect<A, E, R>) =>
  Effect.flatMap(Target, (target) =>
    write(file, (write) => run({ onAttempt: (attempt) => Effect.flatMap(Recording.toEntry(attempt, target), write) }))
  )
