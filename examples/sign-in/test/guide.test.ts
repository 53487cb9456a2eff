// The steps and the excerpts of docs/sign-in.md.
import { assert, it } from "@effect/vitest"
import * as Admin from "@effect-workos/emulator/Admin"
import * as Store from "@effect-workos/emulator/Store"
import * as Effect from "effect/Effect"
import { readFileSync } from "node:fs"
import { browser } from "./browser.ts"
import { serve } from "./serving.ts"

const read = (path: string): string => readFileSync(new URL(`../../../${path}`, import.meta.url), "utf8")

const guide = read("docs/sign-in.md")

const excerpts = Array.from(guide.matchAll(/^```ts from=(\S+)\n([^]*?)^```$/gm), ([, path = "", code = ""]) => ({
  path,
  code
}))

const inGuide = (pattern: RegExp): string => pattern.exec(guide)?.[1] ?? ""

it.effect("The email address of the guide signs in until the connection of the guide is deactivated", () =>
  Effect.gen(function* () {
    const connections = Number(inGuide(/emulate --connections (\d+) /))
    const organizations = Number(inGuide(/emulate --connections \d+ --organizations (\d+)\n/))
    const store = yield* Store.seeded({ connections, organizations, seed: 1 })
    const { app, delivered, inStore } = yield* serve({ store })
    const user = browser(app)
    const email = inGuide(/an email address such as `([^`]+)`/)
    assert.include((yield* user.follow(`/sign-in?email=${email}`)).text, `<dd>${email}</dd>`)
    yield* inStore(Admin.setConnectionState(inGuide(/_emulator\/connections\/(\w+) /), "inactive"))
    assert.strictEqual(yield* delivered, 1)
    assert.strictEqual((yield* user.visit("/account")).location, `${app}/`)
  })
)

it("Each excerpt in the guide equals the code of the example", () => {
  assert.isNotEmpty(excerpts)
  for (const { code, path } of excerpts) assert.include(read(path), code)
})
