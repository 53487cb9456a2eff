// The laws and lists that `verify` checks, for tests of the output of `verify`.
import * as WorkOs from "@effect-workos/contract/WorkOs"
import { familyOf } from "@effect-workos/contract-engine/Law"
import { isExhaustive, sampleOfEach } from "@effect-workos/testing/Sample"

// These families need the fewest requests.
const readingLaws = WorkOs.suite.laws
  .filter(({ writes }) => writes !== true)
  .filter(({ id }) => ["lists", "resources"].includes(familyOf(id)))
  .map(({ id }) => id)

/** Empty in an exhaustive run, otherwise a flag that selects one law about lists and one about resources. */
export const readingFlags: string = isExhaustive ? "" : `--only ${sampleOfEach(readingLaws, familyOf).join(",")}`

/** Rewrites the URL of a page so that the server returns one row more than requested. */
export const oneTooMany = (url: string): string =>
  url.replace(/limit=(\d)\b/, (_, limit: string) => `limit=${Number(limit) + 1}`)
