// The parameters of an operation, and its path in the form of an `HttpApi`.
import { isRow, type Row } from "../../ApiConventions.ts"
import { at, type Located, resolve, type Source } from "./Source.ts"

export interface DocumentParameter {
  readonly location: "path" | "query" | "header"
  /** The name on the wire, or the name in the path. */
  readonly name: string
  readonly isRequired: boolean
  readonly description: string | undefined
  readonly schema: Located<unknown>
  /** The separator of the items of a list, or `undefined` if a list repeats the parameter. */
  readonly separator: string | undefined
}

export interface PathParameters {
  readonly parameters: ReadonlyArray<DocumentParameter>
  /** The path with parameters: `"/users/:id"`. */
  readonly template: `/${string}`
}

/** Headers that the specification excludes from parameters. */
const excluded = new Set(["accept", "content-type", "authorization"])

const separators: Readonly<Record<string, string>> = { spaceDelimited: " ", pipeDelimited: "|" }

/**
 * Reads the parameters of an operation. Later lists override parameters of the same name.
 */
export const read = (source: Source, path: string, lists: ReadonlyArray<Located<unknown>>): PathParameters => {
  const names = Array.from(path.matchAll(/\{([^{}]+)\}/g), ([, name = ""]) => name)
  const found = new Map<string, DocumentParameter>()
  for (const list of lists) {
    const own = new Set<string>()
    for (const parameter of locatedItems(list).flatMap((item) => parameterOf(source, item, names))) {
      const key = `${parameter.location} ${parameter.name}`
      if (own.has(key)) source.defect(list.pointer, `the parameter ${parameter.name} occurs more than once`)
      own.add(key)
      found.set(key, parameter)
    }
  }
  for (const name of names) {
    if (found.has(`path ${name}`)) continue
    const pointer = at("#/paths", path)
    source.defect(pointer, `the path parameter ${name} is not declared`)
    found.set(`path ${name}`, {
      location: "path",
      name,
      isRequired: true,
      description: undefined,
      schema: { value: { type: "string" }, pointer },
      separator: undefined
    })
  }
  return {
    parameters: [...found.values()].map((parameter) =>
      parameter.location === "path" ? { ...parameter, name: identifier(parameter.name) } : parameter
    ),
    template: templateOf(path)
  }
}

const locatedItems = ({ pointer, value }: Located<unknown>): ReadonlyArray<Located<unknown>> =>
  Array.isArray(value) ? value.map((item: unknown, index) => ({ value: item, pointer: at(pointer, index) })) : []

const parameterOf = (
  source: Source,
  item: Located<unknown>,
  pathNames: ReadonlyArray<string>
): ReadonlyArray<DocumentParameter> => {
  const resolved = resolve(source, item.value, item.pointer)
  if (resolved === undefined) return []
  const { pointer, value } = resolved
  const { in: location, name, required } = value
  if (typeof name !== "string" || name === "") {
    source.defect(pointer, "the parameter has no name")
    return []
  }
  if (location === "cookie") {
    if (required === true) source.unsupported(pointer, `the cookie ${name} is not sent`)
    return []
  }
  if (location !== "path" && location !== "query" && location !== "header") {
    source.defect(pointer, `the parameter ${name} has no location`)
    return []
  }
  if (location === "header" && excluded.has(name.toLowerCase())) return []
  if (location === "path" && !pathNames.includes(name)) {
    source.defect(pointer, `the path does not contain the parameter ${name}`)
    return []
  }
  if (location === "path" && required !== true) source.defect(pointer, `the path parameter ${name} is not required`)
  const schema = schemaOf(source, value, pointer, name)
  return schema === undefined
    ? []
    : [
        {
          location,
          name: location === "header" ? name.toLowerCase() : name,
          isRequired: location === "path" || required === true,
          description: typeof value["description"] === "string" ? value["description"] : undefined,
          schema,
          separator: separatorOf(location, value)
        }
      ]
}

// Lists in paths and headers are separated by commas.
const separatorOf = (location: DocumentParameter["location"], { explode, style }: Row): string | undefined => {
  if (location !== "query") return ","
  const isExploded = typeof explode === "boolean" ? explode : style === undefined || style === "form"
  return isExploded ? undefined : (separators[String(style)] ?? ",")
}

const schemaOf = (source: Source, value: Row, pointer: string, name: string): Located<unknown> | undefined => {
  const { content, schema, style } = value
  if (schema === undefined) {
    // A parameter with `content` is JSON in a text.
    if (!isRow(content)) source.defect(pointer, `the parameter ${name} has no schema`)
    return { value: { type: "string" }, pointer }
  }
  const target = resolve(source, schema, at(pointer, "schema"))
  const isObject = target?.value["type"] === "object" || isRow(target?.value["properties"])
  if (!isObject && style !== "deepObject") return { value: schema, pointer: at(pointer, "schema") }
  source.unsupported(pointer, `the parameter ${name} is an object, and is not sent`)
  return undefined
}

// Names in the path of an `HttpApi` contain only letters, digits and underscores.
const identifier = (name: string): string => name.replaceAll(/\W/g, "_")

// A colon begins a parameter in the path of an `HttpApi`.
const templateOf = (path: string): `/${string}` =>
  `/${path
    .slice(1)
    .replaceAll(":", "%3A")
    .replaceAll(/\{([^{}]+)\}/g, (_, name: string) => `:${identifier(name)}`)}`
