// The flags that say which organizations: the same wherever organizations are listed.
import type { OrganizationFilters } from "@effect-workos/export/Resource"
import type * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { nonEmpty, search } from "./shared.ts"

// Several stand in the request with commas between them.
const Domain = Schema.String.check(Schema.isPattern(/^[^\s,]+$/, { expected: "a domain such as foo-corp.com" }))

export const flags = {
  domain: Flag.String("domain").pipe(
    Flag.withSchema(Domain),
    Flag.withMetavar("DOMAIN"),
    Flag.withDescription("Only with this domain; said several times, with any of these"),
    Flag.atLeast(0)
  ),
  search
}

/**
 * What the flags say, as the client takes it.
 */
export const toFilters = ({ domain, search }: Command.Command.Config.Infer<typeof flags>): OrganizationFilters => ({
  domains: nonEmpty(domain),
  search: Option.getOrUndefined(search)
})
