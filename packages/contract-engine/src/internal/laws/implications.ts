// Implications between laws: a law whose failure makes another law fail as well, on the same operation.
//
// Reports use them to show one fault of a server once, as the failure of the law that describes the fault best.

const pageLaws = ["lists/limit", "lists/order", "lists/complete", "lists/cursors-end", "lists/page-size"]

/**
 * The ids or families of the laws that imply each law, the most specific first. `*` stands for every law that fails
 * because of the same status.
 */
export const implications: Readonly<Record<string, ReadonlyArray<string>>> = {
  "responses/no-server-error": ["*"],
  "responses/status": ["*"],
  "responses/accepted": ["*"],
  "responses/body": ["responses/id-prefix", "responses/timestamps"],
  "responses/undocumented-field": ["responses/body", "responses/error-body"],
  "responses/content-type": ["responses/body", "responses/error-body"],
  "lists/default-limit": ["lists/limit", "lists/complete", "lists/cursors-end"],
  "lists/complete": ["lists/limit", "lists/order", "lists/cursors-end"],
  "lists/cursors-end": ["lists/limit", "lists/order"],
  "lists/page-size": ["lists/limit", "lists/order", "lists/complete", "lists/cursors-end"],
  "lists/reverse": ["lists/order", ...pageLaws],
  "lists/first-page": ["lists/filter-matches", ...pageLaws],
  "lists/back-and-forth": pageLaws,
  "lists/any-cursor": pageLaws,
  "lists/filter-complete": ["lists/filter-matches", ...pageLaws],
  "lists/combined-filters-match": ["lists/filter-matches"],
  "lists/combined-filters-complete": ["lists/filter-complete", "lists/filter-matches", ...pageLaws],
  "resources/get-matches-list": ["responses"],
  "resources/reads-agree": ["responses/no-server-error"],
  "access/wrong-key": ["access/no-key"],
  "access/malformed-header": ["access/no-key", "access/wrong-key"],
  "input/malformed-cursor": ["input/unknown-cursor"],
  "input/adversarial-id": ["resources/unknown-id"],
  "input/limit-spelling": ["input/limit", "lists/limit"],
  "input/empty-parameter": ["lists/limit", "lists/default-limit"],
  "input/repeated-parameter": ["lists/limit", "lists/filter-matches"],
  "input/trailing-slash": ["access/no-key"],
  "input/head": ["access/no-key"],
  lifecycle: ["responses/id-prefix", "responses/status"]
}
