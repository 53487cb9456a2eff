// The file of `--state`, from which the next `events follow` resumes.
//
// Its first line is the id of the last printed event or, before the first event, the time at which following started, so
// that no event is missed. Its second line is the selection of events: the server and the flags.
import { EventId } from "@effect-workos/domain/events/EventEnvelope"
import * as AtomicFile from "@effect-workos/export/AtomicFile"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import * as Failure from "./Failure.ts"
import * as TimeFlag from "./TimeFlag.ts"

/**
 * The start of following: after an event, or at a time.
 */
export type Start = { readonly after: string } | { readonly since: DateTime.Utc }

/**
 * Reads the start from a state file, if the file exists. Refuses other files, and states of another selection of events.
 */
export const read = Effect.fnUntraced(function* (path: string, selection: string) {
  const fs = yield* FileSystem.FileSystem
  const text = yield* fs.readFileString(path).pipe(
    Effect.map(Option.some),
    Effect.catch(({ reason }) =>
      reason._tag === "NotFound"
        ? Effect.succeedNone
        : Failure.refuse(`${path} can't be read. Is it a file, and yours to read?`)
    )
  )
  if (Option.isNone(text)) return Option.none<Start>()
  // Editors add carriage returns, white space and byte order marks. Without a second line, the state is valid for any
  // selection.
  const lines = text.value.split(/[\r\n]+/).map((line) => line.trim())
  const [line = "", of = selection.trim()] = lines.filter((line) => line !== "")
  const start = decode(line)
  if (Option.isNone(start)) {
    return yield* Failure.refuse(
      `${path} does not say where following was. Name another file, or remove it to begin now.`
    )
  }
  if (of !== selection.trim()) {
    return yield* Failure.refuse(`${path} is of other events: ${of}. Name another file, or remove it to begin now.`)
  }
  return start
})

const decode = (line: string): Option.Option<Start> =>
  Option.orElse(
    Option.map(Schema.decodeOption(EventId)(line), (after): Start => ({ after })),
    () => Option.map(TimeFlag.parseTimestamp(line), (since): Start => ({ since }))
  )

/**
 * Replaces the state file and syncs it to disk. Fails with `OutputError` if it can't be written.
 */
export const write = (path: string, selection: string, start: Start) =>
  AtomicFile.write(
    path,
    Stream.succeed(`${"after" in start ? start.after : DateTime.formatIso(start.since)}\n${selection}\n`)
  )
