// The modules that other people import: what stands in the `exports` of the packages that are published.
import { globSync, readFileSync } from "node:fs"
import { dirname, join } from "node:path"

export interface Module {
  /** As it is imported, `@effect-workos/client/Connections`. */
  readonly specifier: string
  readonly package: string
  /** The file, from the root of the repository. */
  readonly file: string
}

interface Manifest {
  readonly name: string
  readonly private?: boolean
  readonly exports?: Readonly<Record<string, string>>
}

export const modules: ReadonlyArray<Module> = globSync("packages/*/package.json")
  .toSorted()
  .flatMap((path) => {
    const { exports = {}, name, private: isPrivate }: Manifest = JSON.parse(readFileSync(path, "utf8"))
    if (isPrivate === true) return []
    return Object.entries(exports)
      .filter(([, file]) => file.endsWith(".ts"))
      .map(([entry, file]) => ({ specifier: join(name, entry), package: name, file: join(dirname(path), file) }))
  })
