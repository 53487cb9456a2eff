// The faults of the matrix: every kind of the emulator, in the forms that a client distinguishes. `rules.ts` has the expected
// results.
import type { Fault } from "@effect-workos/emulator/Fault"
import * as FaultText from "@effect-workos/emulator/FaultText"
import type { PolicyName } from "./policies.ts"

/** A fault, and the retry policy of calls with it. */
export interface Row {
  readonly name: string
  readonly fault: Fault
  readonly policy: PolicyName
}

const row = (fault: Fault, policy: PolicyName = "quick"): Row => ({ name: FaultText.format(fault), fault, policy })

/** Once, and permanently. */
const passing = (fault: Fault, policy?: PolicyName): ReadonlyArray<Row> => [
  row({ ...fault, times: 1 }, policy),
  row(fault, policy)
]

/** Once, twice, and permanently. */
const lasting = (fault: Fault, policy?: PolicyName): ReadonlyArray<Row> => [
  row({ ...fault, times: 1 }, policy),
  row({ ...fault, times: 2 }, policy),
  row(fault, policy)
]

const html = { "content-type": "text/html" }
const page = "<html>"

// The cell replaces the origin by one that counts requests.
const elsewhere = "https://elsewhere.example/"

const statuses: ReadonlyArray<Row> = [
  ...[400, 401, 403, 404, 409, 418, 422, 501].map((status) => row({ kind: "status", status })),
  row({ kind: "status", status: 403, body: page, headers: html }),
  row({ kind: "status", status: 404, body: page, headers: html }),
  row({ kind: "status", status: 403, body: "" }),
  row({ kind: "status", status: 422, body: '{"oops":true}' }),
  ...[408, 425, 500, 504, 522, 529].flatMap((status) => passing({ kind: "status", status })),
  ...lasting({ kind: "status", status: 503 }),
  ...passing({ kind: "status", status: 502, body: page, headers: html }),
  row({ kind: "status", status: 503, headers: { "retry-after": "1" }, times: 1 }),
  row({ kind: "status", status: 503, headers: { "retry-after": "60" } })
]

const limits: ReadonlyArray<Row> = [
  row({ kind: "status", status: 429, times: 1 }),
  row({ kind: "status", status: 429, headers: { "retry-after": "1" }, times: 1 }),
  row({ kind: "status", status: 429, headers: { "retry-after": "1" } }, "sparing"),
  row({ kind: "status", status: 429, headers: { "retry-after": "60" } }),
  row({ kind: "status", status: 429, body: page, headers: { ...html, "retry-after": "60" } })
]

const connections: ReadonlyArray<Row> = [
  ...lasting({ kind: "reset", at: "request" }),
  ...lasting({ kind: "reset", at: "response" }),
  ...passing({ kind: "reset", at: "body" }),
  row({ kind: "reset", at: "request" }, "single"),
  row({ kind: "reset", at: "response" }, "single"),
  row({ kind: "reset", at: "body" }, "single"),
  row({ kind: "stale", times: 1 }),
  row({ kind: "stale" }),
  row({ kind: "outage", seconds: 0.9 }, "steady"),
  row({ kind: "outage", seconds: 60 }, "steady"),
  row({ kind: "outage", seconds: 0.9, as: "503" }, "steady"),
  row({ kind: "outage", seconds: 60, as: "503" }, "steady")
]

const times: ReadonlyArray<Row> = [
  row({ kind: "latency", millis: 10 }),
  row({ kind: "latency", millis: 5, jitter: 20 }),
  ...passing({ kind: "latency", millis: 60_000 }, "hurried"),
  row({ kind: "trickle", millis: 0 }),
  ...passing({ kind: "trickle", millis: 50 }, "hurried"),
  ...lasting({ kind: "stall" }, "hurried"),
  row({ kind: "stall" }, "steady")
]

const bodies: ReadonlyArray<Row> = [
  ...passing({ kind: "truncated-json" }),
  row({ kind: "invalid-json" }),
  row({ kind: "wrong-shape" }),
  row({ kind: "empty" }),
  row({ kind: "html" }),
  row({ kind: "content-type", value: "text/plain" }),
  row({ kind: "content-type", value: "text/html" }),
  row({ kind: "endless" }),
  row({ kind: "redirect", location: elsewhere }),
  row({ kind: "redirect", location: elsewhere, status: 307 })
]

export const catalogue: ReadonlyArray<Row> = [...statuses, ...limits, ...connections, ...times, ...bodies]
