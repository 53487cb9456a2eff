// Operations that belong together: those that list, show, create, change and delete the same kind of thing.
import type { Description } from "./Description.ts"
import * as Harvest from "./Harvest.ts"
import type { Operation } from "../Operation.ts"

export interface Resource {
  /** The path of the collection: `"/connections"`. */
  readonly collection: string
  readonly list: Operation | undefined
  readonly get: Operation | undefined
  readonly create: Operation | undefined
  /** Those that change one: replacing what is given, or an action below its path. */
  readonly changes: ReadonlyArray<Operation>
  readonly remove: Operation | undefined
}

const changing = /^(?:PUT|PATCH|POST)$/

/**
 * The resource that an operation is about: what lies at its path, or one step below, or above where it is an action.
 */
export const resourceOf = ({ isSafe, path }: Operation, { convention, operations }: Description): Resource => {
  const collection = path.replace(isSafe ? /\/:\w+$/ : /\/:\w+(?:\/\w+)?$/, "")
  const isItem = (other: string) =>
    other.startsWith(`${collection}/:`) && !other.slice(collection.length + 1).includes("/")
  const below = (other: string) => other.startsWith(`${collection}/:`)
  const at = (method: string, matches: (path: string) => boolean) =>
    operations.find((operation) => operation.method === method && matches(operation.path))
  return {
    collection,
    list: operations.find((operation) => operation.path === collection && Harvest.isList(operation, convention.lists)),
    get: at("GET", isItem),
    create: at("POST", (path) => path === collection),
    changes: operations.filter(({ method, path }) => changing.test(method) && below(path)),
    remove: at("DELETE", isItem)
  }
}
