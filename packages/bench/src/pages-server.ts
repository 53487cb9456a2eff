// The server that benchmarks read from, in a process of its own: the emulator's rows in pages rendered beforehand, so
// that what is measured is the reader.
import * as Seed from "@effect-workos/emulator/Seed"
import { ConnectionPage } from "@effect-workos/domain/Connection"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { createServer } from "node:http"

const connections = Number(process.argv[2])
const pageSize = 100

const rows = Effect.runSync(Seed.make({ connections, organizations: 100, seed: 1 })).connections.toReversed()
const encode = Schema.encodeSync(ConnectionPage)
const pages = new Map<string | null, Buffer>()
for (let start = 0; start < rows.length; start += pageSize) {
  const data = rows.slice(start, start + pageSize)
  const last = data.at(-1)
  const after = start + pageSize < rows.length && last !== undefined ? last.id : null
  const before = start === 0 ? null : (data[0]?.id ?? null)
  const page = encode({ object: "list", data, listMetadata: { before, after } })
  pages.set(start === 0 ? null : (rows[start - 1]?.id ?? null), Buffer.from(JSON.stringify(page)))
}

const server = createServer((request, response) => {
  const { searchParams } = new URL(request.url ?? "/", "http://localhost")
  const page = pages.get(searchParams.get("after"))
  response.writeHead(page === undefined ? 422 : 200, { "content-type": "application/json", "x-request-id": "req_1" })
  response.end(page ?? '{"message":"There is no such cursor."}')
})
server.listen(0, "127.0.0.1", () => {
  const address = server.address()
  process.send?.(typeof address === "object" ? address?.port : undefined)
})
process.on("disconnect", () => process.exit())
