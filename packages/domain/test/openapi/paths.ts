// The paths of WorkOS's OpenAPI documents, with our names of parameters.
//
// A parameter such as `id` in `/user_management/users/{id}/sessions` has a name that says what it identifies: `userId`.
import type { Endpoint } from "../../src/Endpoint.ts"
import type { Resource } from "../../src/Resource.ts"
import * as registry from "../../src/resources.ts"
import { json, list, type Json } from "./meaning.ts"

const resources: ReadonlyArray<Resource> = Object.values(registry)

const anonymous = (path: string): string => path.replaceAll(/\{\w+\}/g, "{}")

const namesIn = (path: string): ReadonlyArray<string> =>
  Array.from(path.matchAll(/\{(\w+)\}/g), ([, name = ""]) => name)

const ours = new Map(
  resources
    .flatMap(({ endpoints }) => Object.values<Endpoint>(endpoints))
    .map(({ path }) => path.replaceAll(/:(\w+)/g, "{$1}"))
    .map((path) => [anonymous(path), path])
)

const renamed = (value: Json, names: ReadonlyMap<string, string>): Json => {
  const { parameters, ...rest } = value
  return parameters === undefined
    ? rest
    : {
        ...rest,
        parameters: list(parameters)
          .map(json)
          .map((parameter) =>
            parameter["in"] === "path"
              ? { ...parameter, name: names.get(String(parameter["name"])) ?? parameter["name"] }
              : parameter
          )
      }
}

/** Returns a document whose described paths have our names of parameters. */
export const withOurNames = (document: unknown): unknown => ({
  ...json(document),
  paths: Object.fromEntries(
    Object.entries(json(json(document)["paths"])).map(([path, item]) => {
      const our = ours.get(anonymous(path)) ?? path
      const ourNames = namesIn(our)
      const names = new Map(namesIn(path).map((name, index) => [name, ourNames[index] ?? name]))
      return [
        our,
        Object.fromEntries(
          Object.entries(json(item)).map(([key, operation]) => [
            key,
            Array.isArray(operation) ? operation : renamed(json(operation), names)
          ])
        )
      ]
    })
  )
})
