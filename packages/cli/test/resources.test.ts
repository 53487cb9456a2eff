// `organizations`, `events` and their exports.
import { assert, describe, it } from "@effect/vitest"
import { Event } from "@effect-workos/domain/events/Event"
import { Organization } from "@effect-workos/domain/organizations/Organization"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import { readFileSync, readdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { listen } from "./proxy.ts"
import { parseLines } from "./exported.ts"
import { emulated, folder, inProcess, key } from "./running.ts"

const apiKey = Redacted.make(key)

const millis = ({ createdAt }: Event) => createdAt?.epochMilliseconds ?? 0

const time = (event: Event) => DateTime.formatIso(DateTime.makeUnsafe(millis(event)))

/** The environment for an unreachable server. */
const unreachable = { WORKOS_API_KEY: key, WORKOS_BASE_URL: "http://127.0.0.1:9" }

describe("organizations", () => {
  it.effect(
    "`organizations get` shows an organization by its id or its external id, and prints it as received with --json",
    () =>
      Effect.gen(function* () {
        const { env, store } = yield* emulated({ apiKey })
        const row = store.organizations.rows.find(({ externalId, metadata }) => externalId && metadata?.["tier"])
        assert.isDefined(row)
        const human = yield* inProcess(`organizations get ${row.id}`, { env })
        assert.match(
          human.stdout,
          new RegExp(`^Id {12}${row.id}\nName {10}${row.name}\nExternal id {3}${row.externalId}\n`)
        )
        assert.include(
          human.stdout,
          row.domains.map(({ domain, state }) => `${domain} (${state})`).join(`\n${" ".repeat(14)}`)
        )
        assert.include(human.stdout, `tier: ${row.metadata?.["tier"]}\n`)
        const json = yield* inProcess(`organizations get --external-id ${row.externalId} --json`, { env })
        assert.deepStrictEqual<unknown>(parseLines(json.stdout), [yield* Schema.encodeEffect(Organization)(row)])
        assert.deepStrictEqual([human.code, json.code, human.stderr + json.stderr], [0, 0, ""])
      })
  )

  it.effect(
    "`organizations list` shows the organizations with any of the domains, and prints all as received with --all --json",
    () =>
      Effect.gen(function* () {
        const { env, store } = yield* emulated({ apiKey })
        const [one, other] = store.organizations.rows.filter(({ domains }) => domains.length > 0)
        assert.isDefined(one)
        assert.isDefined(other)
        const domains = [one, other].map(({ domains: [domain] }) => `--domain ${domain?.domain}`).join(" ")
        const { stdout } = yield* inProcess(`organizations list --order asc ${domains}`, { env })
        const lines = stdout.trimEnd().split("\n")
        assert.match(lines[0] ?? "", /^ID +NAME +EXTERNAL ID +CREATED +DOMAINS$/)
        assert.deepStrictEqual<ReadonlyArray<string>>(
          lines.slice(1).map((line) => line.slice(0, 30)),
          [one.id, other.id]
        )
        const all = yield* inProcess("organizations list --all --json --order asc --limit 7", { env })
        assert.deepStrictEqual<unknown>(
          parseLines(all.stdout),
          yield* Schema.encodeEffect(Schema.Array(Organization))([...store.organizations.rows])
        )
        const none = yield* inProcess("organizations list --domain unknown.example", { env })
        assert.strictEqual(none.stderr, "No organization matches.\n")
      })
  )
})

describe("events", () => {
  it.effect("`events list` shows the time, type and object of each event, and filters by types and times", () =>
    Effect.gen(function* () {
      const { env, store } = yield* emulated({ apiKey })
      const of = (name: string) => store.events.rows.filter(({ event }) => event === name)
      const [first, second] = of("organization.updated")
      assert.isDefined(first)
      assert.isDefined(second)
      const human = yield* inProcess("events list --type organization.updated --order asc --limit 1", { env })
      const [heading = "", line = ""] = human.stdout.split("\n")
      assert.match(heading, /^TIME \(UTC\) +TYPE +OBJECT +OBJECT ID +EVENT ID$/)
      const shown = time(first).slice(0, 19).replace("T", " ")
      assert.match(line, new RegExp(`^${shown} +organization\\.updated +.+ +org_\\w+ +${first.id}$`))

      const range = `--since ${time(first)} --until ${time(second)}`
      const two = "--type organization.updated --type organization.created"
      const some = yield* inProcess(`events list --all --json --order asc ${two} ${range}`, { env })
      const expected = [...of("organization.updated"), ...of("organization.created")]
        .filter((event) => millis(event) < millis(second))
        .filter((event) => millis(event) >= millis(first))
      assert.sameMembers(
        parseLines(some.stdout).map(({ id }) => id),
        expected.map(({ id }): string => id)
      )
      assert.isTrue(some.stdout.includes(first.id))
    })
  )

  it.effect("`events follow` explains how to start again if the server no longer has the stored event", () =>
    Effect.gen(function* () {
      const { env } = yield* emulated({ apiKey })
      const state = join(yield* folder, "state")
      writeFileSync(state, "event_01GONE\n")
      const { code, stderr, stdout } = yield* inProcess(`events follow --state ${state}`, { env })
      assert.match(
        stderr,
        /^The server refused the request .*event_01GONE.*\nWorkOS keeps events for 30 days\. To start again, /
      )
      assert.include(stderr, `delete ${state}, and set --since TIME.\n`)
      assert.strictEqual(stdout, "")
      assert.strictEqual(code, 1)
      assert.strictEqual(readFileSync(state, "utf8"), "event_01GONE\n")
    }).pipe(Effect.scoped)
  )

  it.effect("`events follow` resumes after the stored event, and reports that --since and --after do not apply", () =>
    Effect.gen(function* () {
      const { env } = yield* emulated({ apiKey })
      const state = join(yield* folder, "state")
      writeFileSync(state, "event_01GONE\n")
      for (const [flag, value] of [
        ["--since", "1h"],
        ["--after", "event_01OTHER"]
      ]) {
        const { stderr } = yield* inProcess(`events follow --state ${state} ${flag} ${value}`, { env })
        assert.include(
          stderr,
          `Resuming from ${state}. ${flag} applies only if this file does not exist.\nThe server refused`
        )
        assert.include(stderr, "event_01GONE")
      }
    }).pipe(Effect.scoped)
  )

  it.effect("`events follow` refuses the state file of another server or selection of events", () =>
    Effect.gen(function* () {
      const { env } = yield* emulated({ apiKey })
      const state = join(yield* folder, "state")
      for (const source of [`${env.WORKOS_BASE_URL}/ --type future.created`, "https://api.workos.com/"]) {
        writeFileSync(state, `event_01GONE\n${source}\n`)
        const { code, stderr } = yield* inProcess(`events follow --state ${state}`, { env })
        assert.strictEqual(
          stderr,
          `${state} belongs to other events: ${source}. Set another --state, or delete the file to start now.\n`
        )
        assert.strictEqual(code, 2)
        assert.strictEqual(readFileSync(state, "utf8"), `event_01GONE\n${source}\n`)
      }
    }).pipe(Effect.scoped)
  )

  it.effect("`events follow` reads a state file with carriage returns, white space and byte order marks", () =>
    Effect.gen(function* () {
      const { env } = yield* emulated({ apiKey })
      const state = join(yield* folder, "state")
      const of = `${env.WORKOS_BASE_URL}/`
      for (const text of [
        `event_01GONE\r\n${of}\r\n`,
        `\uFEFFevent_01GONE\n${of}`,
        `  event_01GONE \t\n\n ${of} \n\n`,
        `event_01GONE\r${of}\r`,
        "event_01GONE\r\n"
      ]) {
        writeFileSync(state, text)
        const { code, stderr } = yield* inProcess(`events follow --state ${state}`, { env })
        assert.match(stderr, /^The server refused the request .*'?event_01GONE'?/, JSON.stringify(text))
        assert.strictEqual(code, 1)
      }
    }).pipe(Effect.scoped)
  )

  it.effect.each([
    "",
    "\r\n",
    "\uFEFF",
    "event_01 GONE\n",
    "conn_01GONE\n",
    "{}",
    "2026-02-30T00:00:00.000Z\n",
    "\0\0\0"
  ])("`events follow` refuses the invalid state file %j", (text) =>
    Effect.gen(function* () {
      const { env } = yield* emulated({ apiKey })
      const state = join(yield* folder, "state")
      writeFileSync(state, text)
      const { code, stderr, stdout } = yield* inProcess(`events follow --state ${state}`, { env })
      assert.strictEqual(
        stderr,
        `${state} is not a state file of events follow. Set another --state, or delete the file to start now.\n`
      )
      assert.strictEqual(stdout, "")
      assert.strictEqual(code, 2)
    }).pipe(Effect.scoped)
  )

  it.effect("`events follow` refuses a state file with a long name before the first request", () =>
    Effect.gen(function* () {
      const state = join(yield* folder, "s".repeat(250))
      writeFileSync(state, "event_01GONE\n")
      const { code, stderr } = yield* inProcess(`events follow --state ${state}`, { env: unreachable })
      assert.strictEqual(
        stderr,
        `Cannot write ${state}: its name is too long, because .partial is appended until the file is complete. Choose a shorter file name.\n`
      )
      assert.strictEqual(code, 1)
    }).pipe(Effect.scoped)
  )
})

describe("export of organizations and events", () => {
  it.effect("`export` writes all organizations to CSV and all events to NDJSON", () =>
    Effect.gen(function* () {
      const { env, store } = yield* emulated({ apiKey })
      const cwd = yield* folder
      const csv = yield* inProcess(`export organizations -o ${cwd}/all.csv --format csv --search Corp`, { env })
      const corps = store.organizations.rows.filter(({ name }) => name.includes("Corp"))
      assert.match(csv.stderr, new RegExp(`^Exported ${corps.length} organizations to .*all\\.csv in `))
      const [header, ...rows] = readFileSync(join(cwd, "all.csv"), "utf8").trimEnd().split("\r\n")
      assert.match(header ?? "", /^id,external_id,name,domains,metadata,/)
      assert.sameMembers(
        rows.map((row) => row.slice(0, 30)),
        corps.map(({ id }): string => id)
      )

      const ndjson = yield* inProcess(`export events -o ${cwd}/all.ndjson --since 2000-01-01`, { env })
      assert.match(
        ndjson.stderr,
        new RegExp(`^Exported ${store.events.rows.length.toLocaleString("en-US")} events to `)
      )
      assert.sameDeepMembers<unknown>(parseLines(readFileSync(join(cwd, "all.ndjson"), "utf8")), [
        ...(yield* Schema.encodeEffect(Schema.Array(Event))([...store.events.rows]))
      ])
      assert.deepStrictEqual(readdirSync(cwd).toSorted(), [
        "all.csv",
        "all.csv.index",
        "all.ndjson",
        "all.ndjson.index"
      ])
    }).pipe(Effect.scoped)
  )
})

describe("export events --since 7d", () => {
  it.live("A failed `export events --since 7d` prints the absolute time for --resume", () =>
    Effect.gen(function* () {
      const cwd = yield* folder
      const seen: Array<URL> = []
      const url = yield* listen((request, response) => {
        const received = new URL(request.url ?? "", "http://workos.test")
        seen.push(received)
        if (received.searchParams.has("after")) {
          response.writeHead(401, { "content-type": "application/json" }).end('{"message":"Unauthorized"}')
          return
        }
        response.end(JSON.stringify({ object: "list", data: [created], list_metadata: { after: created.id } }))
      })
      const env = { WORKOS_API_KEY: key, WORKOS_BASE_URL: url }
      const args = `export events -o ${cwd}/all.ndjson --concurrency 1`
      const { stderr } = yield* inProcess(`${args} --since 7d`, { env })
      const again = /^1 row is kept\. To continue, run the command again with (--resume --since \S+Z)\.$/m.exec(
        stderr
      )?.[1]
      assert.isDefined(again, stderr)
      const resumed = yield* inProcess(`${args} ${again}`, { env })
      assert.match(resumed.stderr, /^The server does not accept the API key/)
      // A cursor excludes the start of the range.
      assert.isTrue(seen.every(({ searchParams }) => searchParams.has("after") !== searchParams.has("range_start")))
      assert.lengthOf(
        seen.filter(({ searchParams }) => searchParams.has("range_start")),
        1
      )
      assert.isTrue(seen.slice(2).every(({ searchParams }) => searchParams.has("after")))
      const other = yield* inProcess(`${args} --since 7d --resume`, { env })
      assert.match(
        other.stderr,
        /belongs to an export with another filter \(--since \S+Z\)\. Resume that export, or start again without --resume\.$/m
      )
    }).pipe(Effect.scoped)
  )
})

const created = {
  object: "event",
  id: "event_01",
  event: "future.created",
  data: {},
  created_at: "2026-01-15T12:00:00.000Z"
}
