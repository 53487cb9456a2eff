// Bundle size of a program that gets one connection. Bundles are identical on every machine, so a test can limit them;
// `npx -y pnpm@12 bench size` measures the rest.
import { assert, it } from "vitest"
import { weigh } from "../src/Bundle.ts"

it("The bundle of a program that gets one connection has at most 72,000 bytes, 25,000 more than hand-written", async () => {
  const [ours, byHand] = await Promise.all([weigh("effectWorkos"), weigh("byHand")])
  assert.isAtMost(ours.gzip, 72_000)
  assert.isAtMost(ours.gzip - byHand.gzip, 25_000)
})
