// The flags that say which connections: the same wherever connections are listed.
import { ConnectionTypeFilter } from "@effect-workos/domain/Connection"
import { OrganizationId } from "@effect-workos/domain/OrganizationId"
import type { CrawlOptions } from "@effect-workos/client/Connections"
import * as Flag from "effect/cli/Flag"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"

const unknownType = (text: string): string => {
  const similar = ConnectionTypeFilter.literals.filter((type) => type.toLowerCase().includes(text.toLowerCase()))
  return similar.length === 0 || similar.length > 5
    ? "a connection type such as OktaSAML, EntraIdOIDC or GoogleOAuth"
    : `a connection type, ${similar.join(" or ")} perhaps`
}

/** From which end. */
export const order = Flag.Literals("order", ["asc", "desc"]).pipe(
  Flag.withDescription("From the oldest (asc) or the newest (desc)")
)

export const filters = {
  type: Flag.String("type").pipe(
    Flag.filterMap(Schema.decodeUnknownOption(ConnectionTypeFilter), unknownType),
    Flag.withMetavar("TYPE"),
    Flag.withDescription("Only of this type, for example OktaSAML"),
    Flag.optional
  ),
  organization: Flag.String("organization").pipe(
    Flag.withSchema(OrganizationId),
    Flag.withMetavar("ID"),
    Flag.withDescription("Only of this organization, org_…"),
    Flag.optional
  ),
  domain: Flag.String("domain").pipe(
    Flag.withSchema(Schema.NonEmptyString),
    Flag.withMetavar("DOMAIN"),
    Flag.withDescription("Only with this domain, for example foo-corp.com"),
    Flag.optional
  ),
  search: Flag.String("search").pipe(
    Flag.withSchema(Schema.NonEmptyString),
    Flag.withMetavar("TEXT"),
    Flag.withDescription("Only with this text in their names"),
    Flag.optional
  )
}

/**
 * What the flags say, as the client takes it.
 */
export const toOptions = (flags: {
  readonly order: "asc" | "desc"
  readonly type: Option.Option<ConnectionTypeFilter>
  readonly organization: Option.Option<string>
  readonly domain: Option.Option<string>
  readonly search: Option.Option<string>
}) =>
  ({
    order: flags.order,
    connectionType: Option.getOrUndefined(flags.type),
    organizationId: Option.getOrUndefined(flags.organization),
    domain: Option.getOrUndefined(flags.domain),
    search: Option.getOrUndefined(flags.search)
  }) satisfies CrawlOptions
