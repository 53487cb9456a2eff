/**
 * Users of an application: schemas and endpoints.
 *
 * @module
 */
import * as Schema from "effect/Schema"
import * as ApiError from "../ApiError.ts"
import * as ApiObject from "../ApiObject.ts"
import { ExternalId, externalIds, MetadataInput } from "../ApplicationData.ts"
import { Metadata } from "../Attributes.ts"
import * as Arbitraries from "../Arbitraries.ts"
import * as Endpoint from "../Endpoint.ts"
import * as Id from "../Id.ts"
import * as Lazy from "../Lazy.ts"
import * as Lenient from "../Lenient.ts"
import * as Pagination from "../Pagination.ts"
import { RedactedString } from "../RedactedString.ts"
import * as Resource from "../Resource.ts"
import { Timestamp } from "../Timestamp.ts"
import { Email } from "./Email.ts"
import { Identity } from "./Identity.ts"
import * as RateLimits from "./RateLimits.ts"
import * as UserError from "./UserError.ts"
import { UserId } from "./UserId.ts"
import * as Wire from "../Wire.ts"

const FullName = Arbitraries.stringMatching(/[A-Z][a-z]{2,8} [A-Z][a-z]{2,8}/)

const LanguageTag = Arbitraries.stringMatching(/(?:de|en|fr)-(?:CA|DE|US)/)

const fields = () => ({
  email: Arbitraries.EmailAddress,
  emailVerified: Schema.Boolean,
  firstName: Lenient.optional(Arbitraries.FirstName, { required: true, nullable: true }),
  lastName: Lenient.optional(Arbitraries.LastName, { required: true, nullable: true }),
  name: Lenient.optional(FullName, { nullable: true }),
  profilePictureUrl: Lenient.optional(Arbitraries.url("/picture.png"), { required: true, nullable: true }),
  externalId: Lenient.optional(Arbitraries.stringMatching(externalIds), {
    required: true,
    nullable: true
  }),
  metadata: Lenient.withDefault(Metadata, () => ({}), { required: false }),
  lastSignInAt: Lenient.optional(Timestamp, { required: true, nullable: true }),
  locale: Lenient.optional(LanguageTag, { nullable: true })
})

/**
 * A user of the application.
 *
 * **Details**
 *
 * - `name`: the full name. Absent in older responses.
 * - `externalId` and `metadata`: the application's id for the user, and values that the application stores.
 * - `lastSignInAt`: absent if the user has never signed in.
 * - `locale`: the preferred language, such as `en-US`.
 *
 * **Example** (Decoding a user)
 *
 * ```ts
 * import * as Schema from "effect/Schema"
 * import { User } from "@effect-workos/domain/user-management/User"
 *
 * const user = Schema.decodeUnknownSync(User)({
 *   object: "user",
 *   id: "user_01E4ZCR3C56J083X43JQXF3JK5",
 *   email: "ada@example.com",
 *   email_verified: true,
 *   first_name: "Ada",
 *   last_name: null,
 *   created_at: "2026-01-15T12:00:00.000Z",
 *   updated_at: "2026-01-15T12:00:00.000Z"
 * })
 *
 * user.firstName // => "Ada"
 * user.lastName // => undefined
 * ```
 *
 * @see https://workos.com/docs/reference/authkit/user
 */
export class User extends Schema.Opaque<User>()(ApiObject.make("user", UserId, () => fields())) {}

// -----------------------------------------------------------------------------
// Requests
// -----------------------------------------------------------------------------

/**
 * The query parameters of the list of users.
 *
 * **Details**
 *
 * - `email`: the email address of the user, in any case.
 * - `organizationId`: an organization of which the user is a member.
 *
 * @see https://workos.com/docs/reference/authkit/user/list
 */
export class UserQuery extends Schema.Opaque<UserQuery>()(
  Wire.Struct(() => ({
    ...Pagination.query("user"),
    email: Schema.optional(Arbitraries.EmailAddress),
    organizationId: Schema.optional(Id.make("org"))
  }))
) {}

/**
 * The algorithm of a password hash that an application imports.
 *
 * @see https://workos.com/docs/migrate/other-services
 */
export const PasswordHashType = Lazy.schema(() =>
  Schema.Literals(["argon2", "bcrypt", "firebase-scrypt", "pbkdf2", "scrypt", "ssha", "ssha256"])
)
export type PasswordHashType = typeof PasswordHashType.Type

const password = RedactedString(/[A-Za-z0-9]{16}/)

const passwordHash = () => ({
  passwordHash: Wire.optional(RedactedString(/\$2a\$10\$[A-Za-z0-9./]{53}/)),
  passwordHashType: Wire.optional(PasswordHashType),
  passwordSaltPosition: Wire.optional(Schema.Literals(["prefix", "suffix"]))
})

/**
 * The payload that creates a user.
 *
 * **Details**
 *
 * - `password`, or `passwordHash` with `passwordHashType`: the password, or a hash of the password from another service.
 * - `externalId`: the application's id for the user, which is unique in the environment.
 * - `emailVerified`: whether the application has already verified the email address.
 * - `ipAddress`, `userAgent`, `signalsId`: facts about the request of the user, for Radar.
 *
 * @see https://workos.com/docs/reference/authkit/user/create
 */
export class CreateUser extends Schema.Opaque<CreateUser>()(
  Wire.Struct(() => ({
    email: Email,
    firstName: Wire.optional(Schema.NullOr(Arbitraries.FirstName)),
    lastName: Wire.optional(Schema.NullOr(Arbitraries.LastName)),
    name: Wire.optional(Schema.NullOr(FullName)),
    emailVerified: Wire.optional(Schema.NullOr(Schema.Boolean)),
    metadata: Wire.optional(Schema.NullOr(MetadataInput)),
    externalId: Wire.optional(Schema.NullOr(ExternalId)),
    password: Wire.optional(Schema.NullOr(password)),
    ...passwordHash(),
    ipAddress: Wire.optional(Schema.NullOr(Schema.String)),
    userAgent: Wire.optional(Schema.NullOr(Schema.String)),
    signalsId: Wire.optional(Schema.String)
  }))
) {}

/**
 * The payload that updates a user. Absent fields stay unchanged, and `null` removes a value.
 *
 * @see https://workos.com/docs/reference/authkit/user/update
 */
export class UpdateUser extends Schema.Opaque<UpdateUser>()(
  Wire.Struct(() => ({
    email: Wire.optional(Email),
    firstName: Wire.optional(Arbitraries.FirstName),
    lastName: Wire.optional(Arbitraries.LastName),
    name: Wire.optional(FullName),
    emailVerified: Wire.optional(Schema.Boolean),
    metadata: Wire.optional(Schema.NullOr(MetadataInput)),
    externalId: Wire.optional(Schema.NullOr(ExternalId)),
    locale: Wire.optional(Schema.NullOr(LanguageTag)),
    password: Wire.optional(password),
    ...passwordHash()
  }))
) {}

const code = RedactedString(/[0-9]{6}/)

// -----------------------------------------------------------------------------
// Responses
// -----------------------------------------------------------------------------

/**
 * A new user. `radarAuthAttemptId` is the id of the attempt for Radar, which a later sign-in can name.
 *
 * @see https://workos.com/docs/reference/authkit/user/create
 */
export class CreatedUser extends Schema.Opaque<CreatedUser>()(
  ApiObject.make("user", UserId, () => ({ ...fields(), radarAuthAttemptId: Lenient.optional(Schema.String) }))
) {}

/**
 * The user whose email address is verified or is being verified.
 *
 * @see https://workos.com/docs/reference/authkit/email-verification
 */
export class UserResponse extends Schema.Opaque<UserResponse>()(Wire.Struct(() => ({ user: User }))) {}

/**
 * A pending change of the email address of a user, who receives a code at `newEmail`.
 *
 * @see https://workos.com/docs/reference/authkit/user
 */
export class EmailChange extends Schema.Opaque<EmailChange>()(
  Wire.Struct(() => ({
    object: ApiObject.kindOf("email_change"),
    user: User,
    newEmail: Arbitraries.EmailAddress,
    expiresAt: Timestamp,
    createdAt: Timestamp
  }))
) {}

/**
 * The user with a confirmed new email address.
 *
 * @see https://workos.com/docs/reference/authkit/user
 */
export class EmailChangeConfirmation extends Schema.Opaque<EmailChangeConfirmation>()(
  Wire.Struct(() => ({ object: ApiObject.kindOf("email_change_confirmation"), user: User }))
) {}

// -----------------------------------------------------------------------------
// Endpoints
// -----------------------------------------------------------------------------

const params = { id: UserId }

/**
 * The endpoints of users.
 *
 * @see https://workos.com/docs/reference/authkit/user
 */
export const users = Resource.make("users", {
  /**
   * Returns a page of users. `order` defaults to `desc`.
   *
   * @see https://workos.com/docs/reference/authkit/user/list
   */
  list: Endpoint.get("/user_management/users", {
    summary: "List users",
    query: UserQuery,
    item: User,
    errors: [ApiError.UnprocessableEntity],
    rateLimits: RateLimits.reads,
    containsPii: true
  }),
  /**
   * Returns a user.
   *
   * @see https://workos.com/docs/reference/authkit/user/get
   */
  get: Endpoint.get("/user_management/users/:id", {
    summary: "Get a user",
    params,
    success: User,
    errors: [ApiError.NotFound],
    rateLimits: RateLimits.reads,
    containsPii: true
  }),
  /**
   * Returns the user with an external id: the id that the application has given to the user.
   *
   * @see https://workos.com/docs/reference/authkit/user/get-by-external-id
   */
  getByExternalId: Endpoint.get("/user_management/users/external_id/:external_id", {
    summary: "Get a user by the external id",
    params: { external_id: ExternalId },
    success: User,
    errors: [ApiError.NotFound],
    rateLimits: RateLimits.reads,
    containsPii: true
  }),
  /**
   * Creates a user. Fails with `WeakPassword` if WorkOS rejects the password, and with `UserCreationFailed` if another user
   * has the email address.
   *
   * @see https://workos.com/docs/reference/authkit/user/create
   */
  create: Endpoint.post("/user_management/users", {
    summary: "Create a user",
    payload: CreateUser,
    success: CreatedUser,
    status: 201,
    errors: [UserError.CreationErrors, ApiError.NotFound, ApiError.UnprocessableEntity],
    rateLimits: RateLimits.writes,
    containsPii: true
  }),
  /**
   * Updates a user. Absent fields stay unchanged, and `null` removes a value. Fails with `WeakPassword` if WorkOS rejects
   * the password, and with `EmailNotAvailable` if another user has the email address.
   *
   * @see https://workos.com/docs/reference/authkit/user/update
   */
  update: Endpoint.put("/user_management/users/:id", {
    summary: "Update a user",
    params,
    payload: UpdateUser,
    success: User,
    errors: [UserError.UpdateErrors, ApiError.NotFound, ApiError.UnprocessableEntity],
    rateLimits: RateLimits.writes,
    containsPii: true
  }),
  /**
   * Permanently deletes a user, with all sessions and organization memberships.
   *
   * @see https://workos.com/docs/reference/authkit/user/delete
   */
  delete: Endpoint.delete("/user_management/users/:id", {
    summary: "Delete a user",
    description: "Also deletes the sessions and organization memberships. A deletion cannot be undone.",
    params,
    status: [200, 204],
    errors: [ApiError.NotFound, ApiError.Conflict],
    rateLimits: RateLimits.writes
  }),
  /**
   * Sends an email with a code that verifies the email address. Fails with `BadRequest` and the code
   * `email_already_verified` if the address is verified.
   *
   * @see https://workos.com/docs/reference/authkit/email-verification
   */
  sendEmailVerification: Endpoint.post("/user_management/users/:id/email_verification/send", {
    summary: "Send a verification email",
    params,
    success: UserResponse,
    status: [200, 201],
    errors: [ApiError.BadRequest, ApiError.NotFound],
    rateLimits: RateLimits.writes,
    containsPii: true
  }),
  /**
   * Verifies the email address with the code of the email. Fails with `InvalidEmailCode` if the code is incorrect, used or
   * expired.
   *
   * @see https://workos.com/docs/reference/authkit/email-verification
   */
  confirmEmailVerification: Endpoint.post("/user_management/users/:id/email_verification/confirm", {
    summary: "Verify an email address",
    params,
    payload: Wire.Struct(() => ({ code })),
    success: UserResponse,
    errors: [UserError.VerificationErrors, ApiError.NotFound, ApiError.UnprocessableEntity],
    rateLimits: RateLimits.writes,
    retryUnsafe: true,
    containsPii: true
  }),
  /**
   * Sends an email with a code to a new email address. Fails with `EmailNotAvailable` if another user has the address.
   *
   * @see https://workos.com/docs/reference/authkit/user
   */
  sendEmailChange: Endpoint.post("/user_management/users/:id/email_change/send", {
    summary: "Send an email change code",
    params,
    payload: Wire.Struct(() => ({ newEmail: Email })),
    success: EmailChange,
    errors: [ApiError.NotFound, UserError.EmailChangeConflicts, ApiError.UnprocessableEntity],
    rateLimits: RateLimits.writes,
    containsPii: true
  }),
  /**
   * Changes the email address with the code of the email. Fails with `InvalidEmailCode` if the code is incorrect or expired,
   * with `Conflict` if the code was used, and with `EmailNotAvailable` if another user has the address now.
   *
   * @see https://workos.com/docs/reference/authkit/user
   */
  confirmEmailChange: Endpoint.post("/user_management/users/:id/email_change/confirm", {
    summary: "Confirm an email change",
    params,
    payload: Wire.Struct(() => ({ code })),
    success: EmailChangeConfirmation,
    errors: [
      UserError.EmailChangeErrors,
      ApiError.NotFound,
      UserError.EmailChangeConflicts,
      ApiError.UnprocessableEntity
    ],
    rateLimits: RateLimits.writes,
    retryUnsafe: true,
    containsPii: true
  }),
  /**
   * Returns the identities of a user at OAuth providers.
   *
   * @see https://workos.com/docs/reference/authkit/identity
   */
  listIdentities: Endpoint.get("/user_management/users/:id/identities", {
    summary: "List the identities of a user",
    params,
    success: Lazy.schema(() => Schema.Array(Identity)),
    errors: [ApiError.NotFound],
    rateLimits: RateLimits.reads,
    containsPii: true
  })
})
