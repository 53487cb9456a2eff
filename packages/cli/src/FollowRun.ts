// Runs `events follow`: prints events and stores the progress.
import type { EventRow } from "@effect-workos/export/Exportable"
import type * as AtomicFile from "@effect-workos/export/AtomicFile"
import * as Effect from "effect/Effect"
import type * as FileSystem from "effect/FileSystem"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import * as FollowState from "./FollowState.ts"

/**
 * Prints events as they come, from a place on, until they are not wanted any more. Where there is a file for it, from the
 * place that it holds, if it holds one; and after each event it holds that.
 *
 * **Details**
 *
 * An event is printed and remembered, or neither, unless the process is killed between the two: then it comes once more.
 * `print` gives whether there is somebody who wants more. `subject` says in one line of which events the place is, and
 * `onKnown` happens where the file holds one, and `from` is of no use.
 */
export const run = Effect.fnUntraced(function* <E, R, E2, R2, R3>({
  follow,
  from,
  onKnown,
  print,
  state,
  subject
}: {
  readonly follow: (place: FollowState.Place) => Stream.Stream<EventRow, E, R>
  readonly from: FollowState.Place
  readonly onKnown: Effect.Effect<void, never, R3>
  readonly print: (events: ReadonlyArray<EventRow>) => Effect.Effect<boolean, E2, R2>
  readonly state: Option.Option<string>
  readonly subject: string
}) {
  if (Option.isNone(state)) {
    return yield* Stream.runForEachWhile(Stream.chunks(follow(from)), print)
  }
  const file = state.value
  const known = yield* FollowState.read(file, subject)
  if (Option.isNone(known)) yield* FollowState.write(file, subject, from)
  else yield* onKnown
  yield* Stream.runForEachWhile(follow(Option.getOrElse(known, () => from)), (event) => {
    const remember: Effect.Effect<void, AtomicFile.OutputError, FileSystem.FileSystem> = FollowState.write(
      file,
      subject,
      {
        after: event.id
      }
    )
    return Effect.uninterruptible(Effect.tap(print([event]), (isWanted) => (isWanted ? remember : Effect.void)))
  })
})
