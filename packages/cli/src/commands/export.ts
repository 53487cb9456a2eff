// `export connections`.
import * as AtomicFile from "@effect-workos/export/AtomicFile"
import * as Export from "@effect-workos/export/Export"
import * as Ndjson from "@effect-workos/export/Ndjson"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Effect from "effect/Effect"
import type { FileSystem } from "effect/FileSystem"
import type { Stdio } from "effect/Stdio"
import * as Stream from "effect/Stream"
import * as Live from "../Live.ts"
import * as Output from "../Output.ts"
import * as Progress from "../Progress.ts"
import { filters, toOptions } from "./filters.ts"

const connections = Command.make(
  "connections",
  {
    output: Flag.String("output").pipe(
      Flag.withAlias("o"),
      Flag.withMetavar("FILE"),
      Flag.withDescription("The file to write, or - for stdout")
    ),
    format: Flag.Literals("format", ["ndjson"]).pipe(
      Flag.withDescription("One JSON object a line, as it came"),
      Flag.withDefault("ndjson")
    ),
    ...filters
  },
  Effect.fnUntraced(function* ({ output, ...flags }) {
    const [isComplete, count] = yield* Progress.counted(Export.connections(toOptions(flags)), (pages) =>
      write(output, Stream.map(pages, Ndjson.lines))
    )
    if (!isComplete) return
    const where = output === "-" ? "" : ` to ${output}`
    yield* Output.note(`Exported ${Progress.number(count.rows)} connections${where}: ${Progress.describe(count)}\n`)
  })
).pipe(
  Command.withDescription("Export all connections, or all that match"),
  Command.withExamples([
    { command: "effect-workos export connections --output connections.ndjson" },
    { command: "effect-workos export connections --output - --type OktaSAML | gzip > okta.ndjson.gz" }
  ]),
  Command.provide(Live.layerConnections)
)

const write = <E, R>(
  output: string,
  lines: Stream.Stream<string, E, R>
): Effect.Effect<boolean, E | AtomicFile.OutputError, R | FileSystem | Stdio> =>
  output === "-" ? Output.results(lines) : Effect.as(AtomicFile.write(output, lines), true)

export const export_ = Command.make("export").pipe(
  Command.withDescription("Export everything to a file"),
  Command.withSubcommands([connections])
)
