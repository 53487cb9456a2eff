// The laws of input: a server refuses invalid input, and responds to unusual requests with a documented status.
import type { Law } from "../../Law.ts"
import { bodies } from "./input/bodies.ts"
import { headers } from "./input/headers.ts"
import { ids } from "./input/ids.ts"
import { methods } from "./input/methods.ts"
import { parameters } from "./input/parameters.ts"
import { paths } from "./input/paths.ts"
import { queries } from "./input/queries.ts"
import { texts } from "./input/texts.ts"
import { values } from "./input/values.ts"

/**
 * The laws of input.
 */
export const input: ReadonlyArray<Law> = [
  ...values,
  ...ids,
  ...texts,
  ...parameters,
  ...queries,
  ...paths,
  ...headers,
  ...bodies,
  ...methods
]
