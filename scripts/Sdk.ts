// Lists the methods of the official SDK and the requests that they send. The SDK does not declare its requests. Therefore,
// the script calls each method once with placeholders as arguments, on a client that records requests instead of sending
// them.
import { WorkOS } from "@workos-inc/node"
import { setTimeout } from "node:timers/promises"

export interface Method {
  /** The resource and the method: `sso.getConnection`. */
  readonly name: string
  /** HTTP method and path, with `{}` for each parameter: `GET /connections/{}`. `undefined` if no request is sent. */
  readonly request: string | undefined
}

// Every property and every result of a placeholder is a placeholder. Converted to a string, a placeholder is `{}`.
const placeholder: object = new Proxy(() => {}, {
  get: (_, key) => {
    if (key === Symbol.toPrimitive || key === "toString") return () => "{}"
    // A placeholder is not a promise, and iterating over it ends immediately.
    if (key === "then") return undefined
    if (key === Symbol.iterator) return () => [][Symbol.iterator]()
    return placeholder
  },
  apply: () => placeholder
})

const placeholders = Array.from({ length: 4 }, () => placeholder)

const isObject = (value: unknown): value is object => typeof value === "object" && value !== null

// The HTTP client is not a resource, and a runtime client polls until it is closed.
const excluded = new Set(["client", "featureFlags.createRuntimeClient"])

/**
 * Lists the methods of all resources.
 */
export const methods = async (): Promise<ReadonlyArray<Method>> => {
  const workos = new WorkOS("sk_test", { clientId: "client_test" })
  let request: string | undefined
  const record = (method: string) => (path: unknown) => {
    request ??= `${method} ${decodeURIComponent(String(path))}`
    return new Promise(() => {})
  }
  Object.assign(workos, {
    get: record("GET"),
    post: record("POST"),
    put: record("PUT"),
    patch: record("PATCH"),
    delete: record("DELETE"),
    deleteWithBody: record("DELETE")
  })
  const requestOf = async (resource: object, method: string): Promise<string | undefined> => {
    request = undefined
    const call: unknown = Reflect.get(resource, method)
    if (typeof call !== "function") return undefined
    // Methods that need real arguments fail, and send no request.
    const result = Promise.resolve()
      .then(() => Reflect.apply(call, resource, placeholders))
      .catch(() => {})
    await Promise.race([result, setTimeout(1)])
    return request
  }
  const found: Array<Method> = []
  for (const [name, resource] of Object.entries<unknown>({ ...workos })) {
    if (!isObject(resource) || excluded.has(name)) continue
    const prototype: unknown = Object.getPrototypeOf(resource)
    if (!isObject(prototype) || prototype === Object.prototype) continue
    for (const method of Object.getOwnPropertyNames(prototype)) {
      const full = `${name}.${method}`
      if (method === "constructor" || excluded.has(full)) continue
      found.push({ name: full, request: await requestOf(resource, method) })
    }
  }
  return found
}
