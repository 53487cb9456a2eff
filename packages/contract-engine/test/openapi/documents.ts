// Public OpenAPI documents of different styles, from npm packages.
import * as NodeFs from "node:fs"
import { fileURLToPath } from "node:url"
import * as Yaml from "effect/encoding/Yaml"

const load = (url: string) => (): unknown => {
  const text = NodeFs.readFileSync(fileURLToPath(url), "utf8")
  return url.endsWith(".json") ? JSON.parse(text) : Yaml.parse(text)
}

/**
 * The documents, by name.
 */
export const documents = {
  /** 3.1: cursors, duplicates in `required`, `operationId`s of controllers. */
  workos: load(import.meta.resolve("@workos/openapi-spec/spec")),
  /** 3.1: `$dynamicRef`, six security schemes, JSON and XML. */
  galaxy: load(import.meta.resolve("@scalar/galaxy/latest.json")),
  /** 3.1: page numbers and links in the body, `application/problem+json`. */
  trainTravel: load(import.meta.resolve("@readme/oas-examples/3.1/json/train-travel.json")),
  /** 3.0: page numbers, lists without an envelope, no `operationId`s, an API key in its own header. */
  blockfrost: load(import.meta.resolve("@blockfrost/openapi/openapi.yaml")),
  /** 3.0: remote procedure calls with `POST`, `default` responses, no credentials. */
  rclone: load(import.meta.resolve("rclone-openapi/openapi.json"))
}
