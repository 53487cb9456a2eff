// The steps and the excerpts of docs/authkit-sessions.md.
import { assert, it } from "@effect/vitest"
import * as Store from "@effect-workos/emulator/Store"
import * as Effect from "effect/Effect"
import { readFileSync } from "node:fs"
import { browser } from "./browser.ts"
import { serve } from "./serving.ts"

const read = (path: string): string => readFileSync(new URL(`../../../${path}`, import.meta.url), "utf8")

const guide = read("docs/authkit-sessions.md")

const inGuide = (pattern: RegExp): string => pattern.exec(guide)?.[1] ?? ""

it.effect("The user of the guide is a member of one organization and becomes an administrator of another", () =>
  Effect.gen(function* () {
    const organizations = Number(inGuide(/emulate --sign-in page --connections 0 --organizations (\d+)\n/))
    const store = yield* Store.seeded({ connections: 0, organizations, seed: 1 })
    const { app, client } = yield* serve({ store, signIn: "page" })
    const user = browser(app)
    const { location: page } = yield* user.visit((yield* user.visit("/sign-in")).location)
    const submit = (form: Readonly<Record<string, string>>) =>
      user.visit(page, { method: "POST", body: new URLSearchParams(form) })

    const email = inGuide(/enter `([^`]+@[^`]+)`/)
    const [, code = ""] = /<output[^>]*>(\d+)</.exec((yield* submit({ action: "start", email })).text) ?? []
    const account = yield* user.follow((yield* submit({ action: "magic-code", email, code })).location)
    assert.include(account.text, `<dd>${email}</dd>`)
    assert.match(account.text, /<dd>member<\/dd>/)
    assert.strictEqual((yield* user.visit("/admin")).status, 403)

    const organizationId = inGuide(/"organization_id":"(\w+)"/)
    yield* client.organizationMemberships.create({
      userId: inGuide(/"user_id":"(\w+)"/),
      organizationId,
      roleSlug: inGuide(/"role_slug":"(\w+)"/)
    })
    yield* user.visit("/switch", {
      method: "POST",
      body: new URLSearchParams({ organizationId }),
      headers: { origin: app }
    })
    assert.include((yield* user.visit("/admin")).text, `<td>${email}</td>`)
  })
)

it("Each excerpt in the guide equals the code of the example", () => {
  const excerpts = Array.from(guide.matchAll(/^```ts from=(\S+)\n([^]*?)^```$/gm))
  assert.isNotEmpty(excerpts)
  for (const [, path = "", code = ""] of excerpts) assert.include(read(path), code)
})
