// Wrong usage and missing configuration: one line on stderr and an exit code, before the first request.
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { readdirSync } from "node:fs"
import { withFastTime } from "./clock.ts"
import { folder, inProcess, key } from "./running.ts"

const unreachable = { WORKOS_API_KEY: key, WORKOS_BASE_URL: "http://127.0.0.1:1" }

describe("wrong usage", () => {
  it.effect.each<{
    readonly args: string
    readonly env?: Record<string, string>
    /** Defaults to 2. */
    readonly code?: 1
    readonly sentence: RegExp
  }>([
    { args: "connections list", env: {}, sentence: /^WORKOS_API_KEY is missing\. Set it to your secret key \(sk_…\)/ },
    { args: "connections list", env: { WORKOS_API_KEY: "" }, sentence: /^WORKOS_API_KEY is missing\./ },
    ...(
      [
        [`${key}\n`, "line break"],
        [`"${key}"`, "quotes around it"],
        [` ${key}`, "spaces"]
      ] as const
    ).flatMap(([mistyped, problem]) =>
      ["connections list", "export connections -o -", "events follow", "verify"].map((args) => ({
        args,
        env: { WORKOS_API_KEY: mistyped },
        sentence: new RegExp(`^WORKOS_API_KEY must be a key without (a )?${problem}\\. Set it to the key alone\\.\\n$`)
      }))
    ),
    {
      args: "connections list",
      env: { WORKOS_API_KEY: key, WORKOS_BASE_URL: "workos" },
      sentence: /^WORKOS_BASE_URL must be a URL that starts with https:\/\/ or http:\/\/\. Correct the value/
    },
    ...["http://key@127.0.0.1", "https://api.workos.com?key=1", "http://workos.test/#a"].map((url) => ({
      args: "connections list",
      env: { WORKOS_API_KEY: key, WORKOS_BASE_URL: url },
      sentence: /^WORKOS_BASE_URL must not contain a user, a password, a query \(\?\) or a fragment \(#\)\./
    })),
    ...["http://workos.test", "http://localhost.workos.test", "http://127.0.0.1.workos.test"].map((url) => ({
      args: "connections list",
      env: { WORKOS_API_KEY: key, WORKOS_BASE_URL: url },
      sentence:
        /^WORKOS_BASE_URL starts with http:\/\/, so the API key would be sent unencrypted\. Use https:\/\/, or set /
    })),
    {
      args: "connections list",
      env: { WORKOS_API_KEY: key, WORKOS_ALLOW_INSECURE_HTTP: "perhaps" },
      sentence: /^WORKOS_ALLOW_INSECURE_HTTP must be true or false\./
    },
    {
      args: "connections list",
      code: 1,
      sentence: /^connections\.list: no response from http:\/\/127\.0\.0\.1:1 \(ECONNREFUSED\)/
    },
    {
      args: "connections list --limit 0",
      sentence: /^Invalid --limit "0": expected a value between 1 and 100\./
    },
    {
      args: "connections list --limit 101",
      sentence: /^Invalid --limit "101": expected a value between 1 and/
    },
    { args: "connections list --limit ten", sentence: /^Invalid --limit "ten": expected / },
    { args: "connections list --order up", sentence: /^Invalid --order "up": expected / },
    {
      args: "connections list --type okta",
      sentence: /^Invalid --type "okta": expected a connection type\. Did you mean OktaOIDC or OktaSAML\? See /
    },
    { args: "connections list --type Nonsense", sentence: /a connection type such as OktaSAML/ },
    { args: "connections list --organization conn_1", sentence: /expected an id that starts with org_\./ },
    { args: "connections list --limt 5", sentence: /^Unknown flag --limt\. Did you mean --limit\? See / },
    {
      args: "verify --opertions connections",
      sentence: /^Unknown flag --opertions\. Did you mean --operations\? See /
    },
    { args: "connections lsit", sentence: /^Unknown command lsit\. Did you mean list\? See / },
    {
      args: "connections get",
      sentence: /^Missing required argument: id\. See effect-workos connections get --help/
    },
    { args: "connections get org_01E4ZCR3C56J083X43JQXF3JK5", sentence: /^Invalid id .*starts with conn_\./ },
    {
      args: "connections list",
      env: { ...unreachable, WORKOS_RATE_LIMIT: "fast" },
      sentence: /^WORKOS_RATE_LIMIT must be a number of requests per minute, or unlimited\. /
    },
    {
      args: "export connections --output all.parquet --escape-formulas",
      sentence: /^--escape-formulas applies to CSV only\. Set --format csv, or remove --escape-formulas\.$/m
    },
    {
      args: "export connections -o x --order asc --concurrency 4",
      sentence: /^--order requires one request at a time\. Remove --concurrency or --order\.$/m
    },
    { args: "export connections --output=", sentence: /^Invalid --output "": expected / },
    { args: "export connections -o - --resume", sentence: /^--resume requires a file, and --output is a stream\. / },
    { args: "export connections -o x --concurrency 0", sentence: /^Invalid --concurrency "0": expected / },
    {
      args: "connections get conn_01E4/../x",
      sentence: /^Invalid id "conn_01E4\/\.\.\/x": expected an id that/
    },
    { args: "connections get conn_01E4%2f", sentence: /^Invalid id / },
    { args: `connections get ${key}`, sentence: /^Invalid id "sk_…": expected an id that starts with conn_/ },
    {
      args: "export connection --output x",
      sentence: /^Unknown command connection\. Did you mean connections\? See effect-workos export --help\.$/m
    },
    { args: `connections ${key}`, sentence: /^Unknown command sk_…\. See / },
    { args: `connections list --${key}`, sentence: /^Unknown flag --sk_…\. See / },
    { args: "export connections", sentence: /^Missing required flag: --output\. See / },
    { args: "export connections -o x --format xml", sentence: /^Invalid --format "xml": expected / },
    {
      args: "export connections -o /nowhere/at/all.ndjson",
      code: 1,
      sentence: /^Cannot write \/nowhere\/at\/all\.ndjson: its folder does not exist\. Create the folder/
    },
    { args: "export connections -o /", code: 1, sentence: /^Cannot write \/: it is a folder\. Name a file in it\./ },
    { args: "emulate --port 70000", sentence: /^Invalid --port "70000": expected a value between 0 and 65535/ },
    { args: "events follow", env: {}, sentence: /^WORKOS_API_KEY is missing\. Set it to your secret key \(sk_…\)/ },
    {
      args: "organizations get",
      sentence: /^The id of the organization is missing\. Add the id \(org_…\) or --external-id ID\.$/m
    },
    {
      args: "organizations get org_01EHZNVPK3SFK441A1RGBFSHRT --external-id acme-1",
      sentence: /^The id and --external-id exclude each other\. Remove one of them\.$/m
    },
    { args: "organizations get --external-id ..", sentence: /^Invalid --external-id "\.\.": expected 1 to 128 ASCII/ },
    { args: "organizations list --domain a,b", sentence: /^Invalid --domain "a,b": expected a domain such as / },
    { args: "organizations list --type OktaSAML", sentence: /^Unknown flag --type\./ },
    {
      args: "events list --type activated",
      sentence: /^Invalid --type "activated": expected an event type such as /
    },
    { args: "events list --since yesterday", sentence: /^Invalid --since "yesterday": expected a timestamp such as / },
    {
      args: "events list --since 2026-13-01",
      sentence: /^Invalid --since "2026-13-01": expected a timestamp such as /
    },
    {
      args: "events list --since 2026-02-30",
      sentence: /^Invalid --since "2026-02-30": expected a timestamp such as /
    },
    {
      args: "events list --until 2023-02-29",
      sentence: /^Invalid --until "2023-02-29": expected a timestamp such as /
    },
    {
      args: "export events -o x --since 2026-01-15T25:00:00Z",
      sentence: /^Invalid --since "2026-01-15T25:00:00Z": expected a timestamp such as /
    },
    {
      args: "events follow --since 2026-04-31",
      sentence: /^Invalid --since "2026-04-31": expected a timestamp such as /
    },
    {
      args: "events list --since 1h --until 2h",
      sentence: /^--until must be later than --since\. Correct one of them\.$/m
    },
    {
      args: "events follow --after conn_1",
      sentence: /^Invalid --after "conn_1": expected an id that starts with event_/
    },
    {
      args: "events follow --after event_1 --since 1h",
      sentence: /^--after and --since both set the start\. Remove one of them\.$/m
    },
    { args: "events follow --state=", sentence: /^Invalid --state "": expected / },
    {
      args: "events follow --state /etc/hostname",
      sentence: /^\/etc\/hostname is not a state file of events follow\. Set another --state/
    },
    {
      args: "events follow --state /",
      sentence: /^Cannot read \/\. Check that it is a file and that you have permission to read it\.$/m
    },
    {
      args: "events follow --state nowhere/at/all",
      code: 1,
      sentence: /^Cannot write nowhere\/at\/all: its folder does not exist\. Create the folder/
    },
    { args: "emulate --webhook http://localhost", sentence: /^Invalid --webhook: expected URL=SECRET/ },
    { args: "emulate --webhook nowhere=secret", sentence: /^Invalid --webhook: expected URL=SECRET/ },
    {
      args: "emulate --client-id mine",
      sentence: /^Invalid --client-id "mine": expected an id that starts with client_/
    },
    { args: "emulate --redirect-uri back", sentence: /^Invalid --redirect-uri "back": expected a URL/ },
    { args: "export events", sentence: /^Missing required flag: --output\. See / },
    { args: "export organizations -o - --resume", sentence: /^--resume requires a file, and --output is a stream\. / },
    {
      args: "export events -o x --until 1h --order desc --concurrency 2",
      sentence: /^--order requires one request at a time\. Remove --concurrency or --order\.$/m
    }
  ])("`$args` reports $sentence", ({ args, code = 2, env = unreachable, sentence }) =>
    Effect.gen(function* () {
      const cwd = yield* folder
      const finished = yield* withFastTime(inProcess(args, { env, cwd }))
      assert.match(finished.stderr, sentence)
      assert.strictEqual(finished.code, code)
      assert.strictEqual(finished.stdout, "")
      assert.match(finished.stderr, /^[^\n]+\n$/, "one line")
      assert.notInclude(finished.stderr, key)
      assert.notMatch(finished.stderr, /\n\s+at /, "no stack trace")
      assert.deepStrictEqual(readdirSync(cwd), [])
    }).pipe(Effect.scoped)
  )
})
