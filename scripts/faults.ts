// Writes docs/generated/faults.md: what comes of every fault in operations of several kinds. The matrix is run first, and the page is
// written only if all of it is as the rules say. With --check, which runs nothing, says whether the page is what they say.
//
//   pnpm faults
import { catalogue, type Row } from "../packages/client/test/faults/catalogue.ts"
import { all, run } from "../packages/client/test/faults/matrix.ts"
import { operations } from "../packages/client/test/faults/operations.ts"
import { policies } from "../packages/client/test/faults/policies.ts"
import { expected } from "../packages/client/test/faults/rules.ts"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Page from "./Page.ts"

for (const { platform, row, wrong } of Page.isCheck ? [] : await Effect.runPromise(run(all))) {
  if (wrong.length > 0) throw new Error(`Over ${platform.name}, ${row.name}, ${row.policy}: ${wrong.join("; ")}`)
}

const table = (head: ReadonlyArray<string>, rows: ReadonlyArray<ReadonlyArray<string>>): string =>
  [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n")

const duration = (input: Duration.Input): string => Duration.format(Duration.fromInputUnsafe(input))

const cells = (row: Row): ReadonlyArray<string> => [
  `\`${row.name}\``,
  row.policy,
  ...operations.map((operation) => {
    const { attempts, outcome } = expected(row, operation)
    return `${outcome}, ${attempts}`
  })
]

const document = [
  "# Every fault, and what comes of it",
  `What a user of the client sees when the server, or what stands before it, misbehaves: ${catalogue.length} faults, ${operations.length} operations on connections, organizations and events, and never a call that hangs or ends in a defect. [The emulator's guide](../emulator.md) says what each fault is; without \`times\` it does not end.`,
  "Each cell is one program with a server of its own, on a real socket, through `fetch` and through undici, which come to the same; of the operations on organizations and events, which are sent and read as those on connections are, through one of the two by turns. The program has a connection that was used before; then the fault is put in and the operation called. A cell says what came and how many requests the call took: `ok, 3` is a success with the third request, `InvalidResponse/Html, 1` an `InvalidResponse` with the reason `Html` after one. An operation that is named without its resource is one on connections. `stream` reads a list of three pages; the fault is for the second and third, and the number is that of the page that took most.",
  "The table is reckoned by rules (`packages/client/test/faults/rules.ts`), and the matrix holds the client to it. In each cell the server has counted as many requests as the error and the spans say; a creation has created once or not at all, an update has changed what it was to change or nothing, and a deletion has deleted just what it was for; the call was over within its deadline and had not been over before the server allowed; and no fiber and no request was left, nor, of undici, a connection.",
  "The policies, with the longest waits that chance can give:",
  table(
    ["policy", "attempts", "time for one", "deadline", "first wait", "longest wait"],
    Object.entries(policies).map(([name, { maxAttempts, attemptTimeout, baseDelay, deadline, maxDelay }]) => [
      name,
      String(maxAttempts),
      ...[attemptTimeout, deadline, baseDelay, maxDelay].map(duration)
    ])
  ),
  "Written by `npx -y pnpm@12 faults`.",
  table(["fault", "policy", ...operations.map(({ name }) => `\`${name}\``)], catalogue.map(cells)),
  ""
].join("\n\n")

Page.write("docs/generated/faults.md", document, { command: "faults", source: "the rules" })
process.exit()
