// HEAD, OPTIONS, undocumented methods and undocumented paths.
import { WorkOsApi } from "@effect-workos/domain/WorkOsApi"
import { sample } from "@effect-workos/testing/Sample"
import { assert, layer } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as HttpApi from "effect/http-api/HttpApi"
import * as Layer from "effect/Layer"
import * as Emulator from "../src/Emulator.ts"
import * as Store from "../src/Store.ts"
import { sendRequest } from "./requests.ts"

const LayerEmulator = Emulator.layerHttpClient().pipe(
  Layer.provideMerge(Store.layer({ connections: 5, organizations: 2, seed: 7 }))
)

const documented = new Map<string, Set<string>>()
HttpApi.reflect(WorkOsApi, {
  onGroup() {},
  onEndpoint({ endpoint: { method, path } }) {
    const known = documented.get(path) ?? new Set()
    documented.set(path, known.add(method))
  }
})

const pathOf = (template: string) => template.replaceAll(/:\w+/g, "none")

/** The methods of a path, which may match several templates. */
const methodsOf = (path: string): ReadonlySet<string> =>
  new Set(
    [...documented].flatMap(([template, methods]) =>
      new RegExp(`^${template.replaceAll(/:\w+/g, "[^/]+")}$`).test(path) ? [...methods] : []
    )
  )

const allowed = (header: string | undefined) => (header ?? "").split(", ").toSorted()

layer(LayerEmulator)("methods", (it) => {
  it.effect("Undocumented methods of documented paths receive 405 with the methods of the path in Allow", () =>
    Effect.gen(function* () {
      for (const [path] of sample([...documented], 5)) {
        const methods = methodsOf(pathOf(path))
        const expected = [...methods, ...(methods.has("GET") ? ["HEAD"] : []), "OPTIONS"].toSorted()
        for (const method of (["GET", "POST", "PUT", "PATCH", "DELETE", "QUERY"] as const).filter(
          (method) => !methods.has(method)
        )) {
          const response = yield* sendRequest(pathOf(path), { method })
          assert.deepStrictEqual([response.status, allowed(response.headers["allow"])], [405, expected], path)
          assert.strictEqual(response.body.message, "Method Not Allowed")
        }
        const options = yield* sendRequest(`${pathOf(path)}?limit=1`, { method: "OPTIONS" })
        assert.deepStrictEqual([options.status, allowed(options.headers["allow"])], [204, expected], path)
      }
    })
  )

  it.effect("HEAD has the status and the length of GET and no body", () =>
    Effect.gen(function* () {
      for (const [path, authorization] of [["/connections"], ["/connections/none"], ["/connections", "Bearer wrong"]]) {
        const options = authorization === undefined ? {} : { authorization }
        const get = yield* sendRequest(path ?? "", options)
        const head = yield* sendRequest(path ?? "", { ...options, method: "HEAD" })
        assert.strictEqual(head.status, get.status)
        assert.strictEqual(head.headers["content-length"], get.headers["content-length"])
        assert.deepStrictEqual<unknown>(head.body, {})
      }
    })
  )

  it.effect("Undocumented paths receive 404 for every method", () =>
    Effect.gen(function* () {
      for (const method of ["GET", "HEAD", "OPTIONS", "DELETE"] as const) {
        for (const path of ["/nowhere", "/", "/connections/a/b"]) {
          const { headers, status } = yield* sendRequest(path, { method })
          assert.deepStrictEqual([status, headers["allow"]], [404, undefined])
        }
      }
    })
  )
})
