/**
 * The Admin Portal, where the IT administrators of an organization set up connections and domains: schemas and endpoints.
 *
 * @module
 */
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
 * - `returnUrl`: the URL that the application's logo links to. Defaults to the URL in the dashboard.
 * - `successUrl`: the URL that opens when a user has finished. Defaults to the URL in the dashboard.
 * - `itContactEmails`: the email addresses of IT administrators to whom WorkOS grants access to the Admin Portal of the
 *   organization, at most 20.
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
 * A link to the Admin Portal of an organization. Anyone with the link has access to this portal, so `link` is `Redacted`.
 * The link expires after some minutes.
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
     * Returns a link that opens the Admin Portal of an organization. The link is valid for some minutes, so generate a
     * link when a user opens the portal, and do not send links by email. Fails with `NotFound` if the organization does not
     * exist.
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
