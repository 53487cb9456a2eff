/**
 * Schemas that are built on first use, because a program uses few of the schemas that it loads.
 *
 * @module
 */
import * as Schema from "effect/Schema"

// Properties that only some schemas have.
const properties = ["fields", "from", "literals", "members", "to"]

/**
 * Returns a function whose result is computed when it is first called.
 */
export const value = <A>(compute: () => A): (() => A) => {
  let computed: { readonly value: A } | undefined
  return () => (computed ??= { value: compute() }).value
}

/**
 * Returns a schema that is built on first use.
 *
 * **Example** (A schema that is built by its first use)
 *
 * ```ts
 * import * as Lazy from "@effect-workos/domain/Lazy"
 * import * as Schema from "effect/Schema"
 *
 * const Size = Lazy.schema(() => Schema.Literals(["S", "M", "L"]))
 *
 * Schema.is(Size)("M") // => true
 * ```
 */
export const schema = <S extends Schema.Top>(build: () => S): S => {
  const built = value(build)
  const self = Schema.make<S>(Schema.Unknown.ast)
  const property = (name: string): PropertyDescriptor => ({ get: () => Reflect.get(built(), name) })
  return Object.defineProperties(self, {
    ast: { get: () => built().ast },
    rebuild: { value: (ast: S["ast"]) => built().rebuild(ast) },
    ...Object.fromEntries(properties.map((name) => [name, property(name)]))
  })
}
