// What people and programs read: results on stdout, everything else on stderr.
import * as AtomicFile from "@effect-workos/export/AtomicFile"
import * as Effect from "effect/Effect"
import type * as PlatformError from "effect/PlatformError"
import * as Stdio from "effect/Stdio"
import * as Stream from "effect/Stream"
import { inline, wrapText } from "./WrapText.ts"
import * as Terminal from "./Terminal.ts"

/**
 * Writes results, and says whether all of them were wanted: a reader that has seen enough and closes the pipe, as `head`
 * does, ends the writing and is no failure. Fails with `OutputError` where stdout can't be written.
 */
export const results = <E, R>(
  text: Stream.Stream<string | Uint8Array, E, R>
): Effect.Effect<boolean, E | AtomicFile.OutputError, R | Stdio.Stdio> =>
  Effect.gen(function* () {
    const stdio = yield* Stdio.Stdio
    // The reader's going away and the writer's failure meet in one channel; apart again, so that neither hides the other.
    const pulled = Stream.mapError(text, (error) => ({ error }))
    return yield* Stream.run(pulled, stdio.stdout()).pipe(
      Effect.as(true),
      Effect.catch((failure): Effect.Effect<boolean, E | AtomicFile.OutputError> =>
        "error" in failure ? Effect.fail(failure.error) : unwanted(failure)
      )
    )
  })

/**
 * Writes one line of results.
 */
export const result = (line: string) => results(Stream.succeed(`${line}\n`))

/**
 * Writes for the person in front of the terminal.
 */
export const note = (text: string): Effect.Effect<void, never, Stdio.Stdio> =>
  Stdio.Stdio.use((stdio) => Effect.ignore(Stream.run(Stream.succeed(text), stdio.stderr())))

/**
 * Says something to the person in front of the terminal, in lines that are broken between words; elsewhere in one.
 */
export const say = (sentence: string): Effect.Effect<void, never, Terminal.Services> =>
  Effect.flatMap(Terminal.stderr, ({ columns }) =>
    note(`${columns === undefined ? inline(sentence) : wrapText(sentence, columns).join("\n")}\n`)
  )

const unwanted = (failure: PlatformError.PlatformError): Effect.Effect<boolean, AtomicFile.OutputError> =>
  failure.reason.cause instanceof Error && "code" in failure.reason.cause && failure.reason.cause.code === "EPIPE"
    ? Effect.succeed(false)
    : Effect.fail(AtomicFile.outputError("to stdout")(failure))
