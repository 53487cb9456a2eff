// `--state`: a file that says where following is, so that the next one goes on there.
//
// Its first line is the id of the last event that was printed, or, before there was one, the time from which on events are
// printed. So nothing is missed that happens before the first one is. Its second line says of which events: from where, and
// by which flags.
import { EventId } from "@effect-workos/domain/events/EventEnvelope"
import { Timestamp } from "@effect-workos/domain/Timestamp"
import * as AtomicFile from "@effect-workos/export/AtomicFile"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import * as Failure from "./Failure.ts"

/**
 * Where following goes on: after an event, or at a time.
 */
export type Place = { readonly after: string } | { readonly since: DateTime.Utc }

/**
 * What a state says; nothing where there is none. Refuses a file that is something else, or is of other events.
 */
export const read = Effect.fnUntraced(function* (path: string, subject: string) {
  const fs = yield* FileSystem.FileSystem
  const text = yield* fs.readFileString(path).pipe(
    Effect.map(Option.some),
    Effect.catch(({ reason }) =>
      reason._tag === "NotFound"
        ? Effect.succeedNone
        : Failure.refuse(`${path} can't be read. Is it a file, and yours to read?`)
    )
  )
  if (Option.isNone(text)) return Option.none<Place>()
  // It may be of a version that wrote no second line.
  const [line = "", of = subject] = text.value.trim().split("\n")
  const place = decode(line)
  if (Option.isNone(place)) {
    return yield* Failure.refuse(
      `${path} does not say where following was. Name another file, or remove it to begin now.`
    )
  }
  if (of !== subject) {
    return yield* Failure.refuse(`${path} is of other events: ${of}. Name another file, or remove it to begin now.`)
  }
  return place
})

const decode = (line: string): Option.Option<Place> =>
  Option.orElse(
    Option.map(Schema.decodeOption(EventId)(line), (after): Place => ({ after })),
    () => Option.map(Schema.decodeOption(Timestamp)(line), (since): Place => ({ since }))
  )

/**
 * Puts a state in the place of the one before it, and on disk. Fails with `OutputError` where it can't be written.
 */
export const write = (path: string, subject: string, place: Place) =>
  AtomicFile.write(
    path,
    Stream.succeed(`${"after" in place ? place.after : DateTime.formatIso(place.since)}\n${subject}\n`)
  )
