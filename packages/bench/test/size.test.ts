// Bundle size of a program that gets one connection. Bundles are identical on every machine, so a test can limit their size.
// `npx -y pnpm@12 bench size` measures the other programs, and import times.
import { assert, it } from "vitest"
import { weigh } from "../src/Bundle.ts"

it("The gzipped bundle of a program that gets one connection has at most 72,500 bytes, and at most 25,500 more than the hand-written one", async () => {
  const [ours, byHand] = await Promise.all([weigh("effectWorkos"), weigh("byHand")])
  assert.isAtMost(ours.gzip, 72_500)
  assert.isAtMost(ours.gzip - byHand.gzip, 25_500)
})
