// Writes the exchanges of a verification to an HTTP archive.
import type * as Contract from "@effect-workos/contract-engine/Contract"
import type { Attempt } from "@effect-workos/contract-engine/Exchange"
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
 * An archive that is being written.
 */
export interface Archive {
  /** Adds an entry. */
  readonly write: (entry: Har.Entry) => Effect.Effect<void>
  /** Fails with `OutputError` if the file cannot be written, and never ends otherwise. */
  readonly failed: Effect.Effect<never, AtomicFile.OutputError>
  /** Completes the file. */
  readonly close: Effect.Effect<void, AtomicFile.OutputError>
}

/**
 * Opens an archive, which exists under its name when it is closed.
 */
export const open = Effect.fnUntraced(function* (file: string) {
  const queue = yield* Queue.bounded<Har.Entry, Cause.Done>(capacity)
  const writer = yield* AtomicFile.write(file, Har.encode(Stream.fromQueue(queue), creator)).pipe(
    // Entries that are offered to a failed writer are dropped.
    Effect.ensuring(Queue.shutdown(queue)),
    Effect.forkChild
  )
  const archive: Archive = {
    write: (entry) => Effect.asVoid(Queue.offer(queue, entry)),
    failed: Effect.andThen(Fiber.join(writer), Effect.never),
    close: Effect.andThen(Queue.end(queue), Fiber.join(writer))
  }
  return archive
})

/**
 * Runs a verification, and writes its exchanges to an archive. The archive is complete when the verification ends, fails
 * or is interrupted. If the file cannot be written, the verification ends with `OutputError`.
 */
export const record = <A, E, R>(file: string, run: (observer: Contract.Observer) => Effect.Effect<A, E, R>) =>
  Effect.uninterruptibleMask((restore) =>
    Effect.gen(function* () {
      const target = yield* Target
      const { close, failed, write } = yield* open(file)
      const onAttempt = (attempt: Attempt) => Effect.flatMap(Recording.toEntry(attempt, target), write)
      const exit = yield* Effect.exit(restore(Effect.raceFirst(run({ onAttempt }), failed)))
      yield* close
      return yield* exit
    })
  )
