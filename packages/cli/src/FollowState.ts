// The file of `--state`, from which the next `events follow` resumes.
//
// The first line is the id of the last printed event. Before the first event, the line is the start time, so that no event
// is missed. The second line is the selection of events: the server and the flags.
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
 * Reads the start from a state file, if the file exists. Refuses files that are not state files, and state files of another
 * selection of events.
 */
export const read = Effect.fnUntraced(function* (path: string, selection: string) {
  const fs = yield* FileSystem.FileSystem
  const text = yield* fs.readFileString(path).pipe(
    Effect.map(Option.some),
    Effect.catch(({ reason }) =>
      reason._tag === "NotFound"
        ? Effect.succeedNone
        : Failure.refuse(`Cannot read ${path}. Check that it is a file and that you have permission to read it.`)
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
      `${path} is not a state file of events follow. Set another --state, or delete the file to start now.`
    )
  }
  if (of !== selection.trim()) {
    return yield* Failure.refuse(
      `${path} belongs to other events: ${of}. Set another --state, or delete the file to start now.`
    )
  }
  return start
})

const decode = (line: string): Option.Option<Start> =>
  Option.orElse(
    Option.map(Schema.decodeOption(EventId)(line), (after): Start => ({ after })),
    () => Option.map(TimeFlag.parseTimestamp(line), (since): Start => ({ since }))
  )

/**
 * Replaces the state file and syncs it to disk. Fails with `OutputError` if the file cannot be written.
 */
export const write = (path: string, selection: string, start: Start) =>
  AtomicFile.write(
    path,
    Stream.succeed(`${"after" in start ? start.after : DateTime.formatIso(start.since)}\n${selection}\n`)
  )
