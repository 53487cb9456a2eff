// The described lists, for tests whose counts must not depend on how many there are.
import type { Endpoint } from "@effect-workos/domain/Endpoint"
import * as resources from "@effect-workos/domain/resources"

/** The number of lists that are described. */
export const listCount = Object.values(resources)
  .flatMap(({ endpoints }) => Object.values<Endpoint>(endpoints))
  .filter(({ item }) => item !== undefined).length
