// The commands of all resources: arguments, requests, tables, JSON and secrets.
import { assert, describe, it } from "@effect/vitest"
import * as Endpoint from "@effect-workos/domain/Endpoint"
import type { Resource } from "@effect-workos/domain/Resource"
import * as resources from "@effect-workos/domain/resources"
import { snakeCase } from "@effect-workos/domain/Wire"
import * as Arbitrary from "effect/Arbitrary"
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import { listen } from "./proxy.ts"
import { inProcess, key } from "./running.ts"

interface Command {
  readonly resource: Resource
  readonly name: string
  readonly endpoint: Endpoint.Endpoint
}

const all: ReadonlyArray<Command> = Object.values<Resource>(resources).flatMap((resource) =>
  Object.entries(resource.endpoints).map(([name, endpoint]) => ({ resource, name, endpoint }))
)

const lists = all.filter(({ endpoint }) => endpoint.item !== undefined)

const gets = all.filter(({ endpoint, name }) => name === "get" && endpoint.success !== undefined)

const withoutPath = lists.filter(({ endpoint, name }) => name === "list" && Endpoint.pathParams(endpoint).length === 0)

const kebab = (name: string): string => snakeCase(name).replaceAll("_", "-")

const wordsOf = ({ name, resource }: Command): ReadonlyArray<string> => [kebab(resource.name), kebab(name)]

const sample = <A>(schema: Schema.Codec<A, unknown>) =>
  Effect.map(Arbitrary.sampleEffect(Arbitrary.schema(schema), { count: 20, size: 20, seed: 1 }), (values) => {
    // The value with the most fields.
    const [first] = values.toSorted((a, b) => JSON.stringify(b).length - JSON.stringify(a).length)
    assert.isDefined(first)
    return first
  })

/** The arguments for the parameters of a path, and the flags that a list requires. */
const argumentsOf = Effect.fnUntraced(function* ({ endpoint }: Command) {
  const { params = {}, requiresOneOf = [] } = endpoint
  const values = yield* Effect.forEach(Endpoint.pathParams(endpoint), (name) =>
    Effect.map(sample(params[name] ?? Schema.String), String)
  )
  return { values, flags: requiresOneOf.slice(0, 1).map((name) => `--${kebab(name).replace(/-id$/, "")}=user_1`) }
})

/** The secrets of a decoded row. */
const secretsOf = (value: unknown): ReadonlyArray<string> => {
  if (Redacted.isRedacted(value)) return [String(Redacted.value(value))]
  return Predicate.isObject(value) ? Object.values(value).flatMap(secretsOf) : []
}

const generated = Effect.fnUntraced(function* (schema: Endpoint.AnySchema) {
  const decoded = yield* sample(schema)
  const encoded: unknown = JSON.parse(JSON.stringify(yield* Schema.encodeEffect(schema)(decoded)))
  return { encoded, secrets: secretsOf(decoded) }
})

/** Runs a command with a server that responds with a body. */
const runWith = Effect.fnUntraced(function* (body: unknown, args: ReadonlyArray<string>) {
  const urls: Array<URL> = []
  const url = yield* listen((request, response) => {
    urls.push(new URL(request.url ?? "", "http://workos.test"))
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(body))
  })
  const finished = yield* inProcess(args, { env: { WORKOS_API_KEY: key, WORKOS_BASE_URL: url } })
  return { ...finished, urls }
})

const pathOf = ({ endpoint: { path } }: Command, values: ReadonlyArray<string>): string =>
  values.reduce((path, value) => path.replace(/:\w+/, encodeURIComponent(value)), path)

const isNonEmpty = (secrets: ReadonlyArray<string>): boolean => secrets.some((secret) => secret.length > 3)

describe("lists", () => {
  it.effect.each(lists.map((command) => [wordsOf(command).join(" "), command] as const))(
    "`%s` takes the parameters of the path as arguments, and shows rows without their secrets",
    ([, command]) =>
      Effect.gen(function* () {
        const { flags, values } = yield* argumentsOf(command)
        const { encoded, secrets } = yield* generated(command.endpoint.item ?? Schema.String)
        const page = { object: "list", data: [encoded], list_metadata: { before: null, after: null } }
        const args = [...wordsOf(command), ...flags, ...values]
        const table = yield* runWith(page, args)
        assert.deepStrictEqual([table.code, table.stderr], [0, ""])
        assert.strictEqual(table.urls[0]?.pathname, pathOf(command, values))
        const id = Predicate.hasProperty(encoded, "id") ? String(encoded.id) : ""
        assert.include(table.stdout, id)
        const json = yield* runWith(page, [...args, "--json"])
        for (const secret of secrets) assert.notInclude(table.stdout + json.stdout, secret)
        assert.strictEqual(json.stdout.includes("<redacted>"), isNonEmpty(secrets))
        const complete = isNonEmpty(secrets) ? yield* runWith(page, [...args, "--json", "--show-secrets"]) : json
        assert.deepStrictEqual<unknown>(JSON.parse(complete.stdout), encoded)
      })
  )
})

describe("get", () => {
  it.effect.each(gets.map((command) => [wordsOf(command).join(" "), command] as const))(
    "`%s` takes the parameters of the path as arguments, and shows an object without its secrets",
    ([, command]) =>
      Effect.gen(function* () {
        const { values } = yield* argumentsOf(command)
        const { encoded, secrets } = yield* generated(command.endpoint.success ?? Schema.String)
        const args = [...wordsOf(command), ...values]
        const view = yield* runWith(encoded, args)
        assert.deepStrictEqual([view.code, view.stderr], [0, ""])
        assert.strictEqual(view.urls[0]?.pathname, pathOf(command, values))
        const json = yield* runWith(encoded, [...args, "--json"])
        for (const secret of secrets) assert.notInclude(view.stdout + json.stdout, secret)
        const complete = isNonEmpty(secrets) ? yield* runWith(encoded, [...args, "--json", "--show-secrets"]) : json
        assert.deepStrictEqual<unknown>(JSON.parse(complete.stdout), encoded)
      })
  )

  it.effect.each(gets.filter(({ endpoint }) => Endpoint.pathParams(endpoint).length > 0).map(wordsOf))(
    "`%s %s` describes each argument in its help",
    (words) =>
      Effect.gen(function* () {
        const [command] = gets.filter((command) => wordsOf(command).join() === words.join())
        const { stdout } = yield* inProcess([...words, "--help"])
        for (const name of Endpoint.pathParams(command?.endpoint ?? { path: "/" })) {
          assert.match(stdout, new RegExp(`<${kebab(name)}>\\]? +The `))
        }
      })
  )
})

describe("exports", () => {
  it.effect.each(withoutPath.map((command) => [kebab(command.resource.name), command] as const))(
    "`export %s` writes rows as received",
    ([name, command]) =>
      Effect.gen(function* () {
        const { flags } = yield* argumentsOf(command)
        const { encoded } = yield* generated(command.endpoint.item ?? Schema.String)
        const page = { object: "list", data: [encoded], list_metadata: { before: null, after: null } }
        const { code, stdout } = yield* runWith(page, ["export", name, "-o", "-", "--concurrency", "1", ...flags])
        assert.strictEqual(code, 0)
        assert.deepStrictEqual<unknown>(JSON.parse(stdout), encoded)
      })
  )

  it.effect.each(
    withoutPath.filter(({ endpoint }) => endpoint.requiresOneOf !== undefined).map(({ resource }) => resource)
  )("`export` of $name and `list` refuse a request without a filter that the server requires", ({ name }) =>
    Effect.gen(function* () {
      for (const args of [
        ["export", kebab(name), "-o", "-"],
        [kebab(name), "list"]
      ]) {
        const { code, stderr, urls } = yield* runWith({}, args)
        assert.match(stderr, /^The server lists only .* of one .*\. Add --[\w-]+ or --[\w-]+\.\n$/)
        assert.strictEqual(code, 2)
        assert.isEmpty(urls)
      }
    })
  )
})
