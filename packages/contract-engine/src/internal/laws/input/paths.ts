// Laws of unusual paths.
import * as Effect from "effect/Effect"
import { describe, excerpt, type Exchange } from "../../../Exchange.ts"
import * as Law from "../../../Law.ts"
import * as Property from "../../../Property.ts"
import { Session } from "../../../Session.ts"
import * as Generate from "../../Generate.ts"
import { checkNoAccess } from "./access.ts"
import { allOf, checkSameResources, checkSameStatus } from "./variants.ts"

const trailingSlash: Law.Law = {
  id: "input/trailing-slash",
  sentence:
    "With a trailing slash, a path has the same resources and needs the same key, redirects to another URL, or returns 404 or 405.",
  source: Law.expected("Servers, proxies and access rules that disagree on a trailing slash expose or hide resources."),
  severity: "error",
  comparesLists: true,
  cost: { base: 3 },
  appliesTo: ({ isSafe, path }) => isSafe && !path.endsWith("/"),
  check: (operation) =>
    Effect.gen(function* () {
      const { description, send } = yield* Session
      const { conventions } = description
      const documented = yield* send(yield* Generate.minimal(operation))
      const slashed = { ...documented.request, path: `${documented.request.path}/` }
      return yield* Property.all(
        Property.forEach([slashed], (request) =>
          Effect.map(send(request), (variant) =>
            isRedirect(variant) && !isRedirect(documented)
              ? checkRedirect(variant)
              : allOf(
                  checkSameStatus(operation, documented, variant, conventions, [404, 405]),
                  checkSameResources(operation, documented, variant, conventions)
                )
          )
        ),
        checkNoAccess(operation, [slashed])
      )
    })
}

const isRedirect = ({ response: { status } }: Exchange): boolean => status >= 300 && status < 400

// A redirect to the same URL never ends.
const checkRedirect = (variant: Exchange): Property.CaseResult => {
  const { request, response } = variant
  const location = response.headers["location"] ?? ""
  const [path = ""] = location.replace(/^\w+:\/\/[^/]*/, "").split(/[?#]/, 1)
  if (location !== "" && path !== request.path) return Property.passed
  return Law.violation({
    message: `${describe(request)} redirects to ${location === "" ? "no location" : "itself"}`,
    requests: [request],
    expected: "a redirect to the path without the slash, or 404",
    actual: location === "" ? excerpt(response) : `${response.status} with Location: ${location}`
  })
}

/**
 * The laws of unusual paths.
 */
export const paths: ReadonlyArray<Law.Law> = [trailingSlash]
