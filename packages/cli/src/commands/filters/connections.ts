// The flags that say which connections: the same wherever connections are listed.
import { ConnectionTypeFilter } from "@effect-workos/domain/sso/Connection"
import type { ConnectionFilters } from "@effect-workos/export/Resource"
import type * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { organization, search } from "./shared.ts"

const unknownType = (text: string): string => {
  const similar = ConnectionTypeFilter.literals.filter((type) => type.toLowerCase().includes(text.toLowerCase()))
  return similar.length === 0 || similar.length > 5
    ? "a connection type such as OktaSAML, EntraIdOIDC or GoogleOAuth"
    : `a connection type, ${similar.join(" or ")} perhaps`
}

export const flags = {
  type: Flag.String("type").pipe(
    Flag.filterMap(Schema.decodeUnknownOption(ConnectionTypeFilter), unknownType),
    Flag.withMetavar("TYPE"),
    Flag.withDescription("Only of this type, for example OktaSAML"),
    Flag.optional
  ),
  organization,
  domain: Flag.String("domain").pipe(
    Flag.withSchema(Schema.NonEmptyString),
    Flag.withMetavar("DOMAIN"),
    Flag.withDescription("Only with this domain, for example foo-corp.com"),
    Flag.optional
  ),
  search
}

/**
 * What the flags say, as the client takes it.
 */
export const toFilters = ({
  domain,
  organization,
  search,
  type
}: Command.Command.Config.Infer<typeof flags>): ConnectionFilters => ({
  connectionType: Option.getOrUndefined(type),
  organizationId: Option.getOrUndefined(organization),
  domain: Option.getOrUndefined(domain),
  search: Option.getOrUndefined(search)
})
