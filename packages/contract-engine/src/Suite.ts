/**
 * Suites: an API, its conventions, and the laws to verify.
 *
 * @module
 */
import type * as HttpApi from "effect/http-api/HttpApi"
import type * as HttpApiGroup from "effect/http-api/HttpApiGroup"
import type { ApiConventions } from "./ApiConventions.ts"
import type { ApiDescription } from "./ApiDescription.ts"
import { withoutParents } from "./internal/NestedLists.ts"
import type { Law } from "./Law.ts"
import * as Sampling from "./Sampling.ts"
import * as ApiOperation from "./ApiOperation.ts"
import { hasLaw, hasOperation, settingsOf } from "./Selection.ts"
import type { SelectionOptions } from "./Settings.ts"
import type { Fixtures } from "./Session.ts"

/**
 * An API, its conventions, and the laws to verify.
 */
export interface Suite extends ApiDescription {
  readonly name: string
  readonly laws: ReadonlyArray<Law>
  /** Effects that send successful requests for operations whose inputs cannot be generated. */
  readonly fixtures: Fixtures
  /** Returns the command that makes the suite find a counterexample again. */
  readonly replay: (run: Replay) => string
}

/**
 * The settings that make a run find a counterexample again. `runs` is the number of generated cases per check.
 */
export interface Replay {
  readonly seed: number
  readonly runs: number
  readonly law: string
  readonly operation: string
  readonly writes: boolean
}

/**
 * Options for `make`.
 *
 * `roles` are the roles of operations, by id. The engine derives the roles of other operations from their methods, paths and
 * bodies. `fixtures` defaults to none. `replay` defaults to a function that returns a line with the seed, `runs`, the law
 * and the operation.
 *
 * **Example** (Applying the same laws to another API)
 *
 * ```ts
 * import { laws } from "@effect-workos/contract-engine/laws"
 * import * as Suite from "@effect-workos/contract-engine/Suite"
 * import type * as HttpApiGroup from "effect/http-api/HttpApiGroup"
 *
 * const strict = <Id extends string, Groups extends HttpApiGroup.Constraint>(
 *   options: Omit<Suite.Options<Id, Groups>, "laws">
 * ) => Suite.make({ ...options, laws })
 * ```
 */
export interface Options<Id extends string, Groups extends HttpApiGroup.Constraint> {
  readonly api: HttpApi.HttpApi<Id, Groups>
  readonly conventions: ApiConventions
  readonly laws: ReadonlyArray<Law>
  readonly roles?: Readonly<Record<string, ApiOperation.Role>>
  readonly fixtures?: Fixtures
  readonly replay?: (run: Replay) => string
}

/**
 * Makes a suite for an API.
 *
 * **Example** (Verifying an API that is not WorkOS)
 *
 * ```ts
 * import { laws } from "@effect-workos/contract-engine/laws"
 * import * as Suite from "@effect-workos/contract-engine/Suite"
 * import * as HttpApi from "effect/http-api/HttpApi"
 * import * as HttpApiEndpoint from "effect/http-api/HttpApiEndpoint"
 * import * as HttpApiGroup from "effect/http-api/HttpApiGroup"
 * import * as Schema from "effect/Schema"
 *
 * const Notes = HttpApi.make("notes").add(
 *   HttpApiGroup.make("notes").add(
 *     HttpApiEndpoint.get("get", "/notes/:id", {
 *       params: { id: Schema.String },
 *       success: Schema.Struct({ id: Schema.String, text: Schema.String })
 *     })
 *   )
 * )
 *
 * const suite = Suite.make({ api: Notes, conventions: {}, laws })
 * ```
 */
export const make = <Id extends string, Groups extends HttpApiGroup.Constraint>({
  api,
  conventions,
  fixtures = {},
  laws,
  replay,
  roles = {}
}: Options<Id, Groups>): Suite => ({
  name: api.identifier,
  operations: withParents(
    ApiOperation.operationsOf(api).map((operation) => ({
      ...operation,
      role: roles[operation.id],
      access: acceptsKey(operation, conventions) ? operation.access : "none",
      responses: new Map([
        ...(conventions.statuses ?? []).map((status) => [status, []] as const),
        ...operation.responses
      ])
    })),
    conventions
  ),
  conventions,
  fixtures,
  laws,
  replay:
    replay ?? (({ law, operation, runs, seed }) => `seed ${seed}, runs ${runs}, law ${law}, operation ${operation}`)
})

// The lists of the values of path parameters: those of the role, or the list at the path before the parameter.
const parentsOf = (
  { params, path, role }: ApiOperation.ApiOperation,
  lists: ReadonlyArray<ApiOperation.ApiOperation>
): Readonly<Record<string, string>> =>
  role?.parents ??
  Object.fromEntries(
    params.flatMap(({ name }) => {
      const list = lists.find((list) => path.startsWith(`${list.path}/:${name}/`))
      return list === undefined ? [] : [[name, list.id]]
    })
  )

// A parent may be nested itself, so shorter paths come first.
const withParents = (
  operations: ReadonlyArray<ApiOperation.ApiOperation>,
  conventions: ApiConventions
): ReadonlyArray<ApiOperation.ApiOperation> => {
  const lists: Array<ApiOperation.ApiOperation> = []
  const byLength = operations.toSorted((a, b) => a.path.length - b.path.length)
  const found = new Map(
    byLength.map((operation) => {
      const nested = { ...operation, parents: parentsOf(operation, lists) }
      if (Sampling.isList(nested, conventions)) lists.push(nested)
      return [operation, nested]
    })
  )
  return operations.map((operation) => found.get(operation) ?? operation)
}

// Returns whether the key of a target grants access to an operation.
const acceptsKey = ({ securitySchemes }: ApiOperation.ApiOperation, { securityScheme }: ApiConventions): boolean =>
  securityScheme === undefined || securitySchemes.includes(securityScheme)

/**
 * A law and an operation that the law applies to. Each check has one result.
 *
 * **Example** (Selecting the laws that only read)
 *
 * ```ts
 * import * as Suite from "@effect-workos/contract-engine/Suite"
 *
 * const readOnly = (suite: Suite.Suite): Suite.Suite => ({
 *   ...suite,
 *   laws: suite.laws.filter(({ writes }) => writes !== true),
 *   replay: ({ law, seed }: Suite.Replay) => `npm run verify -- --seed ${seed} --laws ${law}`
 * })
 *
 * const named = ({ law, operation }: Suite.Check): string => `${law.id} of ${operation.id}`
 *
 * const list = (suite: Suite.Suite) => Suite.checksOf(readOnly(suite)).map(named)
 * ```
 */
export interface Check {
  readonly law: Law
  readonly operation: ApiOperation.ApiOperation
}

/**
 * Returns the selected laws of a suite. Defaults to all laws.
 *
 * **Example** (Listing the sentences of a family)
 *
 * ```ts
 * import * as Suite from "@effect-workos/contract-engine/Suite"
 * import * as WorkOs from "@effect-workos/contract/WorkOs"
 *
 * const sentences = Suite.lawsOf(WorkOs.suite, { laws: ["lists"] }).map(({ sentence }) => sentence)
 * ```
 */
export const lawsOf = (suite: Suite, selection: SelectionOptions = {}): ReadonlyArray<Law> =>
  suite.laws.filter(hasLaw(selection))

/**
 * Returns the selected checks of a suite, in the order of its laws. Defaults to all checks.
 */
export const checksOf = (suite: Suite, selection: SelectionOptions = {}): ReadonlyArray<Check> => {
  const operations = suite.operations.filter(hasOperation(selection))
  const flat = withoutParents(suite)
  // Laws of lists and resources apply to nested ones of one parent; laws about path parameters apply to all parameters.
  const applies = (law: Law, operation: ApiOperation.ApiOperation): boolean =>
    law.appliesTo(operation, suite) ||
    flat.operations.some((other) => other.id === operation.id && law.appliesTo(other, flat))
  const isExcluded = (law: Law, operation: ApiOperation.ApiOperation): boolean =>
    !hasLaw({ excludeLaws: settingsOf(selection, operation).excludeLaws })(law)
  return lawsOf(suite, selection).flatMap((law) =>
    operations
      .filter((operation) => applies(law, operation) && !isExcluded(law, operation))
      .map((operation) => ({ law, operation }))
  )
}
