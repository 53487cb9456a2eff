/**
 * Errors that share a status and differ by a name in the body.
 *
 * The name is in the key `error`, with a description in `error_description`, as OAuth defines, or in the key `code`, with a
 * description in `message`. Each known name has a class, so that programs can catch errors by tag.
 *
 * @module
 */
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import type { ErrorFields, NamedErrorBody, NamedErrors } from "./ApiError.ts"
import * as Lazy from "./Lazy.ts"

/**
 * The class of a named error. `details` is the schema of the fields that its body has in addition to name and description.
 */
export interface NamedErrorClass<out E extends ErrorFields = ErrorFields> extends Schema.Top {
  readonly Type: E
  readonly details?: Schema.Codec<object, unknown>
  new (fields: never): E
}

type Classes = Readonly<Record<string, NamedErrorClass>>

type ErrorOf<C> = C extends NamedErrorClass<infer E> ? E : never

/**
 * Options for `make`.
 *
 * **Details**
 *
 * - `oauth`: the classes of names in the key `error`.
 * - `codes`: the classes of names in the key `code`. Names of both records are found in either key.
 * - `other`: the class of all other names, which receives the name as `error`. Errors with a `code` are encoded with the
 *   key `code`.
 * - `defaultName`: the name of an error whose body has none.
 */
export interface Options<OAuth extends Classes, Codes extends Classes, Other extends NamedErrorClass> {
  readonly status: number
  readonly defaultName: string
  readonly oauth?: OAuth
  readonly codes?: Codes
  readonly other: Other
}

/**
 * Makes the named errors of a status.
 *
 * **Example** (The errors of an endpoint)
 *
 * ```ts
 * import * as ApiError from "@effect-workos/domain/ApiError"
 * import * as Endpoint from "@effect-workos/domain/Endpoint"
 * import * as NamedErrors from "@effect-workos/domain/NamedErrors"
 * import * as Schema from "effect/Schema"
 *
 * class NameTaken extends Schema.TaggedError<NameTaken>()("NameTaken", ApiError.errorFields) {}
 *
 * const create = Endpoint.post("/notes", {
 *   summary: "Create a note",
 *   payload: Schema.Struct({ name: Schema.String }),
 *   errors: [
 *     NamedErrors.make({
 *       status: 400,
 *       defaultName: "bad_request",
 *       codes: { name_taken: NameTaken },
 *       other: ApiError.BadRequest
 *     })
 *   ]
 * })
 * ```
 */
export const make = <
  Other extends NamedErrorClass,
  const OAuth extends Classes = {},
  const Codes extends Classes = {}
>({
  codes,
  defaultName,
  oauth,
  other,
  status
}: Options<OAuth, Codes, Other>): NamedErrors<ErrorOf<OAuth[keyof OAuth] | Codes[keyof Codes] | Other>> => {
  type E = ErrorOf<OAuth[keyof OAuth] | Codes[keyof Codes] | Other>
  const byCode = new Map<string, NamedErrorClass>(Object.entries(codes ?? {}))
  const byName = new Map<string, NamedErrorClass>([...byCode, ...Object.entries(oauth ?? {})])
  const nameOf = (error: ErrorFields, names: ReadonlyMap<string, NamedErrorClass>): string | undefined => {
    const matching = Array.from(names).filter(([, known]) => error instanceof known)
    return matching.find(([name]) => name === error.code)?.[0] ?? matching[0]?.[0]
  }
  // Every class of the two records and `other` is a member of `E`.
  const construct = (error: NamedErrorClass, fields: object) => Reflect.construct(error, [fields]) as E
  return {
    status,
    defaultName,
    // The union has the members of `E`.
    schema: Lazy.schema(() => Schema.Union([...new Set([...byName.values(), other])])) as unknown as Schema.Codec<
      E,
      unknown
    >,
    fromName: (name, fields, body) => {
      const found = byName.get(name)
      const details = found === undefined ? Option.none() : detailsOf(found, body)
      return found === undefined || Option.isNone(details)
        ? construct(other, { ...fields, error: name })
        : construct(found, { ...fields, ...details.value })
    },
    toBody: (error) => {
      const code = nameOf(error, byCode) ?? (nameOf(error, byName) === undefined ? error.code : undefined)
      if (code !== undefined) return { code, message: error.message, ...encodedDetails(error, byName) }
      const name =
        nameOf(error, byName) ??
        (Predicate.hasProperty(error, "error") && Predicate.isString(error.error) ? error.error : defaultName)
      return { error: name, error_description: error.message, ...encodedDetails(error, byName) }
    }
  }
}

const detailsOf = ({ details }: NamedErrorClass, body: unknown): Option.Option<object> =>
  details === undefined ? Option.some({}) : Schema.decodeUnknownOption(details)(body)

const encodedDetails = (error: ErrorFields, classes: ReadonlyMap<string, NamedErrorClass>): object => {
  const details = Array.from(classes.values()).find((known) => error instanceof known)?.details
  if (details === undefined) return {}
  const encoded = Schema.encodeUnknownSync(details)(error)
  return Predicate.isObject(encoded) ? encoded : {}
}

/**
 * Makes the error that a body describes. `details` is the body that contains the fields of the error, and defaults to
 * `body`.
 *
 * **Example** (Decoding a body)
 *
 * ```ts
 * import * as NamedErrors from "@effect-workos/domain/NamedErrors"
 * import { OAuthErrors } from "@effect-workos/domain/sso/OAuthError"
 *
 * const body = { error: "invalid_grant", error_description: "The code was used." }
 * const error = NamedErrors.fromBody(OAuthErrors, body, { requestId: "req_1" })
 * error._tag // => "InvalidGrant"
 * OAuthErrors.toBody(error) // => { error: "invalid_grant", error_description: "The code was used." }
 * ```
 */
export const fromBody = <E extends ErrorFields>(
  errors: NamedErrors<E>,
  body: NamedErrorBody,
  identified: { readonly requestId?: string } = {},
  details: unknown = body
): E => {
  const name = "error" in body ? body.error : (body.code ?? errors.defaultName)
  return errors.fromName(
    name,
    {
      message: "error" in body ? (body.error_description ?? name) : body.message,
      ...("code" in body ? { code: body.code } : {}),
      ...identified
    },
    details
  )
}
