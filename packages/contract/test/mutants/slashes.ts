// Mutants that treat a trailing slash wrongly.
import {
  crash,
  makeMutant,
  type Mutant,
  type Mutate,
  type ParsedRequest,
  type Rewrite,
  withHeader,
  withParts,
  withPath
} from "./Mutant.ts"
import { idAt, key, requestTo } from "./Probe.ts"

const hasSlash = ({ path }: ParsedRequest) => /^\/connections(?:\/[^/]+)?\/$/.test(path)

const whenSlash = (serve: Rewrite): Mutate =>
  makeMutant((emulator, store) => async (parsed) => {
    const response = await emulator(parsed.request)
    return hasSlash(parsed) && response.status === 200 ? serve(response, parsed, store) : response
  })

/**
 * Mutants for input/trailing-slash.
 */
export const slashes: ReadonlyArray<Mutant> = [
  {
    id: "slashes-crash",
    law: "input/trailing-slash",
    operation: "connections.list",
    summary: "Returns 500 for a trailing slash",
    mutate: whenSlash(crash),
    shows: () => [requestTo("/connections/")]
  },
  {
    id: "slash-returns-the-list",
    law: "input/trailing-slash",
    operation: "connections.get",
    summary: "Returns the list of connections for an id with a trailing slash",
    subtle: true,
    mutate: makeMutant(
      (emulator) => async (parsed) =>
        emulator(
          parsed.path !== "/connections/" && hasSlash(parsed) ? withPath(parsed, "/connections") : parsed.request
        )
    ),
    shows: (store) => [requestTo(`/connections/${idAt(store, 0)}/`)]
  },
  {
    id: "slash-redirects-to-itself",
    law: "input/trailing-slash",
    operation: "connections.list",
    summary: "Redirects a path with a trailing slash to itself",
    subtle: true,
    mutate: whenSlash((response, { path }) =>
      withParts(response, { status: 301, text: null, headers: { location: `http://localhost${path}` } })
    ),
    shows: () => [requestTo("/connections/")]
  },
  {
    id: "slash-needs-no-key",
    law: "input/trailing-slash",
    operation: "connections.list",
    summary: "Accepts a path with a trailing slash without a key",
    subtle: true,
    mutate: makeMutant(
      (emulator) => async (parsed) =>
        emulator(hasSlash(parsed) ? withHeader(parsed, "authorization", `Bearer ${key}`) : parsed.request)
    ),
    shows: () => [requestTo("/connections/", { authorization: undefined })]
  }
]
