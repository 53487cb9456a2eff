/**
 * Redirect URIs: the URLs to which browsers may return after a sign-in.
 *
 * @module
 */
import * as Schema from "effect/Schema"
import * as ApiError from "../ApiError.ts"
import * as ApiObject from "../ApiObject.ts"
import * as Arbitraries from "../Arbitraries.ts"
import * as Endpoint from "../Endpoint.ts"
import * as Id from "../Id.ts"
import * as Pagination from "../Pagination.ts"
import * as Resource from "../Resource.ts"
import * as Wire from "../Wire.ts"
import * as RateLimits from "./RateLimits.ts"

/**
 * The id of a redirect URI: `redir_…`.
 *
 * @see https://workos.com/docs/reference/authkit
 */
export const RedirectUriId = Id.make("redir").pipe(Schema.brand("RedirectUriId"))
export type RedirectUriId = typeof RedirectUriId.Type

/**
 * A redirect URI of the environment. AuthKit uses the `default` one if a sign-in names none.
 *
 * @see https://workos.com/docs/reference/authkit
 */
export class RedirectUri extends Schema.Opaque<RedirectUri>()(
  ApiObject.make("redirect_uri", RedirectUriId, () => ({
    uri: Arbitraries.url("/callback"),
    default: Schema.Boolean
  }))
) {}

/**
 * The payload that creates a redirect URI.
 *
 * @see https://workos.com/docs/reference/authkit
 */
export class CreateRedirectUri extends Schema.Opaque<CreateRedirectUri>()(
  Wire.Struct(() => ({ uri: Arbitraries.url("/callback") }))
) {}

/**
 * The endpoints of redirect URIs.
 *
 * @see https://workos.com/docs/reference/authkit
 */
export const redirectUris = Resource.make(
  "redirectUris",
  {
    /** Returns a page of redirect URIs. */
    list: Endpoint.get("/user_management/redirect_uris", {
      summary: "List redirect URIs",
      query: Wire.Struct(() => Pagination.query("redir")),
      item: RedirectUri,
      errors: [ApiError.UnprocessableEntity],
      rateLimits: RateLimits.reads
    }),
    /** Creates a redirect URI. Fails with `UnprocessableEntity` if the URI exists. */
    create: Endpoint.post("/user_management/redirect_uris", {
      summary: "Create a redirect URI",
      payload: CreateRedirectUri,
      success: RedirectUri,
      status: 201,
      errors: [ApiError.BadRequest, ApiError.UnprocessableEntity],
      rateLimits: RateLimits.writes
    }),
    /** Deletes a redirect URI. Fails with `Conflict` if the URI is the default of the environment. */
    delete: Endpoint.delete("/user_management/redirect_uris/:id", {
      summary: "Delete a redirect URI",
      params: { id: RedirectUriId },
      errors: [ApiError.NotFound, ApiError.Conflict],
      rateLimits: RateLimits.writes
    })
  },
  { title: "Redirect URIs", noun: "redirect URI" }
)
