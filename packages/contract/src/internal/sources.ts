// The sentences of the WorkOS documentation on which the laws are based.
import type { Source } from "@effect-workos/contract-engine/Result"

const reference = "https://workos.com/docs/reference"

const documented = (path: string, text: string): Source => ({ kind: "documented", text, url: `${reference}${path}` })

const follows = (path: string, text: string): Source => ({ kind: "expected", text, url: `${reference}${path}` })

/**
 * The sources by law id. Other laws keep their general source.
 */
export const sources: Readonly<Record<string, Source>> = {
  "responses/no-server-error": documented(
    "/errors",
    "A 5xx status is an error of WorkOS's servers; an invalid request returns 4xx."
  ),
  "responses/status": documented(
    "/errors",
    "The OpenAPI description lists the statuses of each operation; the errors page adds 400, 401 and 429 for every operation."
  ),
  "responses/content-type": documented("", "The OpenAPI description declares application/json for every body."),
  "responses/headers": documented("/errors", "Every response has an x-request-id, to include in a support request."),
  "responses/accepted": follows("", "A request that the OpenAPI description allows is valid."),
  "responses/body": documented(
    "/sso/connection",
    "The schemas of the OpenAPI description: Connection, Directory, Organization, OrganizationDomain, Event, Profile, and the lists of these."
  ),
  "responses/error-body": documented("/errors", "Errors are objects with a required message and an optional code."),
  "responses/undocumented-field": documented(
    "/sso/connection",
    "A field is documented if at least one version of the OpenAPI description or the reference pages lists it."
  ),
  "responses/undocumented-value": documented(
    "/sso/connection",
    "A value of an enumeration, such as connection_type or state, is documented if at least one version of the OpenAPI description or the reference pages lists it."
  ),
  "responses/id-prefix": documented(
    "/sso/connection",
    "Samples show prefixes such as conn_, org_ and org_domain_. The prefix is the only part of an id that clients may rely on."
  ),
  "responses/timestamps": documented(
    "/sso/connection",
    "created_at and updated_at have the format date-time; samples show 2026-01-15T12:00:00.000Z."
  ),
  "responses/created-before-updated": follows("/sso/connection", "updated_at is the time of the last change."),
  "lists/limit": documented(
    "/pagination",
    "limit: “Upper limit on the number of objects to return, between 1 and 100.”"
  ),
  "lists/default-limit": documented("/pagination", "limit has the default 10."),
  "lists/order": documented("/pagination", "order: “Order the results by the creation time.”"),
  "lists/reverse": follows("/pagination", "asc and desc are the two directions of one order."),
  "lists/complete": documented(
    "/pagination",
    "list_metadata: “Pagination cursors for navigating between pages of results.”"
  ),
  "lists/page-size": follows("/pagination", "limit is an upper limit on a page, and does not select objects."),
  "lists/back-and-forth": documented(
    "/pagination",
    "after and before are “an object ID that defines your place in the list”, for both directions."
  ),
  "lists/cursors-end": documented(
    "/pagination",
    "list_metadata.after: “When the ID is not present, you are at the end of the list.”"
  ),
  "lists/first-page": documented(
    "/pagination",
    "list_metadata.before: “When the ID is not present, you are at the start of the list.”"
  ),
  "lists/any-cursor": follows(
    "/pagination",
    "“An object ID that defines your place in the list”: any existing object has a place in it."
  ),
  "lists/filter-matches": documented(
    "/sso/connection/list",
    "“Filter Connections by their type”, “by their associated domain”, “by their associated organization”; search: “text to match against Connection names”."
  ),
  "lists/filter-complete": documented(
    "/sso/connection/list",
    "“Get a list of all of your existing connections matching the criteria specified.”"
  ),
  "lists/combined-filters-match": documented(
    "/sso/connection/list",
    "“Get a list of all of your existing connections matching the criteria specified.”"
  ),
  "lists/combined-filters-complete": documented(
    "/sso/connection/list",
    "“Get a list of all of your existing connections matching the criteria specified.”"
  ),
  "resources/get-matches-list": documented(
    "/sso/connection/get",
    "Both operations return the schema Connection: “the details of an existing connection”."
  ),
  "resources/unknown-id": documented("/errors", "404: the resource was not found."),
  "access/no-key": documented(
    "/authentication",
    "“API requests made without authentication or using an incorrect key will return a 401 error.”"
  ),
  "access/wrong-key": documented(
    "/authentication",
    "“API requests made without authentication or using an incorrect key will return a 401 error.”"
  ),
  "access/malformed-header": follows(
    "/authentication",
    "The key is passed as a bearer token; any other form is invalid."
  ),
  "input/limit": follows("/errors", "limit is an integer between 1 and 100; 422: validation failed for the request."),
  "input/enum": follows(
    "/errors",
    "order and connection_type are closed enumerations; 422: validation failed for the request."
  ),
  "input/malformed-cursor": follows(
    "/pagination",
    "Both cursors take an existing object's id; 422: validation failed for the request."
  ),
  "input/unknown-cursor": follows(
    "/pagination",
    "Both cursors take an existing object's id; an unknown id defines no place in the list."
  ),
  "input/exclusive-parameters": follows(
    "/events/list",
    "range_start: “Mutually exclusive with the after parameter.” Exactly one of connection, organization and provider selects the identity provider."
  ),
  "input/adversarial-id": follows("/errors", "404: the resource was not found. A malformed id identifies no resource."),
  "input/malformed-body": documented("/errors", "422: validation failed for the request; 400: it was not acceptable."),
  "lifecycle/created-in-get": documented("/sso/connection/create", "Creating a connection returns the connection."),
  "lifecycle/deleted-from-get": documented(
    "/sso/connection/delete",
    "“Permanently deletes an existing connection. It cannot be undone.”"
  ),
  "lifecycle/deleted-from-lists": documented(
    "/sso/connection/delete",
    "“Permanently deletes an existing connection. It cannot be undone.”"
  ),
  "lifecycle/deleted-again": documented("/sso/connection/delete", "404: the connection was not found.")
}
