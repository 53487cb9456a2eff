// The declaration of the JWT template.
import * as ApiError from "@effect-workos/domain/ApiError"
import type { JwtTemplate, jwtTemplate as resource } from "@effect-workos/domain/user-management/JwtTemplate"
import * as Effect from "effect/Effect"
import type { Declaration } from "./Declaration.ts"
import * as IdGenerator from "./IdGenerator.ts"

export const jwtTemplate: Declaration<typeof resource.endpoints> = {
  actions: {
    get: (_, { store: { secrets } }) =>
      secrets.jwtTemplate === undefined
        ? Effect.fail(new ApiError.NotFound({ message: "JWT template not found." }))
        : Effect.succeed(secrets.jwtTemplate),
    update: ({ payload: { content } }, { ids: { now }, store: { secrets } }) => {
      const before = secrets.jwtTemplate
      if (before?.content === content) return Effect.succeed(before)
      const template: JwtTemplate = {
        object: "jwt_template",
        content,
        createdAt: before?.createdAt ?? now,
        updatedAt: IdGenerator.updateTime(now, before?.updatedAt)
      }
      secrets.jwtTemplate = template
      return Effect.succeed(template)
    }
  }
}
