// The parts of a resource that only the emulator needs: filters, rules for creation and update, events and seed data.
import type { ErrorClass } from "@effect-workos/domain/ApiError"
import type * as Endpoint from "@effect-workos/domain/Endpoint"
import type { Event, OfType, TypedEventName, UnknownEventName } from "@effect-workos/domain/events/Event"
import type { Parameter } from "@effect-workos/domain/Pagination"
import type { Endpoints } from "@effect-workos/domain/Resource"
import type * as Effect from "effect/Effect"
import type { HttpServerRequest, ParsedSearchParams } from "effect/http/HttpServerRequest"
import type { HttpServerResponse } from "effect/http/HttpServerResponse"
import type * as Result from "effect/Result"
import type { AuthKit } from "./AuthKit.ts"
import type { EventDraft } from "./EventLog.ts"
import type { IdGenerator } from "./IdGenerator.ts"
import type { SeedRow } from "./SeedRow.ts"
import type { SignIn } from "./SignIn.ts"
import type * as Table from "./Table.ts"
import type {
  AnyRow,
  Get,
  Hidden,
  Query,
  Resources,
  ResponseRow,
  Row,
  RowOf,
  RowSchema,
  TableName,
  Tables
} from "./Tables.ts"

type FilterName<Q> = [Q] extends [never] ? never : Exclude<keyof Q, Parameter> & string

// -----------------------------------------------------------------------------
// Requests
// -----------------------------------------------------------------------------

type Failure<E extends Endpoint.Endpoint> = Endpoint.Errors<E>

type Payload<E extends Endpoint.Endpoint> = Endpoint.Part<E, "payload">["Type"]

/** The path parameters of an endpoint. */
type Params<E> = E extends { readonly params: infer Fields }
  ? { readonly [Name in keyof Fields]: Fields[Name] extends Endpoint.AnySchema ? Fields[Name]["Type"] : never }
  : unknown

/** The names of the path parameters of an endpoint. */
type ParamName<E> = [E] extends [never] ? never : keyof Params<E>

/** A decoded request. */
type Request<E extends Endpoint.Endpoint> = { readonly request: HttpServerRequest } & (E extends {
  readonly params: unknown
}
  ? { readonly params: Params<E> }
  : unknown) &
  ([Endpoint.Part<E, "payload">] extends [never] ? unknown : { readonly payload: Payload<E> }) &
  ([Endpoint.Part<E, "query">] extends [never] ? unknown : { readonly query: Endpoint.Part<E, "query">["Type"] })

/** The store and the id generator that `create`, `update` and actions use. */
export interface Context {
  readonly store: Tables
  readonly ids: IdGenerator
}

/** Responds to a request: with a success or an error that the endpoint documents, or with a complete HTTP response. */
type Action<E extends Endpoint.Endpoint> = (
  request: Request<E>,
  context: Context
) => Effect.Effect<
  ([Endpoint.Success<E>] extends [never] ? void : Endpoint.Success<E>["Type"]) | HttpServerResponse,
  Failure<E>,
  AuthKit | SignIn | HttpServerRequest | ParsedSearchParams
>

// -----------------------------------------------------------------------------
// Declarations
// -----------------------------------------------------------------------------

type Values = string | ReadonlyArray<string> | null | undefined

/**
 * A filter of a list.
 *
 * - a function: tests a row. The store has the rows of other resources.
 * - `values`: returns the values of a row, which are indexed. `of` maps the value of the query to values of the index.
 * - `since`, `until`: bounds of `createdAt` in milliseconds. `since` is inclusive and `until` is exclusive.
 */
type Filter<R, V> =
  | ((row: R, value: V, store: Tables) => boolean)
  | ({ readonly values: (row: R) => Values } & ([V] extends [string | ReadonlyArray<string>]
      ? { readonly of?: (value: V) => string | ReadonlyArray<string> }
      : { readonly of: (value: V) => string | ReadonlyArray<string> }))
  | { readonly since: (value: V) => number }
  | { readonly until: (value: V) => number }

type FilterOf<R, Q, Name extends keyof Q> = Filter<R, Exclude<Q[Name], undefined>>

/** Filters with a default: filters with the name of a string key of the row, and `search` for rows with a name. */
type DefaultName<R, Q> = {
  [Name in FilterName<Q>]: Name extends keyof R
    ? [Exclude<Q[Name], undefined>, Exclude<R[Name], null | undefined>] extends [string, string]
      ? Name
      : never
    : Name extends "search"
      ? R extends { readonly name: string }
        ? Name
        : never
      : never
}[FilterName<Q>]

/** One filter for each parameter of the list, in its query and in its path. */
type Filters<R, Q> = {
  readonly [Name in Exclude<FilterName<Q>, DefaultName<R, Q>>]-?: FilterOf<R, Q, Name>
} & { readonly [Name in DefaultName<R, Q>]?: FilterOf<R, Q, Name> }

/** The keys of a row that the emulator generates. */
type Generated = "object" | "id" | "createdAt" | "updatedAt"

type RequiredKey<A> = { [Key in keyof A]-?: {} extends Pick<A, Key> ? never : Key }[keyof A]

/** The keys of a new row that payloads do not always have. */
type Missing<R, P> = Omit<R, Generated | RequiredKey<P>>

type Changes<R> = { readonly [Key in keyof R]?: R[Key] | undefined }

type Optional<Name extends string, Value, IsOptional> = IsOptional extends true
  ? { readonly [Key in Name]?: Value }
  : { readonly [Key in Name]: Value }

/** The values that the URL of a request gives to a new row. */
type GivenByUrl<E extends Endpoint.Endpoint> = Params<E> &
  ([Endpoint.Part<E, "query">] extends [never] ? unknown : Endpoint.Part<E, "query">["Type"])

/** The values that a request gives to a new row: its path parameters, its query and its payload. */
type Given<E extends Endpoint.Endpoint> = GivenByUrl<E> & ([Payload<E>] extends [never] ? unknown : Payload<E>)

/**
 * The `list` of a declaration: a further condition of rows, for lists that omit some rows by default or reject some queries.
 */
interface ListRule<R, E extends Endpoint.Endpoint> {
  readonly list?: (
    query: Endpoint.Part<E, "query">["Type"],
    context: Context
  ) => Result.Result<(row: R) => boolean, Failure<E>>
}

/** The `create` of a declaration, which is required unless each payload is a complete row. */
type CreateRule<R, E extends Endpoint.Endpoint> = Optional<
  "create",
  (
    payload: Payload<E>,
    row: Table.Row & Pick<R, Extract<keyof R, Generated>> & GivenByUrl<E>,
    context: Context
  ) => Result.Result<Missing<R, Given<E>> & Partial<R>, Failure<E>>,
  [Exclude<keyof Given<E>, keyof R>, RequiredKey<Missing<R, Given<E>>>] extends [never, never] ? true : false
>

/** The `update` of a declaration, which is required if the payload has keys that a row does not have. */
type UpdateRule<R, E extends Endpoint.Endpoint> = Optional<
  "update",
  (row: R, payload: Payload<E>, context: Context) => Result.Result<Changes<R>, Failure<E>>,
  [Exclude<keyof Payload<E>, keyof R>] extends [never] ? true : false
>

/** The documented statuses of errors. */
type ErrorStatus<E extends Endpoint.Endpoint> = E extends { readonly errors: ReadonlyArray<infer Response> }
  ? Extract<Response, ErrorClass>["status"]
  : never

/** Errors that creation and update both document. */
type Shared<E extends Endpoints> = "update" extends keyof E
  ? Extract<Failure<Get<E, "create">>, Failure<Get<E, "update">>>
  : Failure<Get<E, "create">>

/** Options of a resource whose rows can be created. */
interface CreateOptions<R, E extends Endpoints> {
  /**
   * Keys that hold the id of a row of another resource, with the status of the error for an unknown id. Keys that no request
   * gives have no status: their rows are deleted with the row of the other resource.
   */
  readonly parents?: {
    readonly [Key in (keyof R & keyof Given<Get<E, "create">>) | keyof Params<Get<E, "create">>]?: {
      readonly resource: TableName
      readonly status: Extract<ErrorStatus<Get<E, "create">>, 404 | 422>
    }
  } & {
    readonly [Key in Exclude<keyof R, keyof Given<Get<E, "create">>>]?: { readonly resource: TableName }
  }
  /** Keys that no two rows may share, with the error. `null` and absent values are not compared. */
  readonly unique?: { readonly [Key in keyof R]?: (value: string) => Shared<E> }
  /** Returns an existing row that the creation replaces, instead of adding a row. */
  readonly existing?: (
    given: Given<Get<E, "create">>,
    context: Context
  ) => Result.Result<R | undefined, Failure<Get<E, "create">>>
  /** Keys that identify a row: a creation with the values of an existing row returns that row, with status 200. */
  readonly idempotentBy?: ReadonlyArray<keyof R & keyof Payload<Get<E, "create">> & string>
}

/** The types of events whose data is a row. */
type RowEventName<R> =
  | { [Name in TypedEventName]: [R] extends [OfType<Name>["data"]] ? Name : never }[TypedEventName]
  | UnknownEventName

/** A table whose rows are inside the rows of another. */
type Nested<R> = {
  [Parent in TableName]: {
    readonly in: Parent
    readonly rows: (parent: RowOf<Parent>) => ReadonlyArray<R>
    readonly replace: (parent: RowOf<Parent>, rows: ReadonlyArray<R>) => RowOf<Parent>
    readonly parentId: (row: R) => string | undefined
  }
}[TableName]

type EncodedDefault = "object" | "id" | "created_at" | "updated_at"

type Seeded<Encoded> = Omit<Encoded, EncodedDefault> & Partial<Pick<Encoded, Extract<keyof Encoded, EncodedDefault>>>

/** A request for one row. */
type RowRequest<E extends Endpoints> = {
  readonly params: Params<Get<E, "get" | "update" | "delete">>
  readonly query: Endpoint.Part<Get<E, "get" | "update" | "delete">, "query">["Type"]
}

/** The names of hidden columns, for resources that have some. */
type HiddenOptions<H> = unknown extends H ? unknown : { readonly hidden: ReadonlyArray<keyof H & string> }

/** Options of a resource with rows. */
interface RowOptions<R, Encoded, Identifying> {
  /** Rows that are inside the rows of another resource, for resources without a table. */
  readonly nested?: Nested<R>
  /** Finds the row of a request. Defaults to the row whose id is the last parameter of the path. */
  readonly find?: (request: Identifying, store: Tables) => R | undefined
  /** Completes a row for a response with values that depend on the time or on other rows. */
  readonly view?: (row: R, context: Context) => R
  /** Generates one row in its encoded form. `object`, `id`, `created_at` and `updated_at` have defaults. */
  readonly seed?: (row: SeedRow) => Seeded<Encoded> & Hidden<R>
  /** Earlier versions of a seeded row, oldest first. The history has the events of each change from a version to the next. */
  readonly history?: (row: R) => ReadonlyArray<R>
  /** The events of a change: the type of an event whose data is the row, or a function. */
  readonly events?:
    | { readonly [Change in "created" | "updated" | "deleted"]?: RowEventName<R> }
    | ((before: R | undefined, after: R | undefined, store: Tables) => ReadonlyArray<EventDraft>)
  /** Changes other rows after the events of a change were emitted. */
  readonly onChange?: (before: R | undefined, after: R | undefined, store: Tables) => void
}

/** The endpoints whose handlers are derived. */
type DerivedName<E extends Endpoints> = [Row<E>] extends [never]
  ? never
  : {
      [Name in keyof E]: Name extends "list" | "get" | "delete"
        ? Name
        : Name extends "create" | "update"
          ? [Endpoint.Success<E[Name]>["Type"], ResponseRow<E>] extends [
              ResponseRow<E>,
              Endpoint.Success<E[Name]>["Type"]
            ]
            ? Name
            : never
          : never
    }[keyof E]

type Part<Condition, Options> = Condition extends true ? Options : unknown

type Has<E extends Endpoints, Name extends string> = Name extends DerivedName<E> ? true : false

type FiltersPart<F> = {} extends F ? { readonly filters?: F } : { readonly filters: F }

/**
 * The declaration of a resource. Types require everything that cannot be derived: a filter for each parameter of the list
 * that is not a key of the row, the keys of a new row that are not in its payload, and an action for every endpoint other
 * than `list`, `get`, `create`, `update` and `delete`.
 */
export type Declaration<E extends Endpoints> = ([Row<E>] extends [never]
  ? unknown
  : RowOptions<Row<E>, RowSchema<E>["Encoded"], RowRequest<E>> & HiddenOptions<Hidden<ResponseRow<E>>>) &
  Part<
    Has<E, "list">,
    FiltersPart<Filters<Row<E>, Query<E> & Params<Get<E, "list">>>> & ListRule<Row<E>, Get<E, "list">>
  > &
  Part<Has<E, "create">, CreateRule<Row<E>, Get<E, "create">> & CreateOptions<Row<E>, E>> &
  Part<Has<E, "update">, UpdateRule<Row<E>, Get<E, "update">>> &
  Part<
    Has<E, "delete">,
    {
      /** The status of a deletion. Defaults to the first documented one. */
      readonly deleteStatus?: Get<E, "delete">["status"] extends ReadonlyArray<infer Status> | undefined
        ? Status
        : number
    }
  > &
  ([Row<E>] extends [never]
    ? unknown
    : "create" extends DerivedName<E>
      ? unknown
      : {
          readonly parents?: {
            readonly [Key in keyof Row<E> | FilterName<Query<E>> | ParamName<Get<E, "list">>]?: {
              readonly resource: TableName
            }
          }
        }) &
  ([Exclude<keyof E, DerivedName<E>>] extends [never]
    ? unknown
    : { readonly actions: { readonly [Name in Exclude<keyof E, DerivedName<E>>]: Action<E[Name]> } })

/** A declaration for each resource. */
export type Declarations<R extends Resources> = { readonly [Name in keyof R]: Declaration<R[Name]["endpoints"]> }

// -----------------------------------------------------------------------------
// Any declaration
// -----------------------------------------------------------------------------

/** A filter of any list. */
export type AnyFilter =
  | AnyFunctions["matches"]
  | { values(row: AnyRow): Values; of?(value: unknown): string | ReadonlyArray<string> }
  | { since(value: unknown): number }
  | { until(value: unknown): number }

/** A request to any endpoint. */
export interface AnyRequest {
  readonly request: HttpServerRequest
  readonly params?: Readonly<Record<string, unknown>>
  readonly query?: object
  readonly payload?: object
}

/** Types of functions in unions and records of `AnyDeclaration`, because only members of an interface have method syntax. */
interface AnyFunctions {
  act(
    request: AnyRequest,
    context: Context
  ): Effect.Effect<unknown, unknown, AuthKit | SignIn | HttpServerRequest | ParsedSearchParams>
  eventsOf(before: AnyRow | undefined, after: AnyRow | undefined, store: Tables): ReadonlyArray<EventDraft>
  matches(row: AnyRow, value: unknown, store: Tables): boolean
}

/**
 * The declaration of any resource, for generic code. All functions have method syntax: TypeScript compares the parameters of
 * methods bivariantly, so the declaration of each resource is assignable.
 */
export interface AnyDeclaration {
  readonly nested?: {
    readonly in: string
    rows(parent: AnyRow): ReadonlyArray<AnyRow>
    replace(parent: AnyRow, rows: ReadonlyArray<AnyRow>): AnyRow
    parentId(row: AnyRow): string | undefined
  }
  readonly hidden?: ReadonlyArray<string>
  find?(request: Omit<AnyRequest, "request" | "payload">, store: Tables): AnyRow | undefined
  view?(row: AnyRow, context: Context): AnyRow
  list?(query: object, context: Context): Result.Result<(row: never) => boolean, unknown>
  existing?(given: object, context: Context): Result.Result<AnyRow | undefined, unknown>
  seed?(row: SeedRow): object
  history?(row: AnyRow): ReadonlyArray<AnyRow>
  readonly events?:
    | { readonly [Change in "created" | "updated" | "deleted"]?: Event["event"] }
    | AnyFunctions["eventsOf"]
  onChange?(before: AnyRow | undefined, after: AnyRow | undefined, store: Tables): void
  readonly filters?: Readonly<Record<string, AnyFilter>>
  readonly parents?: Readonly<Record<string, { readonly resource: string; readonly status?: 404 | 422 }>>
  readonly unique?: Readonly<Record<string, (value: string) => unknown>>
  readonly idempotentBy?: ReadonlyArray<string>
  readonly deleteStatus?: number
  create?(payload: object, row: AnyRow, context: Context): Result.Result<object, unknown>
  update?(row: AnyRow, payload: object, context: Context): Result.Result<object, unknown>
  readonly actions?: Readonly<Record<string, AnyFunctions["act"]>>
}
