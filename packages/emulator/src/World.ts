// What the emulator knows: one account's resources, in memory.
import type { Connection } from "@effect-workos/domain/Connection"
import type { OrganizationId } from "@effect-workos/domain/OrganizationId"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Seed from "./Seed.ts"
import * as Table from "./Table.ts"

/**
 * The resources of the emulated account. Programs may read and change them while requests are answered; the next request
 * sees a change.
 */
export class World extends Context.Service<
  World,
  {
    readonly organizations: ReadonlyArray<OrganizationId>
    readonly connections: Table.Table<Connection, "type" | "organization" | "domain">
  }
>()("@effect-workos/emulator/World") {}

/**
 * A world with just these resources.
 */
export const make = ({ connections, organizations }: Seed.Seed): World["Service"] => ({
  organizations,
  connections: Table.make(connections, {
    type: ({ connectionType }) => [connectionType],
    organization: ({ organizationId }) => (organizationId === undefined ? [] : [organizationId]),
    domain: ({ domains }) => domains.map(({ domain }) => domain.toLowerCase())
  })
})

/**
 * A world made from a seed.
 */
export const seeded = (options: Seed.Options): Effect.Effect<World["Service"]> =>
  Effect.map(Effect.orDie(Seed.make(options)), make)

/**
 * A world made from a seed, as a layer.
 */
export const layer = (options: Seed.Options): Layer.Layer<World> => Layer.effect(World, seeded(options))
