// The Admin Portal, where the IT administrators of an organization set up connections and domains: schemas and endpoints.
import * as Schema from "effect/Schema"
import * as ApiError from "../ApiError.ts"
import * as Arbitraries from "../Arbitraries.ts"
import * as Endpoint from "../Endpoint.ts"
import * as Id from "../Id.ts"
import { RedactedString } from "../RedactedString.ts"
import * as Resource from "../Resource.ts"
import * as Wire from "../Wire.ts"

/**
 * The part of the Admin Portal that a link opens.
 *
 * **Example** (Testing an intent)
 *
 * ```ts
 * import * as Schema from "effect/Schema"
 * import { PortalIntent } from "@effect-workos/domain/admin-portal/Portal"
 *
 * Schema.is(PortalIntent)("domain_verification") // => true
 * ```
 *
 * @see https://workos.com/docs/reference/admin-portal/portal-link/generate
 */
export const PortalIntent = Schema.Literals([
  "sso",
  "dsync",
  "audit_logs",
  "log_streams",
  "domain_verification",
  "certificate_renewal",
  "bring_your_own_key"
])
export type PortalIntent = typeof PortalIntent.Type

/**
 * The payload that generates a link to the Admin Portal.
 *
 * **Details**
 *
 * - `returnUrl`: the destination of the application's logo. Defaults to that of the dashboard.
 * - `successUrl`: the destination of users who have finished. Defaults to that of the dashboard.
 * - `itContactEmails`: the email addresses of the administrators who may use the link, at most 20.
 *
 * **Example** (The encoded payload)
 *
 * ```ts
 * import * as Schema from "effect/Schema"
 * import { GeneratePortalLink } from "@effect-workos/domain/admin-portal/Portal"
 *
 * Schema.encodeSync(GeneratePortalLink)({ organization: "org_01EHWNCE74X7JSDV0X3SZ3KJNY", returnUrl: "https://app.example" })
 * // => { organization: "org_01EHWNCE74X7JSDV0X3SZ3KJNY", return_url: "https://app.example" }
 * ```
 *
 * @see https://workos.com/docs/reference/admin-portal/portal-link/generate
 */
export class GeneratePortalLink extends Schema.Opaque<GeneratePortalLink>()(
  Wire.Struct(() => ({
    organization: Id.make("org"),
    intent: Wire.optional(PortalIntent),
    returnUrl: Wire.optional(Arbitraries.stringMatching(/https:\/\/app\.example\/return/)),
    successUrl: Wire.optional(Arbitraries.stringMatching(/https:\/\/app\.example\/success/)),
    itContactEmails: Wire.optional(
      Schema.Array(Arbitraries.stringMatching(/[a-z]{3,8}@(?:acme|contoso)\.example/)).check(Schema.isMaxLength(20))
    )
  }))
) {}

/**
 * A link to the Admin Portal. It grants access to anyone who has it, and expires after some minutes.
 *
 * **Example** (The link is redacted)
 *
 * ```ts
 * import * as Schema from "effect/Schema"
 * import { PortalLink } from "@effect-workos/domain/admin-portal/Portal"
 *
 * const { link } = Schema.decodeSync(PortalLink)({ link: "https://setup.workos.com?token=abc" })
 * String(link) // => "<redacted>"
 * ```
 *
 * @see https://workos.com/docs/reference/admin-portal/portal-link
 */
export class PortalLink extends Schema.Opaque<PortalLink>()(
  Wire.Struct(() => ({ link: RedactedString(/https:\/\/setup\.workos\.com\?token=[A-Za-z0-9_-]{40}/) }))
) {}

/**
 * The endpoints of the Admin Portal.
 *
 * @see https://workos.com/docs/reference/admin-portal
 */
export const portal = Resource.make(
  "portal",
  {
    /**
     * Returns a link that opens the Admin Portal of an organization. The link is valid for some minutes, so create it when
     * a user follows it instead of sending it by mail. Fails with `NotFound` if the organization does not exist.
     *
     * @see https://workos.com/docs/reference/admin-portal/portal-link/generate
     */
    generateLink: Endpoint.post("/portal/generate_link", {
      summary: "Generate a link to the Admin Portal",
      payload: GeneratePortalLink,
      success: PortalLink,
      status: 201,
      errors: [ApiError.BadRequest, ApiError.Forbidden, ApiError.NotFound, ApiError.UnprocessableEntity]
    })
  },
  { title: "Admin Portal", noun: "portal link" }
)
