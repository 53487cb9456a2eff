// The endpoint of events, answered from memory.
import type { EventQuery } from "@effect-workos/domain/events/Event"
import * as Effect from "effect/Effect"
import * as HttpApiBuilder from "effect/http-api/HttpApiBuilder"
import { EmulatedApi } from "./EmulatedApi.ts"
import * as Lists from "./Lists.ts"
import { Store } from "../Store.ts"

export const layer = HttpApiBuilder.group(
  EmulatedApi,
  "events",
  Effect.fnUntraced(function* (handlers) {
    const { events } = yield* Store

    return handlers.handle("list", ({ query }) =>
      Effect.map(Lists.page(events, "event", query, conditionsOf(query)), ({ listMetadata, ...page }) => ({
        ...page,
        // It names no page before it.
        listMetadata: { after: listMetadata.after }
      }))
    )
  })
)

const conditionsOf = ({ events, organizationId, rangeEnd, rangeStart }: EventQuery) => {
  const where: Array<readonly ["event" | "organization", string | ReadonlyArray<string>]> = []
  if (events !== undefined) where.push(["event", events])
  if (organizationId !== undefined) where.push(["organization", organizationId])
  return {
    where,
    // With its start, and without its end, so that ranges can follow one another.
    between: [rangeStart?.epochMilliseconds ?? -Infinity, rangeEnd?.epochMilliseconds ?? Infinity],
    matches: () => true
  } as const
}
