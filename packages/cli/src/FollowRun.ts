// Runs `events follow`: prints events, and stores the id of the last one.
import type { EventRow } from "@effect-workos/export/Exportable"
import * as AtomicFile from "@effect-workos/export/AtomicFile"
import * as Effect from "effect/Effect"
import type * as FileSystem from "effect/FileSystem"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import * as FollowState from "./FollowState.ts"

/**
 * Prints events from a start until the reader stops reading. With a state file, resumes from the stored position and updates
 * the file after each event.
 *
 * **Details**
 *
 * Each event is printed and then stored, without an interruption in between. If the process is killed in between, the event
 * is printed again after a resume. `print` returns true if the reader wants more events. `selection` identifies the events.
 * `onResume` runs if the state file overrides `from`.
 */
export const run = Effect.fnUntraced(function* <E, R, E2, R2, R3>({
  follow,
  from,
  onResume,
  print,
  state,
  selection
}: {
  readonly follow: (start: FollowState.Start) => Stream.Stream<EventRow, E, R>
  readonly from: FollowState.Start
  readonly onResume: Effect.Effect<void, never, R3>
  readonly print: (events: ReadonlyArray<EventRow>) => Effect.Effect<boolean, E2, R2>
  readonly state: Option.Option<string>
  readonly selection: string
}) {
  if (Option.isNone(state)) {
    return yield* Stream.runForEachWhile(Stream.chunks(follow(from)), print)
  }
  const file = state.value
  yield* AtomicFile.checkName(file)
  const known = yield* FollowState.read(file, selection)
  if (Option.isNone(known)) yield* FollowState.write(file, selection, from)
  else yield* onResume
  yield* Stream.runForEachWhile(follow(Option.getOrElse(known, () => from)), (event) => {
    const remember: Effect.Effect<void, AtomicFile.OutputError, FileSystem.FileSystem> = FollowState.write(
      file,
      selection,
      {
        after: event.id
      }
    )
    return Effect.uninterruptible(Effect.tap(print([event]), (wantsMore) => (wantsMore ? remember : Effect.void)))
  })
})
