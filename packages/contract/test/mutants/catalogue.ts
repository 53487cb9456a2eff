// The catalogue of all mutants.
import { access } from "./access.ts"
import { authKit } from "./authKit.ts"
import { bodies } from "./bodies.ts"
import { cursors } from "./cursors.ts"
import { events } from "./events.ts"
import { errors } from "./errors.ts"
import { filters } from "./filters.ts"
import { adversarialInputs } from "./adversarialInputs.ts"
import { implemented } from "./implemented.ts"
import { lifecycle } from "./lifecycle.ts"
import { members } from "./members.ts"
import { methods } from "./methods.ts"
import type { Mutant } from "./Mutant.ts"
import { organizations } from "./organizations.ts"
import { order } from "./order.ts"
import { pages } from "./pages.ts"
import { parameters } from "./parameters.ts"
import { queries } from "./queries.ts"
import { requestHeaders } from "./requestHeaders.ts"
import { resources } from "./resources.ts"
import { signIn } from "./signIn.ts"
import { shapes } from "./shapes.ts"
import { slashes } from "./slashes.ts"
import { statuses } from "./statuses.ts"
import { transport } from "./transport.ts"
import { workos } from "./workos.ts"

/**
 * All mutants, by area.
 */
export const catalogue: ReadonlyArray<Mutant> = [
  ...implemented,
  ...transport,
  ...statuses,
  ...shapes,
  ...errors,
  ...pages,
  ...order,
  ...filters,
  ...cursors,
  ...resources,
  ...lifecycle,
  ...access,
  ...parameters,
  ...adversarialInputs,
  ...queries,
  ...methods,
  ...slashes,
  ...requestHeaders,
  ...bodies,
  ...workos,
  ...organizations,
  ...events,
  ...signIn,
  ...authKit,
  ...members
]
