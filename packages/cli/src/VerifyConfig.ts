// The configuration file of `verify`: its schema, and its errors.
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as SchemaAST from "effect/SchemaAST"
import * as SchemaIssue from "effect/SchemaIssue"
import * as Failure from "./Failure.ts"
import { ListConfig } from "./ListsConfig.ts"
import * as Setting from "./Setting.ts"
import { suggest } from "@effect-workos/contract-engine/Suggest"
import { settings } from "./VerifySettings.ts"

/** The file that is read without `--config`. */
const defaultFile = "effect-workos.verify.json"

const Text = Schema.NonEmptyString.annotate({ expected: "a text that is not empty" })

const command = "a list of a program and its arguments"

const positive = (description: string) => {
  const expected = "a whole number, 1 or more"
  return Schema.optionalKey(
    Schema.Int.annotate({ expected }).check(Schema.isGreaterThanOrEqualTo(1, { expected })).annotate({ description })
  )
}

const OperationSettings = Schema.Struct({
  runs: positive("Try this number of generated cases per check."),
  timeout: positive("Wait this number of seconds for a response."),
  maxRate: positive("Send at most this number of requests per minute."),
  excludeLaws: Schema.optionalKey(
    Schema.Array(Text).annotate({ expected: "a list of texts", description: "Do not check these laws." })
  )
}).annotate({ expected: "an object with settings" })

/**
 * The contents of a configuration file.
 */
export const VerifyConfig = Schema.Struct({
  $schema: Schema.optionalKey(Text.annotate({ description: "The location of this schema, for editors." })),
  ...Setting.fields(settings),
  perOperation: Schema.optionalKey(
    Schema.Record(Schema.String, OperationSettings).annotate({
      expected: "an object with settings by operation",
      description: "Settings for some operations, by id, group, path, or pattern with *."
    })
  ),
  lists: Schema.optionalKey(
    Schema.Record(Schema.String, ListConfig).annotate({
      expected: "an object with lists by operation",
      description:
        "With openapi: the lists that are not detected in the document, by id, group, path, or pattern with *."
    })
  ),
  headers: Schema.optionalKey(
    Schema.Record(Schema.String, Text)
      .annotate({ expected: "an object with headers" })
      .check(
        Schema.makeFilter((headers) => Object.keys(headers).every((name) => name.toLowerCase() !== "authorization"), {
          expected: "headers other than Authorization; WORKOS_API_KEY or tokenCommand sets the key"
        })
      )
      .annotate({ description: "Send these headers with each request." })
  ),
  tokenCommand: Schema.optionalKey(
    Schema.Array(Text)
      .annotate({ expected: command })
      .check(Schema.isMinLength(1, { expected: command }))
      .annotate({
        description:
          "Run this program with these arguments, without a shell, and use its output in place of WORKOS_API_KEY."
      })
  )
}).annotate({ expected: "an object with settings" })
export interface VerifyConfig extends Schema.Schema.Type<typeof VerifyConfig> {}

/**
 * The contents of a configuration file, and its name for messages.
 */
export interface Loaded {
  readonly file: string
  readonly config: VerifyConfig
}

/**
 * Reads the configuration file. Refuses an invalid file, and a file that is named by a flag and does not exist.
 */
export const load = Effect.fnUntraced(function* (flag: Option.Option<string>) {
  const fs = yield* FileSystem.FileSystem
  const file = Option.getOrElse(flag, () => defaultFile)
  const text = yield* Effect.catch(fs.readFileString(file), ({ reason }) => {
    if (reason._tag !== "NotFound")
      return Failure.refuse(`Cannot read ${file}. Check that it is a file and that you have permission to read it.`)
    return Option.isNone(flag)
      ? Effect.undefined
      : Failure.refuse(`The configuration file ${file} does not exist. Correct --config, or create the file.`)
  })
  const none: Loaded = { file, config: {} }
  if (text === undefined) return none
  return yield* Result.match(parse(text), {
    onSuccess: (config) => Effect.succeed<Loaded>({ file, config }),
    onFailure: (problem) => Failure.refuse(`${file}: ${problem}`)
  })
})

/**
 * Parses the text of a configuration file. Fails with a sentence that names the path of the first invalid value and the
 * expected value.
 */
export const parse = (text: string): Result.Result<VerifyConfig, string> =>
  Result.flatMap(parseJson(text), (json) =>
    Result.mapError(decode(json), ({ issue }) => {
      const { leaf, path } = locate(issue)
      return explain(leaf, path)
    })
  )

const decode = Schema.decodeUnknownResult(VerifyConfig, { onExcessProperty: "error" })

// Some editors add a byte order mark, which JSON does not allow.
const parseJson = (text: string): Result.Result<unknown, string> =>
  Result.try({
    try: (): unknown => JSON.parse(text.replace(/^\uFEFF/, "")),
    // The message of the parser could contain a secret.
    catch: (error) =>
      `expected JSON${/ \(?line \d+ column \d+/.exec(String(error))?.[0]?.replace(" (", ", error in ") ?? ""}.`
  })

// -----------------------------------------------------------------------------
// Errors
// -----------------------------------------------------------------------------

type Path = ReadonlyArray<PropertyKey>

type Located = { readonly path: Path; readonly leaf: SchemaIssue.Leaf | SchemaIssue.Filter }

// Returns the first issue, and the path of the value that caused the issue.
const locate = (issue: SchemaIssue.Issue, path: Path = []): Located => {
  switch (issue._tag) {
    case "Pointer":
      return locate(issue.issue, [...path, ...issue.path])
    case "Encoding":
      return locate(issue.issue, path)
    case "Composite":
      return locate(issue.issues[0], path)
    case "AnyOf":
      return issue.issues[0] === undefined
        ? { path, leaf: new SchemaIssue.InvalidType(issue.ast) }
        : locate(issue.issues[0], path)
    default:
      return { path, leaf: issue }
  }
}

const format = SchemaIssue.makeFormatterStandardSchemaV1()

const explain = (leaf: Located["leaf"], path: Path): string => {
  const shown = path.reduce<string>(
    (text, key) => (typeof key === "number" ? `${text}[${key}]` : `${text}${text === "" ? "" : "."}${String(key)}`),
    ""
  )
  if (leaf._tag === "UnexpectedKey") {
    const similar = suggest(String(path.at(-1)), namesOf(leaf.ast)).slice(0, 3)
    const meant =
      similar.length === 0
        ? `Known settings are ${namesOf(leaf.ast).join(", ")}.`
        : `Did you mean ${similar.join(" or ")}?`
    return `unknown setting ${shown}. ${meant}`
  }
  const annotated = "ast" in leaf ? leaf.ast.annotations?.["expected"] : undefined
  const expected =
    typeof annotated === "string"
      ? `expected ${annotated}`
      : (format(leaf).issues[0]?.message.replace(/^Expected /, "expected ") ?? "invalid")
  return `${shown === "" ? "" : `${shown}: `}${expected}.`
}

const namesOf = (ast: SchemaAST.AST): ReadonlyArray<string> =>
  SchemaAST.isObjects(ast) ? ast.propertySignatures.map(({ name }) => String(name)) : []
