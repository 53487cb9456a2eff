/**
 * Passwordless sessions: links that sign users in at Magic Link connections. WorkOS recommends Magic Auth instead.
 *
 * @module
 */
import * as Schema from "effect/Schema"
import * as ApiError from "../ApiError.ts"
import * as ApiObject from "../ApiObject.ts"
import * as Arbitraries from "../Arbitraries.ts"
import * as Endpoint from "../Endpoint.ts"
import * as Id from "../Id.ts"
import * as Lenient from "../Lenient.ts"
import { RedactedString } from "../RedactedString.ts"
import * as Resource from "../Resource.ts"
import { Timestamp } from "../Timestamp.ts"
import { Email } from "../user-management/Email.ts"
import * as Wire from "../Wire.ts"

/**
 * The id of a passwordless session: `passwordless_session_…`.
 *
 * @see https://workos.com/docs/reference/magic-link/passwordless-session
 */
export const PasswordlessSessionId = Id.make("passwordless_session").pipe(Schema.brand("PasswordlessSessionId"))
export type PasswordlessSessionId = typeof PasswordlessSessionId.Type

/**
 * A passwordless session. `link` signs the user in until `expiresAt`.
 *
 * @see https://workos.com/docs/reference/magic-link/passwordless-session
 */
export class PasswordlessSession extends Schema.Opaque<PasswordlessSession>()(
  Wire.Struct(() => ({
    object: ApiObject.kindOf("passwordless_session"),
    id: PasswordlessSessionId,
    email: Arbitraries.EmailAddress,
    expiresAt: Timestamp,
    link: RedactedString(/https:\/\/auth\.workos\.com\/passwordless\/[A-Za-z0-9]{25}\/confirm/)
  }))
) {}

/**
 * The payload that creates a passwordless session.
 *
 * **Details**
 *
 * - `redirectUri`: the URL to which the browser returns. Defaults to the redirect URI of the environment.
 * - `state`: returned unchanged.
 * - `connection`: the connection at which the user signs in. Defaults to the connection for the domain of the address.
 * - `expiresIn`: the lifetime of the link in seconds.
 *
 * @see https://workos.com/docs/reference/magic-link/passwordless-session/create
 */
export class CreatePasswordlessSession extends Schema.Opaque<CreatePasswordlessSession>()(
  Wire.Struct(() => ({
    type: Schema.Literal("MagicLink"),
    email: Email,
    redirectUri: Wire.optional(Arbitraries.stringMatching(/https:\/\/app\.example\/callback/)),
    state: Wire.optional(Schema.String),
    connection: Wire.optional(Id.make("conn")),
    expiresIn: Wire.optional(Schema.Int.check(Schema.isGreaterThanOrEqualTo(1)))
  }))
) {}

/**
 * The result of sending an email.
 *
 * @see https://workos.com/docs/reference/magic-link/passwordless-session/send-email
 */
export class SentPasswordlessSession extends Schema.Opaque<SentPasswordlessSession>()(
  Wire.Struct(() => ({
    success: Lenient.optional(Schema.Boolean),
    message: Lenient.optional(Schema.String)
  }))
) {}

/**
 * The endpoints of passwordless sessions.
 *
 * @see https://workos.com/docs/reference/magic-link/passwordless-session
 */
export const passwordlessSessions = Resource.make("passwordlessSessions", {
  /**
   * Creates a passwordless session.
   *
   * @see https://workos.com/docs/reference/magic-link/passwordless-session/create
   */
  create: Endpoint.post("/passwordless/sessions", {
    summary: "Create a passwordless session",
    payload: CreatePasswordlessSession,
    success: PasswordlessSession,
    status: 201,
    errors: [ApiError.BadRequest, ApiError.UnprocessableEntity],
    containsPii: true
  }),
  /**
   * Sends the link of a passwordless session to the user.
   *
   * @see https://workos.com/docs/reference/magic-link/passwordless-session/send-email
   */
  send: Endpoint.post("/passwordless/sessions/:id/send", {
    summary: "Send the link of a passwordless session",
    params: { id: PasswordlessSessionId },
    success: SentPasswordlessSession,
    status: 201,
    errors: [ApiError.NotFound, ApiError.UnprocessableEntity]
  })
})
