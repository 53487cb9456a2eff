// CPU time of receiving a webhook of 2 kB, from its bytes to an event, compared with the official SDK.
import * as WebhookSignature from "@effect-workos/domain/webhooks/WebhookSignature"
import * as Webhook from "@effect-workos/server/Webhook"
import { WorkOS } from "@workos-inc/node"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Measure from "./Measure.ts"

const size = 2_000

const eventOf = (text: string) => ({
  object: "event",
  id: "event_01H7ZGXFP5C6BBQY6Z7277ZCT0",
  event: "connection.activated",
  data: {
    object: "connection",
    id: "conn_01E4ZCR3C56J083X43JQXF3JK5",
    organization_id: "org_01EHWNCE74X7JSDV0X3SZ3KJNY",
    connection_type: "OktaSAML",
    name: text,
    state: "active",
    domains: Array.from({ length: 12 }, (_, index) => ({
      object: "connection_domain",
      id: `org_domain_01EHZNVPK2QXHMVWCEDQEKY6${String(index).padStart(2, "0")}`,
      domain: `foo-corp-${index}.com`
    })),
    created_at: "2026-01-15T12:00:00.000Z",
    updated_at: "2026-01-15T12:00:00.000Z"
  },
  created_at: "2026-01-15T12:00:00.000Z"
})

export const webhook = async (rounds: { readonly warmUp: number; readonly counted: number }): Promise<string> => {
  const rest = size - JSON.stringify(eventOf("")).length
  const body = new TextEncoder().encode(JSON.stringify(eventOf("x".repeat(rest))))
  const secret = Redacted.make("whsec_0123456789abcdefghijklmnopqrstuvwxyz")
  const sign = () => Effect.runPromise(WebhookSignature.sign({ secret, body, timestamp: Date.now() }))
  const { webhooks } = new WorkOS("sk_test_bench")
  const previous = Redacted.make("whsec_zyxwvutsrqponmlkjihgfedcba9876543210")

  const candidate = (name: string, receive: (signature: string) => Promise<unknown>): Measure.Candidate => ({
    name,
    run: async () => {
      const signature = await sign()
      for (let i = 0; i < 2_000; i++) await receive(signature)
      return 2_000
    }
  })
  const ours = (secrets: Webhook.VerifyOptions["secrets"]) => (signature: string) =>
    Effect.runPromise(Effect.flatMap(Webhook.verify({ body, signature, secrets }), Webhook.decodeEvent))
  const results = await Measure.inTurn(
    [
      candidate("`webhooks.constructEvent` of the official SDK", (sigHeader) =>
        webhooks.constructEvent({ payload: body, sigHeader, secret: Redacted.value(secret) })
      ),
      candidate("`Webhook.verify` and `Webhook.decodeEvent`", ours(secret)),
      candidate("the same with two secrets, signed with the second", ours([previous, secret]))
    ],
    rounds
  )
  return Measure.table(
    ["a webhook of 2 kB", "CPU", "ratio", "time", "ratio"],
    results.map(({ cpu, name, ratio, wall, wallRatio }) => [
      name,
      `${cpu.toFixed(0)} µs`,
      ratio.toFixed(2),
      `${(wall * 1e6).toFixed(0)} µs`,
      wallRatio.toFixed(2)
    ])
  )
}
