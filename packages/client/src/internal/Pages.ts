// Streams of the pages and rows of a list.
import * as Array from "effect/Array"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import type * as Pull from "effect/Pull"
import * as Stream from "effect/Stream"
import { CursorRepeated } from "../ClientError.ts"

/**
 * Streams pages, and fetches the next page while the current page is consumed.
 *
 * **Details**
 *
 * At most one page is fetched ahead. Ending the stream early interrupts the request for that page. `next` returns
 * the effect that fetches the page after the given page, or `undefined` if the given page is the last.
 */
export const prefetch = <Page, E, R>(
  first: Effect.Effect<Page, E, R>,
  next: (page: Page) => Effect.Effect<Page, E, R> | undefined
): Stream.Stream<Page, E, R> =>
  Stream.unwrap(
    Effect.map(Effect.scope, (scope) => {
      let upcoming: Effect.Effect<Page, E, R> | undefined = first
      return Stream.fromPull(
        Effect.succeed(
          Effect.suspend((): Pull.Pull<Array.NonEmptyArray<Page>, E, void, R> => {
            if (upcoming === undefined) return Cause.done()
            return Effect.flatMap(upcoming, (page) => {
              const following = next(page)
              upcoming = undefined
              if (following === undefined) return Effect.succeed(Array.of(page))
              return Effect.map(Effect.forkIn(following, scope, { startImmediately: true }), (fiber) => {
                upcoming = Fiber.join(fiber)
                return Array.of(page)
              })
            })
          })
        )
      )
    })
  )

/**
 * Streams all pages of a list after a cursor, or all pages without a cursor. Fails with `CursorRepeated` instead of
 * following a cursor a second time. `failure` returns the error that ends the stream after a page, if any.
 */
export const pages = <Page, E, R>(options: {
  readonly operation: string
  readonly after: string | undefined
  readonly fetch: (after: string | undefined) => Effect.Effect<Page, E, R>
  readonly next: (page: Page) => string | null
  readonly failure?: ((page: Page) => E | undefined) | undefined
}): Stream.Stream<Page, E | CursorRepeated, R> =>
  Stream.suspend(() => {
    const { after, failure, fetch, next, operation } = options
    const followed = new Set(after === undefined ? [] : [after])

    const follow = (cursor: string): Effect.Effect<Page, E | CursorRepeated, R> => {
      if (followed.has(cursor)) {
        const message = `${operation}: the server sent the cursor ${cursor} a second time, so the list would never end.`
        return Effect.fail(new CursorRepeated({ operation, message, cursor }))
      }
      followed.add(cursor)
      return fetch(cursor)
    }

    return prefetch<Page, E | CursorRepeated, R>(fetch(after), (page) => {
      const error = failure?.(page)
      if (error !== undefined) return Effect.fail(error)
      const cursor = next(page)
      return cursor === null ? undefined : follow(cursor)
    })
  })

/**
 * Streams the rows of pages.
 */
export const rows = <Page, Row, E, R>(
  pages: Stream.Stream<Page, E, R>,
  of: (page: Page) => ReadonlyArray<Row>
): Stream.Stream<Row, E, R> =>
  pages.pipe(Stream.map(of), Stream.filter(Array.isReadonlyArrayNonEmpty), Stream.flattenArray)
