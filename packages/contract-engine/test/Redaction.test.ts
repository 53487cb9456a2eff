// Redaction: no secret of an entry survives, and the rest of the entry is unchanged.
import { runs, seed } from "@effect-workos/testing/Sample"
import { assert, describe, it } from "@effect/vitest"
import * as Base64 from "effect/encoding/Base64"
import * as Schema from "effect/Schema"
import type * as Har from "../src/Har.ts"
import * as Redaction from "../src/Redaction.ts"

const pair = (name: string, value: string): Har.Pair => ({ name, value })

const entryOf = (request: Partial<Har.Request>, response: Partial<Har.Response> = {}): Har.Entry => ({
  startedDateTime: "2026-11-30T10:00:00.000Z",
  time: 1,
  request: {
    method: "POST",
    url: "https://a.example/x",
    httpVersion: "HTTP/1.1",
    cookies: [],
    headers: [],
    queryString: [],
    headersSize: -1,
    bodySize: -1,
    ...request
  },
  response: {
    status: 200,
    statusText: "OK",
    httpVersion: "HTTP/1.1",
    cookies: [],
    headers: [],
    content: { size: 0, mimeType: "application/json", text: "" },
    redirectURL: "",
    headersSize: -1,
    bodySize: -1,
    ...response
  },
  cache: {},
  timings: { send: 0, wait: 0, receive: 0 }
})

const json = (value: unknown) => ({ size: -1, mimeType: "application/json", text: JSON.stringify(value) })

/** The parts of an entry in which a secret is sent or received. */
const places: Readonly<Record<string, (secret: string) => Har.Entry>> = {
  "the header Authorization": (secret) => entryOf({ headers: [pair("Authorization", `Bearer ${secret}`)] }),
  "a header for keys": (secret) => entryOf({ headers: [pair("X-Api-Key", secret)] }),
  "the header of a proxy": (secret) => entryOf({ headers: [pair("proxy-authorization", `Basic ${secret}`)] }),
  "the header Cookie": (secret) =>
    entryOf({ headers: [pair("cookie", `a=b; sid=${encodeURIComponent(secret)}`)], cookies: [pair("sid", secret)] }),
  "the header Set-Cookie": (secret) =>
    entryOf({}, { headers: [pair("set-cookie", `sid=${encodeURIComponent(secret)}; Path=/`)] }),
  "a parameter of the URL": (secret) =>
    entryOf({
      url: `https://a.example/x?a=b&api_key=${encodeURIComponent(secret)}`,
      queryString: [pair("api_key", secret)]
    }),
  "the code of a redirect": (secret) => {
    const location = `https://a.example/callback?code=${encodeURIComponent(secret)}&state=1`
    return entryOf({}, { status: 302, headers: [pair("location", location)], redirectURL: location })
  },
  "a field of a form": (secret) =>
    entryOf({
      postData: {
        mimeType: "application/x-www-form-urlencoded; charset=utf-8",
        text: String(new URLSearchParams({ client_secret: secret, grant_type: "authorization_code" })),
        params: [pair("client_secret", secret)]
      }
    }),
  "a field of a JSON request": (secret) =>
    entryOf({ postData: { mimeType: "application/json", text: JSON.stringify({ code: secret, a: [1] }) } }),
  "a field of a JSON response": (secret) =>
    entryOf({}, { content: json({ profile: { id: "1" }, accessToken: secret, nested: [{ refresh_token: secret }] }) }),
  "a part of a multipart form": (secret) =>
    entryOf({
      postData: {
        mimeType: "multipart/form-data; boundary=x",
        text: `--x\r\nContent-Disposition: form-data; name="password"\r\n\r\n${secret}\r\n--x--`
      }
    }),
  "an encoded body": (secret) =>
    entryOf(
      {},
      {
        content: {
          size: -1,
          mimeType: "application/json",
          encoding: "base64",
          text: Base64.encode(JSON.stringify({ token: secret }))
        }
      }
    )
}

/** Secrets of any characters except line breaks, which no header contains. */
const Secret = Schema.String.check(
  Schema.isMinLength(8),
  Schema.isMaxLength(40),
  Schema.isPattern(/^[^\r\n;]*$/),
  Schema.isPattern(/^\S.*\S$/)
)

/** The texts in a value, also within encoded texts. */
const textsIn = (value: unknown): ReadonlyArray<string> => {
  if (typeof value === "string") return [value, decodeURIComponent(value.replaceAll(/%(?![\da-f]{2})/gi, "%25"))]
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsIn) : []
}

const visible = (entry: Har.Entry): string => {
  const { content } = entry.response
  const body = content.encoding === "base64" ? Buffer.from(content.text ?? "", "base64").toString() : ""
  return [...textsIn(entry), body].join("\n")
}

describe("redaction", () => {
  for (const [name, place] of Object.entries(places)) {
    it.prop(
      `no secret in ${name} survives, not even as an echo in another part`,
      [Secret],
      ([secret]) => {
        const entry = place(secret)
        const redacted = Redaction.redact({
          ...entry,
          request: { ...entry.request, headers: [...entry.request.headers, pair("x-echo", `<${secret}>`)] },
          response: { ...entry.response, statusText: `not ${secret}` }
        })
        assert.notInclude(visible(redacted), secret)
        assert.deepStrictEqual(Redaction.redact(redacted), redacted, "redacted twice")
      },
      { arbitrary: { runs: runs(300, 40), seed: `secrets ${seed}` } }
    )
  }

  it("keys, tokens and passwords are redacted in any text", () => {
    const jwt = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ1c2VyIn0.c2lnbmF0dXJl"
    const entry = entryOf(
      { url: "https://ada:lovelace@a.example/x" },
      { content: json({ message: `sk_test_0123456789 and ${jwt} and Bearer abc1234567` }), statusText: jwt }
    )
    const text = visible(Redaction.redact(entry))
    for (const secret of ["lovelace", "sk_test_0", "eyJ", "abc123"]) assert.notInclude(text, secret)
  })

  it("the secrets that the caller knows are redacted in any text, and credentials in the header and parameter that the caller names", () => {
    const entry = entryOf({ url: "https://a.example/tenant-42?appid=abc", headers: [pair("X-Acme", "short")] })
    const { request } = Redaction.redact(entry, {
      headers: ["x-acme"],
      parameters: ["appid"],
      text: (text) => text.replaceAll("tenant-42", "$TENANT")
    })
    assert.strictEqual(request.url, "https://a.example/$TENANT?appid=REDACTED")
    assert.deepStrictEqual(request.headers, [pair("X-Acme", Redaction.placeholder)])
  })

  it("entries without secrets are unchanged, with error codes, cursors and the white space of bodies", () => {
    const entry = entryOf(
      {
        url: "https://a.example/x?next_token=abcdefghij&limit=7",
        queryString: [pair("limit", "7")],
        headers: [pair("accept", "application/json")],
        postData: { mimeType: "application/json", text: '{ "name": "Ada" }' }
      },
      {
        content: {
          size: 1,
          mimeType: "application/json",
          text: '{ "code": "invalid_grant_type", "token_type": "bearer" }'
        }
      }
    )
    assert.deepStrictEqual(Redaction.redact(entry), entry)
  })
})
