/**
 * Schemas that are built on first use, because a program uses few of the schemas that it loads.
 *
 * @module
 */
import * as Schema from "effect/Schema"

const builtKey = Symbol("@effect-workos/domain/Lazy/built")

// Properties that only some schemas have.
const properties = ["fields", "from", "literals", "members", "to"]

const property = (name: string): PropertyDescriptor => ({
  get(this: object) {
    return Reflect.get(Reflect.get(this, builtKey)(), name)
  }
})

// One prototype for all lazy schemas, because a program makes hundreds of them when it starts.
const prototype: object = Object.create(Object.getPrototypeOf(Schema.Unknown), {
  ...Object.fromEntries(["ast", ...properties].map((name) => [name, property(name)])),
  rebuild: {
    value(this: object, ast: Schema.Top["ast"]) {
      return Reflect.get(this, builtKey)().rebuild(ast)
    }
  }
})

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
  const self = Schema.make<S>(Schema.Unknown.ast)
  Reflect.deleteProperty(self, "ast")
  Reflect.set(self, builtKey, value(build))
  return Object.setPrototypeOf(self, prototype)
}
