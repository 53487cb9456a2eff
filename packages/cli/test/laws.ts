// The laws and lists that `verify` checks, for tests of the output of `verify`.
import * as WorkOs from "@effect-workos/contract/WorkOs"
import { familyOf } from "@effect-workos/contract-engine/Law"
import type { Endpoint } from "@effect-workos/domain/Endpoint"
import * as resources from "@effect-workos/domain/resources"
import { isExhaustive, sampleOfEach } from "@effect-workos/testing/Sample"

/** The number of lists that `verify` checks without rows of other resources. */
export const listCount = Object.values(resources)
  .flatMap(({ endpoints }) => Object.values<Endpoint>(endpoints))
  .filter(({ item, params }) => item !== undefined && params === undefined).length

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
