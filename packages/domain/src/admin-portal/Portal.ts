// The Admin Portal: pages of WorkOS where an organization's own IT sets up its connections and domains.
//
// The link to it and its endpoint stand together; `https://workos.com/docs/reference/admin-portal` documents them.
import * as Schema from "effect/Schema"
import * as ApiError from "../ApiError.ts"
import * as Arbitraries from "../Arbitraries.ts"
import * as Endpoint from "../Endpoint.ts"
import * as Id from "../Id.ts"
import { RedactedString } from "../RedactedString.ts"
import * as Resource from "../Resource.ts"
import * as Wire from "../Wire.ts"

/**
 * What somebody is let into the Admin Portal for.
 *
 * **Example** (What may be asked for)
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
 * Which organization's Admin Portal, and what for.
 *
 * **Details**
 *
 * - `returnUrl`: where the application's logo leads to; `successUrl`: where people go when they have finished. Those of the
 *   dashboard where nothing is said.
 * - `itContactEmails`: the addresses, 20 at most, of those who are let in.
 *
 * **Example** (A link as it is asked for on the wire)
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
    intent: Schema.optionalKey(PortalIntent),
    returnUrl: Schema.optionalKey(Arbitraries.stringMatching(/https:\/\/app\.example\/return/)),
    successUrl: Schema.optionalKey(Arbitraries.stringMatching(/https:\/\/app\.example\/success/)),
    itContactEmails: Schema.optionalKey(
      Schema.Array(Arbitraries.stringMatching(/[a-z]{3,8}@(?:acme|contoso)\.example/)).check(Schema.isMaxLength(20))
    )
  }))
) {}

/**
 * A link to the Admin Portal. Whoever has it is let in, for as long as it is good: some minutes.
 *
 * **Example** (A link is not shown by mistake)
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
