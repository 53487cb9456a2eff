// Recorded responses of WorkOS, decoded with our schemas.
import { assert, describe, it } from "@effect/vitest"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as ApiError from "../../src/ApiError.ts"
import * as ApiErrorResponse from "../../src/ApiErrorResponse.ts"
import * as Endpoint from "../../src/Endpoint.ts"
import * as Wire from "../../src/Wire.ts"
import { described, recordings, rowsOf, type DescribedRecording } from "./recordings.ts"

const titled = described.map((recording, index) => ({
  ...recording,
  title: `the ${recording.status} of ${recording.operation} of ${recording.date} (${index + 1})`
}))

const isSuccess = ({ status }: { readonly status: number }): boolean => status < 400

// Returns the issues of a value, decoded and as the server sent it.
const issuesOf = (schema: Endpoint.AnySchema, value: unknown): ReadonlyArray<string> => [
  ...Result.match(Schema.decodeUnknownResult(schema)(value), {
    onFailure: (error) => [String(error)],
    onSuccess: () => []
  }),
  ...(Wire.isEncoded(schema)(value) ? [] : ["Wire.isEncoded rejects the value"])
]

// A recorded body that is not JSON is `{ __text }`.
const isEmpty = (body: unknown): boolean =>
  body === null || (typeof body === "object" && "__text" in body && body.__text === "")

const documentedErrors = ({ access, errors = [] }: Endpoint.Endpoint): ReadonlyArray<ApiError.ErrorResponse> => [
  ...(access === "public" ? [] : [ApiError.Unauthorized, ApiError.TooManyRequests]),
  ...errors
]

const issuesOfSuccess = ({ body, endpoint }: DescribedRecording): ReadonlyArray<string> => {
  const schema = Endpoint.success(endpoint)
  if (schema === undefined) return isEmpty(body) ? [] : ["the body is not empty"]
  const { item } = endpoint
  // Each row is also decoded alone, because lists may skip invalid rows.
  const rows = item === undefined ? [] : (rowsOf(body) ?? []).flatMap((row) => issuesOf(item, row))
  return [...issuesOf(schema, body), ...rows]
}

describe("recorded responses of WorkOS", () => {
  it("The recordings cover lists, single objects, deletions and errors of the described operations", () => {
    assert.strictEqual(recordings.length, 117)
    const operations = new Set(described.map(({ name, resource }) => `${resource}.${name}`))
    for (const operation of [
      "connections.list",
      "connections.delete",
      "directories.list",
      "directories.get",
      "events.list",
      "organizations.create",
      "organizations.update",
      "portal.generateLink"
    ]) {
      assert.isTrue(operations.has(operation), operation)
    }
    assert.isAtLeast(described.filter(isSuccess).length, 19)
    assert.isAtLeast(described.filter((recording) => !isSuccess(recording)).length, 5)
  })

  for (const { title, ...recording } of titled) {
    if (isSuccess(recording)) {
      it(`The schema of the endpoint decodes ${title}`, () => {
        assert.include(Endpoint.statuses(recording.endpoint), recording.status)
        assert.deepStrictEqual(issuesOfSuccess(recording), [])
      })
    } else {
      it(`A documented error decodes ${title}`, () => {
        const { body, endpoint, status } = recording
        const response = documentedErrors(endpoint).find((response) => response.status === status)
        assert.isDefined(response, `${status} is not documented`)
        const error = Schema.decodeUnknownSync(ApiErrorResponse.of(response))({ body, headers: {} })
        assert.isAbove(error.message.length, 0)
      })
    }
  }
})
