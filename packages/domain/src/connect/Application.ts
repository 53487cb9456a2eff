/**
 * Applications of WorkOS Connect, which sign users in with their accounts of the customer's application.
 *
 * @module
 */
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import * as ApiObject from "../ApiObject.ts"
import * as Arbitraries from "../Arbitraries.ts"
import * as Id from "../Id.ts"
import * as Lazy from "../Lazy.ts"
import * as Lenient from "../Lenient.ts"
import { OrganizationId } from "../organizations/OrganizationId.ts"
import * as Wire from "../Wire.ts"

/**
 * The id of an application: `conn_app_…`.
 *
 * @see https://workos.com/docs/reference/workos-connect/applications
 */
export const ApplicationId = Id.make("conn_app").pipe(Schema.brand("ApplicationId"))
export type ApplicationId = typeof ApplicationId.Type

/**
 * The client id of an application: `client_…`.
 *
 * @see https://workos.com/docs/reference/workos-connect/applications
 */
export const ApplicationClientId = Id.make("client").pipe(Schema.brand("ApplicationClientId"))
export type ApplicationClientId = typeof ApplicationClientId.Type

/** An OAuth scope. */
const Scope = Arbitraries.stringMatching(/(?:email|openid|profile)/)

const application = <const Fields extends Schema.Struct.Fields>(fields: () => Fields) =>
  ApiObject.make("connect_application", ApplicationId, () => ({
    clientId: ApplicationClientId,
    name: Arbitraries.stringMatching(/(?:Notes|Reports|Sales) (?:app|bot|export)/),
    description: Lenient.optional(Arbitraries.stringMatching(/An application for [a-z]{4,9}/), {
      required: true,
      nullable: true
    }),
    scopes: Lenient.withDefault(Schema.Array(Scope), () => []),
    ...fields()
  }))

/**
 * A redirect URI of an application.
 *
 * @see https://workos.com/docs/reference/workos-connect/applications
 */
export class ApplicationRedirectUri extends Schema.Opaque<ApplicationRedirectUri>()(
  Wire.Struct(() => ({ uri: Arbitraries.url("/callback"), default: Schema.Boolean }))
) {}

/**
 * An application in which users sign in.
 *
 * **Details**
 *
 * - `isFirstParty`: true for applications of the customer, whose users need not consent.
 * - `wasDynamicallyRegistered`: true if the application registered itself. Absent for first-party applications.
 * - `organizationId`: the organization to which a third-party application belongs, unless it registered itself.
 *
 * @see https://workos.com/docs/reference/workos-connect/applications
 */
export class OAuthApplication extends Schema.Opaque<OAuthApplication>()(
  application(() => ({
    applicationType: Schema.Literal("oauth"),
    redirectUris: Lenient.withDefault(Schema.Array(ApplicationRedirectUri), () => []),
    usesPkce: Schema.Boolean,
    isFirstParty: Schema.Boolean,
    wasDynamicallyRegistered: Lenient.optional(Schema.Boolean),
    organizationId: Lenient.optional(OrganizationId)
  }))
) {}

/**
 * An application without users, which an organization operates.
 *
 * @see https://workos.com/docs/reference/workos-connect/applications
 */
export class MachineApplication extends Schema.Opaque<MachineApplication>()(
  application(() => ({ applicationType: Schema.Literal("m2m"), organizationId: OrganizationId }))
) {}

const isKnownType = (type: string): boolean => type === "oauth" || type === "m2m"

const unknownType = Lazy.schema(() =>
  Schema.String.check(
    Schema.makeFilter((type) => !isKnownType(type), { expected: "a type of application that is not documented" }),
    Arbitraries.patterned(/[a-z]{5,9}/)
  ).pipe(
    Wire.fastPath({ accepts: (input) => Predicate.isString(input) && !isKnownType(input), convert: Wire.unchanged }),
    Schema.brand("UnknownApplicationType")
  )
)

/**
 * An application of a type that this version does not know.
 *
 * @see https://workos.com/docs/reference/workos-connect/applications
 */
export class UnknownApplication extends Schema.Opaque<UnknownApplication>()(
  application(() => ({ applicationType: unknownType }))
) {}

/**
 * An application of a documented type. The members of the union differ in `applicationType`.
 *
 * @see https://workos.com/docs/reference/workos-connect/applications
 */
export type KnownApplication = OAuthApplication | MachineApplication

/**
 * An application. Use {@link isKnown} to distinguish applications of documented types from others.
 *
 * **Example** (The organization of an application)
 *
 * ```ts
 * import * as Application from "@effect-workos/domain/connect/Application"
 *
 * const organizationOf = (application: Application.Application) => {
 *   if (!Application.isKnown(application)) return undefined
 *   switch (application.applicationType) {
 *     case "m2m":
 *       return application.organizationId
 *     case "oauth":
 *       return application.isFirstParty ? undefined : application.organizationId
 *   }
 * }
 * ```
 *
 * @see https://workos.com/docs/reference/workos-connect/applications
 */
export const Application = Lazy.schema(() =>
  Schema.Union([OAuthApplication, MachineApplication, UnknownApplication]).pipe(
    Wire.fastPathBy(
      "application_type",
      new Map<string, Schema.Top>([
        ["oauth", OAuthApplication],
        ["m2m", MachineApplication]
      ]),
      UnknownApplication
    )
  )
)
export type Application = KnownApplication | UnknownApplication

/**
 * Tests whether an application has a documented type.
 */
export const isKnown = (application: Application): application is KnownApplication =>
  isKnownType(application.applicationType)
