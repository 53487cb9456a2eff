// Implications between laws: a law whose failure makes another law fail as well, on the same operation.
//
// Reports use them to show one fault of a server once, as the failure of the law that describes the fault best.

const pageLaws = ["lists/limit", "lists/order", "lists/complete", "lists/cursors-end", "lists/page-size"]

const filterLaws = ["lists/filter-matches", "lists/filter-complete"]

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
  "lists/default-limit": ["lists/limit", "lists/complete", "lists/cursors-end", "lists/page-size"],
  "lists/complete": ["lists/limit", "lists/order", "lists/cursors-end", ...filterLaws],
  "lists/cursors-end": ["lists/limit", "lists/order", ...filterLaws],
  "lists/page-size": ["lists/limit", "lists/order", "lists/complete", "lists/cursors-end", ...filterLaws],
  "lists/reverse": ["lists/order", ...pageLaws, "lists/back-and-forth", ...filterLaws],
  "lists/first-page": [...filterLaws, ...pageLaws],
  "lists/back-and-forth": [...pageLaws, ...filterLaws],
  "lists/any-cursor": [...pageLaws, ...filterLaws],
  "lists/filter-complete": ["lists/filter-matches", ...pageLaws],
  "lists/combined-filters-match": ["lists/filter-matches"],
  "lists/combined-filters-complete": ["lists/filter-complete", "lists/filter-matches", ...pageLaws],
  "resources/get-matches-list": ["responses", "resources/reads-agree"],
  "resources/reads-agree": ["responses/no-server-error"],
  "access/wrong-key": ["access/no-key"],
  "access/malformed-header": ["access/no-key", "access/wrong-key"],
  "input/malformed-cursor": ["input/unknown-cursor"],
  "input/adversarial-id": ["resources/unknown-id"],
  "input/limit-spelling": ["input/limit", "lists/limit"],
  "input/empty-parameter": ["lists/limit", "lists/default-limit"],
  "input/repeated-parameter": ["lists/limit", "lists/filter-matches"],
  "input/trailing-slash": ["access/no-key", "resources/reads-agree", "lists/order"],
  "input/head": ["access/no-key", "resources/reads-agree"],
  "input/undocumented-method": ["input/undocumented-safe-method"],
  "input/delete-collection": ["input/undocumented-safe-method", "input/undocumented-method"],
  "lifecycle/model": ["lifecycle", "responses/id-prefix", "responses/status"],
  lifecycle: ["responses/id-prefix", "responses/status"]
}
