/**
 * The operations on one kind of resource: list, get, create, change and delete.
 *
 * @module
 */
import type { ApiDescription } from "./ApiDescription.ts"
import * as Sampling from "./Sampling.ts"
import type { ApiOperation, Role } from "./ApiOperation.ts"

/**
 * The operations on one kind of resource.
 */
export interface ResourceOperations {
  /** The path of the collection: `"/connections"`. */
  readonly collection: string
  readonly list: ApiOperation | undefined
  readonly get: ApiOperation | undefined
  readonly create: ApiOperation | undefined
  /** Updates of a resource, and actions on a resource. */
  readonly changes: ReadonlyArray<ApiOperation>
  readonly remove: ApiOperation | undefined
}

const changingMethods = /^(?:PUT|PATCH|POST)$/

/**
 * Returns the operations on the same kind of resource as an operation: the operations with the same resource in their
 * roles, or, without a role, the operations on the same paths.
 */
export const resourceOperationsOf = (operation: ApiOperation, description: ApiDescription): ResourceOperations =>
  operation.role === undefined
    ? fromPaths(operation, description)
    : fromRoles(operation, operation.role.resource, description)

const fromRoles = (operation: ApiOperation, resource: string, { operations }: ApiDescription): ResourceOperations => {
  const ofResource = operations.filter(({ role }) => role?.resource === resource)
  const having = (action: Role["action"]) => ofResource.find(({ role }) => role?.action === action)
  return {
    collection: collectionOf(operation),
    list: having("list"),
    get: having("get"),
    create: having("create"),
    changes: ofResource.filter(
      ({ method, params, role }) =>
        (role?.action === "update" || role?.action === "other") && params.length > 0 && changingMethods.test(method)
    ),
    remove: having("delete")
  }
}

// The parameters of a path may include those of parents, which are not parameters of the operation.
const collectionOf = ({ isSafe, params, path }: ApiOperation): string =>
  params.length === 0 ? path : path.replace(isSafe ? /\/:\w+$/ : /\/:\w+(?:\/\w+)?$/, "")

const fromPaths = (operation: ApiOperation, { conventions, operations }: ApiDescription): ResourceOperations => {
  const collection = collectionOf(operation)
  const isItem = (other: string) =>
    other.startsWith(`${collection}/:`) && !other.slice(collection.length + 1).includes("/")
  const below = (other: string) => other.startsWith(`${collection}/:`)
  const at = (method: string, matches: (path: string) => boolean) =>
    operations.find((operation) => operation.method === method && matches(operation.path))
  return {
    collection,
    list: operations.find((operation) => operation.path === collection && Sampling.isList(operation, conventions)),
    get: at("GET", isItem),
    create: at("POST", (path) => path === collection),
    changes: operations.filter(({ method, path }) => changingMethods.test(method) && below(path)),
    remove: at("DELETE", isItem)
  }
}
