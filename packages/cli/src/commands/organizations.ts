// `organizations get` and `organizations list`.
import { Organizations } from "@effect-workos/client/Organizations"
import { OrganizationExternalId } from "@effect-workos/domain/organizations/Organization"
import { OrganizationId } from "@effect-workos/domain/organizations/OrganizationId"
import * as Ndjson from "@effect-workos/export/Ndjson"
import type { OrganizationRow } from "@effect-workos/export/Resource"
import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import * as DetailView from "../DetailView.ts"
import * as Failure from "../Failure.ts"
import * as ListCommand from "../ListCommand.ts"
import * as Layers from "../Layers.ts"
import * as Output from "../Output.ts"
import type * as TextTable from "../TextTable.ts"
import * as Filters from "./filters/organizations.ts"

const get = Command.make(
  "get",
  {
    id: Argument.String("id").pipe(
      Argument.withSchema(OrganizationId),
      Argument.withDescription("The organization's id, org_…"),
      Argument.optional
    ),
    externalId: Flag.String("external-id").pipe(
      Flag.withSchema(OrganizationExternalId),
      Flag.withMetavar("ID"),
      Flag.withDescription("The application's own id for it, instead"),
      Flag.optional
    ),
    json: ListCommand.json("the organization")
  },
  Effect.fnUntraced(function* ({ externalId, id, json }) {
    const { get, getByExternalId } = yield* Organizations
    if (Option.isSome(id) && Option.isSome(externalId)) {
      return yield* Failure.refuse("An organization is named by its id or by --external-id: leave out one of the two.")
    }
    const asked = Option.orElse(Option.map(id, get.encoded), () => Option.map(externalId, getByExternalId.encoded))
    if (Option.isNone(asked))
      return yield* Failure.refuse("Say which organization: its id, org_…, or --external-id ID.")
    const organization = yield* asked.value
    yield* Output.results(Stream.succeed(json ? Ndjson.lines([organization]) : detailView(organization)))
  })
).pipe(
  Command.withDescription("Show one organization"),
  Command.withExamples([
    { command: "effect-workos organizations get org_01EHZNVPK3SFK441A1RGBFSHRT" },
    { command: "effect-workos organizations get --external-id acme-1 --json" }
  ]),
  Command.provide(Layers.organizations)
)

const list = Command.make(
  "list",
  { filters: Filters.flags, flags: ListCommand.flags("organization") },
  Effect.fnUntraced(function* ({ filters, flags }) {
    const { list } = yield* Organizations
    yield* ListCommand.show({ list: list.encoded, pages: list.encoded.pages }, Filters.toFilters(filters), flags, {
      noun: "organization",
      columns
    })
  })
).pipe(
  Command.withDescription("List organizations, one page or all of them"),
  Command.withExamples([
    { command: "effect-workos organizations list --domain foo-corp.com --domain foo-corp.org" },
    { command: "effect-workos organizations list --all --json | jq -r .name" }
  ]),
  Command.provide(Layers.organizations)
)

export const organizations = Command.make("organizations").pipe(
  Command.withDescription("Read organizations"),
  Command.withSubcommands([get, list])
)

const columns: ReadonlyArray<TextTable.Column<OrganizationRow>> = [
  { heading: "ID", width: 30, of: ({ id }) => id },
  { heading: "NAME", width: 32, minimum: 14, of: ({ name }) => name },
  { heading: "EXTERNAL ID", width: 20, minimum: 8, from: 100, of: ({ external_id }) => external_id ?? "" },
  { heading: "CREATED", width: 10, of: ({ created_at }) => ListCommand.day(created_at) },
  { heading: "DOMAINS", width: 60, minimum: 12, of: ({ domains }) => domains.map(({ domain }) => domain).join(", ") }
]

const detailView = (organization: OrganizationRow): string =>
  DetailView.make([
    ["Id", organization.id],
    ["Name", organization.name],
    ["External id", organization.external_id ?? "none"],
    ["Domains", orNone(organization.domains.map(({ domain, state }) => domain + (state ? ` (${state})` : "")))],
    ["Metadata", orNone(Object.entries(organization.metadata ?? {}).map(([name, value]) => `${name}: ${value}`))],
    ["Stripe", organization.stripe_customer_id ?? undefined],
    ["Created", `${ListCommand.second(organization.created_at)} UTC`],
    ["Updated", `${ListCommand.second(organization.updated_at)} UTC`]
  ])

const orNone = (lines: ReadonlyArray<string>): string => lines.join("\n") || "none"
