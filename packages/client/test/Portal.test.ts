import { assert, layer } from "@effect/vitest"
import { GeneratePortalLink } from "@effect-workos/domain/admin-portal/Portal"
import { Store } from "@effect-workos/emulator/Store"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { WorkOs } from "../src/WorkOs.ts"
import { layerWorkOs } from "./emulated.ts"
import { organizationId } from "./samples.ts"

layer(layerWorkOs())("portal.generateLink", (it) => {
  it.effect.prop("returns a different link each time, for all values of its type", [GeneratePortalLink], ([options]) =>
    Effect.gen(function* () {
      const { portal } = yield* WorkOs
      const [organization] = (yield* Store).organizations.rows
      assert.isDefined(organization)
      const asked = portal.generateLink({ ...options, organization: organization.id })
      const [first, second] = yield* Effect.all([asked, asked])
      assert.match(Redacted.value(first.link), /^https:\/\/setup\.workos\.com\?token=./)
      assert.notStrictEqual(Redacted.value(first.link), Redacted.value(second.link))
    })
  )

  it.effect("redacts the link", () =>
    Effect.gen(function* () {
      const { portal } = yield* WorkOs
      const [organization] = (yield* Store).organizations.rows
      assert.isDefined(organization)
      const answer = yield* portal.generateLink({ organization: organization.id, intent: "sso" })
      assert.strictEqual(JSON.stringify(answer), `{"link":"<redacted>"}`)
    })
  )

  it.effect("fails with NotFound for an unknown organization", () =>
    Effect.gen(function* () {
      const { portal } = yield* WorkOs
      const error = yield* Effect.flip(portal.generateLink({ organization: organizationId }))
      assert.strictEqual(error._tag, "NotFound")
    })
  )

  it.effect("sends no request for more than 20 email addresses", () =>
    Effect.gen(function* () {
      const { portal } = yield* WorkOs
      const itContactEmails = Array.from({ length: 21 }, (_, index) => `it-${index}@acme.example`)
      const error = yield* Effect.flip(portal.generateLink({ organization: organizationId, itContactEmails }))
      assert.strictEqual(error._tag, "InvalidRequest")
    })
  )
})
