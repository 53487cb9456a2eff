// Names of the operations of a document: `"users.list"`, from their tags and ids.
import type { Row } from "../../ApiConventions.ts"
import { at, type Source } from "./Source.ts"

/**
 * Adds a group and a name to each operation. Together, they identify the operation.
 */
export const assign = <
  A extends { readonly value: Row; readonly method: string; readonly path: string; readonly pointer: string }
>(
  source: Source,
  operations: ReadonlyArray<A>
): ReadonlyArray<Omit<A, "value"> & { readonly group: string; readonly name: string }> => {
  const used = new Set<string>()
  const ids = new Set<string>()
  return operations.map(({ value, ...operation }) => {
    const { operationId, tags } = value
    const { method, path, pointer } = operation
    const tag: unknown = Array.isArray(tags) ? tags[0] : undefined
    const [segment = "api"] = path.split("/").filter((part) => part !== "" && !part.startsWith(":"))
    const group = camelCase(typeof tag === "string" && wordsOf(tag).length > 0 ? tag : segment)
    if (typeof operationId !== "string" || operationId === "")
      source.defect(pointer, "the operation has no operationId")
    const id = typeof operationId === "string" ? operationId : ""
    if (ids.has(id)) source.defect(at(pointer, "operationId"), `the operationId ${id} is not unique`)
    if (id !== "") ids.add(id)
    const fallback = camelCase(`${method.toLowerCase()} ${path}`)
    const candidates = [withoutGroup(id, group), identifierOf(id), fallback].filter((name) => name !== "")
    const name =
      candidates.find((name) => !used.has(`${group}.${name}`)) ??
      uniqueName(fallback, (name) => used.has(`${group}.${name}`))
    used.add(`${group}.${name}`)
    return { ...operation, group, name }
  })
}

// `users/list` of the group `users` is `list`, and so is `UsersController_list`.
const withoutGroup = (id: string, group: string): string => {
  const [first = "", ...rest] = id.split(/[./_#-]+/)
  const isGroup = rest.length > 0 && (camelCase(first) === group || first.endsWith("Controller"))
  return identifierOf(isGroup ? rest.join(" ") : id)
}

const identifierOf = (id: string): string => (/^\w+$/.test(id) ? id : camelCase(id))

const uniqueName = (name: string, isUsed: (name: string) => boolean): string => {
  let number = 2
  while (isUsed(`${name}${number}`)) number++
  return `${name}${number}`
}

const wordsOf = (text: string): ReadonlyArray<string> => text.match(/[A-Za-z0-9]+/g) ?? []

/**
 * Returns the words of a text in camel case.
 */
const camelCase = (text: string): string =>
  wordsOf(text)
    .map((word, index) => {
      const rest = word === word.toUpperCase() ? word.slice(1).toLowerCase() : word.slice(1)
      const [first = ""] = word
      return (index === 0 ? first.toLowerCase() : first.toUpperCase()) + rest
    })
    .join("")
