// Writes docs/generated/mutants.md: each mutant of the emulator, the law that catches it, and how many requests that took.
//
//   pnpm mutants
import { catalogue } from "../packages/contract/test/mutants/catalogue.ts"
import { prove } from "../packages/contract/test/mutants/prove.ts"
import * as Effect from "effect/Effect"
import * as Page from "./Page.ts"

const rows: Array<string> = []
const requests: Array<number> = []
for (const mutant of catalogue) {
  const proof = await Effect.runPromise(prove(mutant))
  if (proof.result.status !== "failed" && proof.result.status !== "drift") {
    throw new Error(`${mutant.id} is not caught by ${mutant.law}: ${proof.result.message}`)
  }
  requests.push(proof.requests)
  const name = mutant.operation.replace("connections.", "")
  rows.push(
    `| \`${mutant.id}\`${mutant.subtle === true ? " ·" : ""} | ${mutant.summary} | \`${mutant.law}\` | ${name} | ${proof.requests} |`
  )
}

const laws = new Set(catalogue.map(({ law }) => law))
const subtle = catalogue.filter((mutant) => mutant.subtle === true).length
const median = requests.toSorted((a, b) => a - b)[requests.length >> 1] ?? 0

const document = `# The mutants that prove the suite

Each of these is the conforming emulator with one promise broken. Each is caught by the law that is meant for it; the unchanged emulator passes all laws, with this seed and with a dozen others. \`packages/contract/test/mutants\` has them, and tests all of it.

${catalogue.length} mutants, ${laws.size} laws, ${subtle} of them subtle (·): wrong only on the second page, only with two filters at once, only in the middle of the order, only for one row in a hundred, only for an id of the right form. \`requests\` is how many it took with seed 1 and 230 connections, to read the list, to find the fault and to cut it down to the smallest; the median is ${median}.

Written by \`npx -y pnpm@12 mutants\`.

| mutant | what it does | caught by | operation | requests |
| --- | --- | --- | --- | --- |
${rows.join("\n")}
`
Page.write("docs/generated/mutants.md", document, { command: "mutants", source: "the mutants" })
process.stdout.write(
  `docs/generated/mutants.md: ${catalogue.length} mutants of ${laws.size} laws, ${median} requests in the median.\n`
)
process.exit()
