// The public modules of the published libraries: all source files outside of `src/internal`.
import { globSync, readFileSync } from "node:fs"
import { dirname, join } from "node:path"

export interface Module {
  /** The import path, for example `@effect-workos/client/Connections`. */
  readonly specifier: string
  readonly package: string
  /** The source file, relative to the root of the repository. */
  readonly file: string
}

interface Manifest {
  readonly name: string
  readonly private?: boolean
  readonly exports?: Readonly<Record<string, string | null>>
}

export const modules: ReadonlyArray<Module> = globSync("packages/*/package.json")
  .toSorted()
  .flatMap((path) => {
    const { exports, name, private: isPrivate }: Manifest = JSON.parse(readFileSync(path, "utf8"))
    if (isPrivate === true || exports?.["./*"] === undefined) return []
    const source = join(dirname(path), "src")
    return globSync("**/*.ts", { cwd: source, exclude: ["internal/**"] })
      .toSorted()
      .map((file) => ({
        specifier: join(name, file.replace(/[.]ts$/, "")),
        package: name,
        file: join(source, file)
      }))
  })
