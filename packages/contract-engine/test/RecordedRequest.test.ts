// Recorded requests: all secrets are removed.
import * as RecordedRequest from "../src/RecordedRequest.ts"
import { assert, it } from "@effect/vitest"

const requestWith = (secret: string) => ({
  operation: "things.create",
  method: "POST",
  path: `/things/${encodeURIComponent(secret)}`,
  query: [["access", secret]] as const,
  headers: { "x-path": secret },
  body: { json: { json: [secret], granted: { text: secret } } },
  access: "granted" as const
})

it("a recorded request contains no secret in its values, even if the secret is part of the names of its fields", () => {
  for (const secret of ["a", "s", "path", "granted", "access", "json", '"', "a real secret"]) {
    const { body, headers, isRedacted, path, query } = RecordedRequest.record(requestWith(secret), (text) =>
      text.replaceAll(secret, "…").replaceAll(encodeURIComponent(secret), "…")
    )
    assert.isTrue(isRedacted)
    assert.strictEqual(path.at(-1), "…")
    assert.deepEqual(
      { body, headers, query },
      {
        body: { json: { json: ["…"], granted: { text: "…" } } },
        headers: { "x-path": "…" },
        query: [["access", "…"]]
      }
    )
  }
})

it("a request without secrets is recorded as it is", () => {
  const request = requestWith("nothing secret")
  const { isRedacted, ...recorded } = RecordedRequest.record(request, (text) => text.replaceAll("secret-key", "…"))
  assert.isUndefined(isRedacted)
  assert.deepEqual(recorded, { ...request, query: [["access", "nothing secret"]] })
})
