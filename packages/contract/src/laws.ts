// All laws that hold for any API.
import { access } from "./laws/access.ts"
import { input } from "./laws/input.ts"
import { lifecycle } from "./laws/lifecycle.ts"
import { lists } from "./laws/lists.ts"
import { resources } from "./laws/resources.ts"
import { responses } from "./laws/responses.ts"
import type { Law } from "./Law.ts"

/**
 * The laws of every family: responses, lists, resources, access, bad input, lifecycle.
 */
export const laws: ReadonlyArray<Law> = [...responses, ...lists, ...resources, ...access, ...input, ...lifecycle]
