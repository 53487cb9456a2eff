// The Admin Portal: pages of WorkOS where an organization's own IT sets up its connections and domains.
//
// The link to it and its endpoint stand together; `https://workos.com/docs/reference/admin-portal` documents them.
import * as HttpApiEndpoint from "effect/http-api/HttpApiEndpoint"
import * as HttpApiGroup from "effect/http-api/HttpApiGroup"
import * as HttpApiSchema from "effect/http-api/HttpApiSchema"
import * as OpenApi from "effect/http-api/OpenApi"
import * as Schema from "effect/Schema"
import * as ApiError from "../ApiError.ts"
import { ApiKey } from "../ApiKey.ts"
import * as Arbitraries from "../Arbitraries.ts"
import * as Id from "../Id.ts"
import { RedactedString } from "../RedactedString.ts"
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
export const GeneratePortalLink = Wire.Struct({
  organization: Id.make("org"),
  intent: Schema.optionalKey(PortalIntent),
  returnUrl: Schema.optionalKey(Arbitraries.stringMatching(/https:\/\/app\.example\/return/)),
  successUrl: Schema.optionalKey(Arbitraries.stringMatching(/https:\/\/app\.example\/success/)),
  itContactEmails: Schema.optionalKey(
    Schema.Array(Arbitraries.stringMatching(/[a-z]{3,8}@(?:acme|contoso)\.example/)).check(Schema.isMaxLength(20))
  )
})
export interface GeneratePortalLink extends Schema.Schema.Type<typeof GeneratePortalLink> {}

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
export const PortalLink = Wire.Struct({ link: RedactedString(/https:\/\/setup\.workos\.com\?token=[A-Za-z0-9_-]{40}/) })
export interface PortalLink extends Schema.Schema.Type<typeof PortalLink> {}

/**
 * The endpoint of the Admin Portal.
 *
 * **Example** (An API of nothing else)
 *
 * ```ts
 * import { PortalGroup } from "@effect-workos/domain/admin-portal/Portal"
 * import * as HttpApi from "effect/http-api/HttpApi"
 *
 * const PortalApi = HttpApi.make("portal").add(PortalGroup)
 * ```
 *
 * @see https://workos.com/docs/reference/admin-portal
 */
export const PortalGroup = HttpApiGroup.make("portal")
  .add(
    HttpApiEndpoint.post("generateLink", "/portal/generate_link", {
      payload: GeneratePortalLink,
      success: PortalLink.pipe(HttpApiSchema.status(201)),
      error: [
        ApiError.BadRequestResponse,
        ApiError.ForbiddenResponse,
        ApiError.NotFoundResponse,
        ApiError.UnprocessableEntityResponse
      ]
    }).annotateMerge(OpenApi.annotations({ summary: "Generate a link to the Admin Portal" }))
  )
  .middleware(ApiKey)
  .annotateMerge(OpenApi.annotations({ title: "Admin Portal" }))
