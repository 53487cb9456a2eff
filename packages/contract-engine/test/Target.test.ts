// Credentials of a target: their place in a request, in a curl command and in texts.
import * as Exchange from "../src/Exchange.ts"
import * as Target from "../src/Target.ts"
import { assert, it } from "@effect/vitest"
import * as Redacted from "effect/Redacted"

const key = Redacted.make("ada:s3cret-word")

const all: Readonly<Record<string, Target.Credentials>> = {
  bearer: Target.bearer(key, "THE_KEY"),
  basic: Target.basic(key, "THE_KEY"),
  header: { header: "X-Key", key, variable: "THE_KEY" },
  query: { parameter: "api_key", key, variable: "THE_KEY" }
}

const request: Exchange.Request = {
  operation: "things.list",
  method: "GET",
  path: "/things",
  query: [["limit", "7"]],
  access: "granted"
}

const curl = (credentials: Target.Credentials | undefined, access: Exchange.Access = "granted") =>
  Exchange.curl({ ...request, access }, "http://a", Target.shownCredentials(credentials))

it("a request carries the credentials where the API expects them", () => {
  const authorized = Object.values(all).map((credentials) => Target.authorize(credentials, "granted"))
  assert.deepEqual(authorized, [
    { headers: { authorization: "Bearer ada:s3cret-word" }, query: [] },
    { headers: { authorization: `Basic ${btoa("ada:s3cret-word")}` }, query: [] },
    { headers: { "x-key": "ada:s3cret-word" }, query: [] },
    { headers: {}, query: [["api_key", "ada:s3cret-word"]] }
  ])
  for (const credentials of Object.values(all))
    assert.deepEqual(Target.authorize(credentials, "none"), { headers: {}, query: [] })
})

it("a curl command contains the variable instead of the key", () => {
  assert.deepEqual(
    Object.values(all).map((credentials) => curl(credentials)),
    [
      `curl -H "Authorization: Bearer $THE_KEY" 'http://a/things?limit=7'`,
      `curl -H "Authorization: Basic $(printf %s "$THE_KEY" | base64)" 'http://a/things?limit=7'`,
      `curl -H "X-Key: $THE_KEY" 'http://a/things?limit=7'`,
      `curl 'http://a/things?limit=7&'"api_key=$THE_KEY"`
    ]
  )
  assert.strictEqual(curl(all["query"], "none"), "curl 'http://a/things?limit=7'")
})

it("wrong keys and malformed credentials differ from the credentials, and commands do not show the key", () => {
  for (const credentials of Object.values(all)) {
    const granted = Target.authorize(credentials, "granted")
    for (const access of [...Target.wrongKeys(credentials), ...Target.malformedHeaders(credentials)]) {
      assert.notDeepEqual(Target.authorize(credentials, access), granted)
      assert.notInclude(curl(credentials, access), "s3cret-word")
    }
    assert.notInclude(Target.redactKey(credentials, JSON.stringify(granted)), "s3cret-word")
    assert.notInclude(Target.redactKey(credentials, JSON.stringify(granted)), btoa("ada:s3cret-word"))
  }
})
