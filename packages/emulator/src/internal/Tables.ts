// The types of rows and tables, derived from resources.
import type * as Endpoint from "@effect-workos/domain/Endpoint"
import type { Parameter } from "@effect-workos/domain/Pagination"
import type { Endpoints, Resource } from "@effect-workos/domain/Resource"
import type * as resources from "@effect-workos/domain/resources"
import type * as DateTime from "effect/DateTime"
import type { EventLog } from "./EventLog.ts"
import type { Secrets } from "./Secrets.ts"
import type * as Table from "./Table.ts"

// -----------------------------------------------------------------------------
// Rows
// -----------------------------------------------------------------------------

/** An endpoint by its name; `never` if the resource does not have it. */
export type Get<E, Name> = Name extends keyof E ? (E[Name] extends Endpoint.Endpoint ? E[Name] : never) : never

/** The schema of a row: the result of `get`, or the item of `list`. */
export type RowSchema<E extends Endpoints> = [Endpoint.Part<Get<E, "get">, "success">] extends [never]
  ? Endpoint.Part<Get<E, "list">, "item">
  : Endpoint.Part<Get<E, "get">, "success">

/** A row of a resource as responses contain it; `never` for resources without rows, such as `sso`. */
export type ResponseRow<E extends Endpoints> = Extract<RowSchema<E>["Type"], Table.Row>

/** Columns that responses do not contain, by the value of `object`. */
interface HiddenColumns {
  /** The user who has authorized the application. */
  readonly authorized_connect_application: { readonly userId: string }
  /** The slug of the provider of the account. */
  readonly connected_account: { readonly slug: string }
}

/** The columns of a row that responses do not contain; `unknown` without such columns. */
export type Hidden<R> = [R] extends [{ readonly object: infer Kind extends keyof HiddenColumns }]
  ? HiddenColumns[Kind]
  : unknown

/** A row of a resource, with its hidden columns. */
export type Row<E extends Endpoints> = [ResponseRow<E>] extends [never]
  ? never
  : ResponseRow<E> & Hidden<ResponseRow<E>>

/** The query of a list. */
export type Query<E extends Endpoints> = Endpoint.Part<Get<E, "list">, "query">["Type"]

// -----------------------------------------------------------------------------
// Tables
// -----------------------------------------------------------------------------

export type Resources = Readonly<Record<string, Resource>>

type NameWithRows<R extends Resources> = {
  [Name in keyof R]: [Row<R[Name]["endpoints"]>] extends [never] ? never : Name
}[keyof R]

/** The names of the path parameters of a list. */
type ListParam<E> = E extends { readonly params: infer Params } ? keyof Params & string : never

type TablesOf<R extends Resources> = {
  readonly [Name in Exclude<NameWithRows<R>, "events">]: Table.Table<
    Row<R[Name]["endpoints"]>,
    // Not a named type, so that compiler messages list the members.
    | (Exclude<keyof Query<R[Name]["endpoints"]>, Parameter | "search"> & string)
    | (keyof Row<R[Name]["endpoints"]> & string)
    | ListParam<Get<R[Name]["endpoints"], "list">>
  >
}

/**
 * The data of a store: a table for each resource with rows, and the event log.
 *
 * **Details**
 *
 * - `findBy` finds rows by a filter of the resource's list or by a key of the row.
 * - `secrets` contains values that responses do not contain, such as passwords.
 */
export interface Tables extends TablesOf<typeof resources>, EventLog {
  /** Values that responses do not contain. */
  readonly secrets: Secrets
}

/** The names of tables. */
export type TableName = keyof TablesOf<typeof resources>

/** The names of resources that can have seed data: those with a list. */
export type SeedName = {
  [Name in TableName]: "list" extends keyof (typeof resources)[Name]["endpoints"] ? Name : never
}[TableName]

/** The rows of a table, by its name. */
export type RowOf<Name extends TableName> = Row<(typeof resources)[Name]["endpoints"]>

/** The encoded rows of a table, by its name. */
export type EncodedRowOf<Name extends TableName> = RowSchema<(typeof resources)[Name]["endpoints"]>["Encoded"]

// -----------------------------------------------------------------------------
// Any table
// -----------------------------------------------------------------------------

/** A row of any resource. */
export interface AnyRow extends Table.Row {
  readonly updatedAt?: DateTime.Utc
}

/** A table of any resource. */
export type AnyTable = Table.Table<AnyRow, string>
