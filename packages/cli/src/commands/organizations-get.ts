// The `organizations get` command, which also accepts an external id.
import { Organizations } from "@effect-workos/client/Organizations"
import { Organization, OrganizationExternalId, organizations } from "@effect-workos/domain/organizations/Organization"
import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Failure from "../Failure.ts"
import * as Layers from "../Layers.ts"
import * as ListCommand from "../ListCommand.ts"
import * as PathArguments from "../PathArguments.ts"
import * as ResourceCommand from "../ResourceCommand.ts"

const { view } = ResourceCommand.wordsOf(organizations)

export const getOrganization = Command.make(
  "get",
  {
    id: PathArguments.argument(organizations, "id", organizations.endpoints.get.params.id).pipe(Argument.optional),
    externalId: Flag.String("external-id").pipe(
      Flag.withSchema(OrganizationExternalId),
      Flag.withMetavar("ID"),
      Flag.withDescription("Show the organization with this external id."),
      Flag.optional
    ),
    json: ListCommand.json("the organization")
  },
  Effect.fnUntraced(function* ({ externalId, id, json }) {
    const { get, getByExternalId } = yield* Organizations
    if (Option.isSome(id) && Option.isSome(externalId)) {
      return yield* Failure.refuse("The id and --external-id exclude each other. Remove one of them.")
    }
    const found = Option.orElse(Option.map(id, get.encoded), () => Option.map(externalId, getByExternalId.encoded))
    if (Option.isNone(found))
      return yield* Failure.refuse("The id of the organization is missing. Add the id (org_…) or --external-id ID.")
    yield* ResourceCommand.showOne(Organization, view, yield* found.value, json)
  })
).pipe(
  Command.withDescription("Show one organization by its id or its external id."),
  ResourceCommand.withExamples(view.examples?.get),
  Command.provide(Layers.organizations)
)
