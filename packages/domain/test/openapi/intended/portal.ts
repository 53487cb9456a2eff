// Intended differences in the Admin Portal.
import { onlyTheirs, type IntendedDifference } from "./entries.ts"

export const ofPortal: ReadonlyArray<IntendedDifference> = [
  {
    place: /^POST \/portal\/generate_link · application\/json\.it_contact_emails\[\] · format$/,
    editions: ["0.61"],
    differs: onlyTheirs,
    because: "The server validates email addresses, and responds with 422 to invalid ones."
  },
  {
    place: /^POST \/portal\/generate_link · application\/json\.intent_options(\.| · )/,
    editions: ["0.1"],
    differs: onlyTheirs,
    because: "Edition 0.61 removed the options."
  }
]
