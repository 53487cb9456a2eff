// Writes results to stdout and everything else to stderr.
import * as AtomicFile from "@effect-workos/export/AtomicFile"
import * as Effect from "effect/Effect"
import type * as PlatformError from "effect/PlatformError"
import * as Stdio from "effect/Stdio"
import * as Stream from "effect/Stream"
import { inline, wrapText } from "./WrapText.ts"
import * as Terminal from "./Terminal.ts"

/**
 * Writes results to stdout. Returns false if the reader has closed the pipe early, as `head` does, which is not an error.
 * Fails with `OutputError` if stdout cannot be written.
 */
export const results = <E, R>(
  text: Stream.Stream<string | Uint8Array, E, R>
): Effect.Effect<boolean, E | AtomicFile.OutputError, R | Stdio.Stdio> =>
  Effect.gen(function* () {
    const stdio = yield* Stdio.Stdio
    // Errors of the stream and of stdout share one channel. Only a closed stdout may be ignored.
    const pulled = Stream.mapError(text, (error) => ({ error }))
    return yield* Stream.run(pulled, stdio.stdout()).pipe(
      Effect.as(true),
      Effect.catch((failure): Effect.Effect<boolean, E | AtomicFile.OutputError> =>
        "error" in failure ? Effect.fail(failure.error) : ignoreClosedPipe(failure)
      )
    )
  })

/**
 * Writes one line to stdout.
 */
export const result = (line: string) => results(Stream.succeed(`${line}\n`))

/**
 * Writes text to stderr.
 */
export const note = (text: string): Effect.Effect<void, never, Stdio.Stdio> =>
  Stdio.Stdio.use((stdio) => Effect.ignore(Stream.run(Stream.succeed(text), stdio.stderr())))

/**
 * Writes a message to stderr: wrapped in a terminal, and on one line in a file or a pipe.
 */
export const message = (sentence: string): Effect.Effect<void, never, Terminal.Services> =>
  Effect.flatMap(Terminal.stderr, ({ columns }) =>
    note(`${columns === undefined ? inline(sentence) : wrapText(sentence, columns).join("\n")}\n`)
  )

const ignoreClosedPipe = (failure: PlatformError.PlatformError): Effect.Effect<boolean, AtomicFile.OutputError> =>
  failure.reason.cause instanceof Error && "code" in failure.reason.cause && failure.reason.cause.code === "EPIPE"
    ? Effect.succeed(false)
    : Effect.fail(AtomicFile.outputError("to stdout")(failure))
