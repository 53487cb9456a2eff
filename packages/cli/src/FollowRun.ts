// Runs `events follow`: prints events and stores the progress.
import type { EventRow } from "@effect-workos/export/Exportable"
import * as AtomicFile from "@effect-workos/export/AtomicFile"
import * as Effect from "effect/Effect"
import type * as FileSystem from "effect/FileSystem"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import * as FollowState from "./FollowState.ts"

/**
 * Prints events from a start until the reader stops reading. With a state file, resumes from its content and updates it
 * after each event.
 *
 * **Details**
 *
 * An event is printed and stored, or neither, unless the process is killed between the two: then it is printed again.
 * `print` returns whether the reader wants more. `selection` identifies the events, and `onResume` runs if the state file
 * overrides `from`.
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
