/**
 * The identities of users at OAuth providers.
 *
 * @module
 */
import * as Arbitraries from "../Arbitraries.ts"
import * as OpenEnum from "../OpenEnum.ts"
import * as Schema from "effect/Schema"
import * as Wire from "../Wire.ts"

/**
 * The OAuth provider of an identity.
 *
 * @see https://workos.com/docs/reference/authkit/identity
 */
export const IdentityProvider = OpenEnum.make(
  [
    "AppleOAuth",
    "BitbucketOAuth",
    "DiscordOAuth",
    "GithubOAuth",
    "GitLabOAuth",
    "GoogleOAuth",
    "GrokOAuth",
    "XOAuth",
    "IntuitOAuth",
    "LinkedInOAuth",
    "MicrosoftOAuth",
    "SalesforceOAuth",
    "SlackOAuth",
    "VercelMarketplaceOAuth",
    "VercelOAuth",
    "XeroOAuth"
  ],
  /[A-Z][a-z]{4,8}OAuth/
)
export type IdentityProvider = typeof IdentityProvider.Type

/**
 * An identity of a user at an OAuth provider. `idpId` is the id of the user at the provider.
 *
 * @see https://workos.com/docs/reference/authkit/identity
 */
export class Identity extends Schema.Opaque<Identity>()(
  Wire.Struct(() => ({
    idpId: Arbitraries.stringMatching(/[0-9]{21}/),
    type: OpenEnum.make(["OAuth"], /[A-Z][a-z]{3,6}/),
    provider: IdentityProvider
  }))
) {}
