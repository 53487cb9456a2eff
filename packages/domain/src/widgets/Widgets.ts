/**
 * Widgets: components of WorkOS for the pages of an application, for example to manage users.
 *
 * @module
 */
import * as Schema from "effect/Schema"
import * as ApiError from "../ApiError.ts"
import * as Endpoint from "../Endpoint.ts"
import * as Id from "../Id.ts"
import { RedactedString } from "../RedactedString.ts"
import * as Resource from "../Resource.ts"
import * as Wire from "../Wire.ts"

/**
 * A permission of a widget.
 *
 * @see https://workos.com/docs/reference/widgets
 */
export const WidgetScope = Schema.Literals([
  "widgets:users-table:manage",
  "widgets:domain-verification:manage",
  "widgets:sso:manage",
  "widgets:api-keys:manage",
  "widgets:dsync:manage",
  "widgets:audit-log-streaming:manage",
  "widgets:pipes:manage"
])
export type WidgetScope = typeof WidgetScope.Type

/**
 * The payload that creates a token for widgets.
 *
 * **Details**
 *
 * - `userId`: the user who sees the widget.
 * - `organizationId`: the organization that the widget manages. Required with `scopes`; widgets for the profile and the
 *   security settings of a user need none.
 *
 * @see https://workos.com/docs/reference/widgets
 */
export class CreateWidgetToken extends Schema.Opaque<CreateWidgetToken>()(
  Wire.Struct(() => ({
    organizationId: Wire.optional(Id.make("org")),
    userId: Wire.optional(Id.make("user")),
    scopes: Wire.optional(Schema.Array(WidgetScope))
  }))
) {}

/**
 * A token for widgets, for the page that shows them.
 *
 * @see https://workos.com/docs/reference/widgets
 */
export class WidgetToken extends Schema.Opaque<WidgetToken>()(
  Wire.Struct(() => ({ token: RedactedString(/[A-Za-z0-9_-]{20}\.[A-Za-z0-9_-]{80}\.[A-Za-z0-9_-]{342}/) }))
) {}

/**
 * The endpoints of widgets.
 *
 * @see https://workos.com/docs/reference/widgets
 */
export const widgets = Resource.make(
  "widgets",
  {
    /**
     * Creates a token for widgets. Fails with `BadRequest` if the user lacks the permissions of the scopes.
     *
     * @see https://workos.com/docs/reference/widgets
     */
    createToken: Endpoint.post("/widgets/token", {
      summary: "Create a token for widgets",
      payload: CreateWidgetToken,
      success: WidgetToken,
      status: 201,
      errors: [ApiError.BadRequest, ApiError.NotFound, ApiError.UnprocessableEntity]
    })
  },
  { noun: "widget token" }
)
