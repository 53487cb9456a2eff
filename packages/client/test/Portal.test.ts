// Links to the Admin Portal over the emulator.
import { assert, layer } from "@effect/vitest"
import { GeneratePortalLink } from "@effect-workos/domain/admin-portal/Portal"
import { Store } from "@effect-workos/emulator/Store"
import { runs } from "@effect-workos/testing/Sample"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { WorkOs } from "../src/WorkOs.ts"
import { LayerSmallStore, layerWorkOs } from "./emulated.ts"
import { organizationId } from "./samples.ts"

layer(layerWorkOs({}, LayerSmallStore))("portal.generateLink", (it) => {
  it.effect.prop(
    "`generateLink` returns a different link each time, for all values of its type",
    [GeneratePortalLink],
    ([options]) =>
      Effect.gen(function* () {
        const { portal } = yield* WorkOs
        const [organization] = (yield* Store).organizations.rows
        assert.isDefined(organization)
        const link = portal.generateLink({ ...options, organization: organization.id })
        const [first, second] = yield* Effect.all([link, link])
        assert.match(Redacted.value(first.link), /^https:\/\/setup\.workos\.com\?token=./)
        assert.notStrictEqual(Redacted.value(first.link), Redacted.value(second.link))
      }),
    { arbitrary: { runs: runs(30, 4) } }
  )

  it.effect("`generateLink` redacts the link", () =>
    Effect.gen(function* () {
      const { portal } = yield* WorkOs
      const [organization] = (yield* Store).organizations.rows
      assert.isDefined(organization)
      const generated = yield* portal.generateLink({ organization: organization.id, intent: "sso" })
      assert.strictEqual(JSON.stringify(generated), `{"link":"<redacted>"}`)
    })
  )

  it.effect("`generateLink` sends no request for more than 20 email addresses", () =>
    Effect.gen(function* () {
      const { portal } = yield* WorkOs
      const itContactEmails = Array.from({ length: 21 }, (_, index) => `it-${index}@acme.example`)
      const error = yield* Effect.flip(portal.generateLink({ organization: organizationId, itContactEmails }))
      assert.strictEqual(error._tag, "InvalidRequest")
    })
  )
})
