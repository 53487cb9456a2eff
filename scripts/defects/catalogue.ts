// The defects that `pnpm test` must detect. Each one is a small mistake in one source file.

/**
 * A defect. Each edit replaces a text that occurs exactly once in the file.
 */
export interface Defect {
  readonly id: string
  /** The consequence for users, in one sentence. */
  readonly summary: string
  readonly file: string
  readonly edits: ReadonlyArray<readonly [from: string, to: string]>
}

export const catalogue: ReadonlyArray<Defect> = [
  {
    id: "repeated-post",
    summary: "A retry repeats a POST without an idempotency key.",
    file: "packages/client/src/internal/Retry.ts",
    edits: [[`  !retryUnsafe &&\n  (method === "GET" ||`, `  (method === "POST" ||\n    method === "GET" ||`]]
  },
  {
    id: "ignored-retry-after",
    summary: "A retry does not wait for the `Retry-After` of the response.",
    file: "packages/client/src/internal/Retry.ts",
    edits: [["Math.min(Math.max(0, retryAfter ?? 0), maxRetryAfter)", "0 * (retryAfter ?? 0) * maxRetryAfter"]]
  },
  {
    id: "late-retry",
    summary: "A call is retried after its deadline.",
    file: "packages/client/src/internal/Transport.ts",
    edits: [["return next < deadline ? delay : undefined", "return next < Infinity ? delay : undefined"]]
  },
  {
    id: "followed-redirect",
    summary: "A redirect takes the API key to another address.",
    file: "packages/client/src/internal/Transport.ts",
    edits: [[`{ redirect: "manual" } as const`, `{ redirect: "follow" } as const`]]
  },
  {
    id: "missing-redaction",
    summary: "An error shows the API key if the response repeats it twice.",
    file: "packages/client/src/internal/Excerpt.ts",
    edits: [["excerpt = excerpt.replaceAll(secret, redacted)", "excerpt = excerpt.replace(secret, redacted)"]]
  },
  {
    id: "exceeded-rate-limit",
    summary: "A client sends more requests in a window than its rate limit.",
    file: "packages/client/src/internal/TokenBucket.ts",
    edits: [["perMilli: (limit + 1 - burst) / (millis + jitter)", "perMilli: (limit + burst) / (millis + jitter)"]]
  },
  {
    id: "lost-milliseconds",
    summary: "A timestamp loses its last digit.",
    file: "packages/domain/src/Timestamp.ts",
    edits: [["twoDigits(text, 20) * 10 + text.charCodeAt(22) - 48", "twoDigits(text, 20) * 10"]]
  },
  {
    id: "lost-filter-value",
    summary: "A filter with several values sends only the first one.",
    file: "packages/domain/src/Pagination.ts",
    edits: [[`encode: (values) => values.join(",")`, `encode: (values) => values[0]`]]
  },
  {
    id: "expired-signature",
    summary: "A webhook with an expired signature is accepted.",
    file: "packages/server/src/Webhook.ts",
    edits: [["if (now - timestamp > limit) return", "if (now - timestamp > limit * 60) return"]]
  },
  {
    id: "repeated-webhook",
    summary: "A webhook that was handled is handled again.",
    file: "packages/server/src/ReplayWindow.ts",
    edits: [[`known.set(id, { state: "Handled", expiresAt }))`, `known.delete(id))`]]
  },
  {
    id: "expired-token",
    summary: "An expired access token is accepted.",
    file: "packages/server/src/AccessTokens.ts",
    edits: [
      [
        "now >= DateTime.toEpochMillis(claims.exp) + clockTolerance",
        "now >= DateTime.toEpochMillis(claims.exp) + 60 * clockTolerance"
      ]
    ]
  },
  {
    id: "off-by-one-cursor",
    summary: "The next page of the emulator repeats the last row.",
    file: "packages/emulator/src/internal/Table.ts",
    edits: [
      [
        "(forward ? beyond : behind) ? data[data.length - 1]!.id",
        "(forward ? beyond : behind) ? data.at(-2)?.id ?? data[0]!.id"
      ]
    ]
  },
  {
    id: "ignored-null",
    summary: "The emulator keeps the metadata that an update sets to null.",
    file: "packages/emulator/src/internal/Organizations.ts",
    edits: [
      [
        "payload.metadata === null ? { metadata: {} } : {}",
        "payload.metadata === null ? { metadata: organization.metadata } : {}"
      ]
    ]
  },
  {
    id: "early-checkpoint",
    summary: "An export writes a checkpoint before its rows.",
    file: "packages/export/src/Checkpoint.ts",
    edits: [
      [
        "      yield* failed(file.writeAll(data))\n",
        `      const written = data.slice()
      const ahead = { bytes: bytes + data.length, rows: rows + batch.rows.length, invalid: invalid + newInvalid }
      yield* failed(lines.writeAll(encode(line({ ...ahead, advanced: Crawl.merge([...pendingBatches, batch]).advanced }))))
      yield* failed(file.writeAll(written))\n`
      ],
      [
        "    yield* failed(lines.writeAll(encode(line({ advanced }))))\n",
        "    if (batch.rows.length === 0) yield* failed(lines.writeAll(encode(line({ advanced }))))\n"
      ]
    ]
  },
  {
    id: "untruncated-rows",
    summary: "A resumed export keeps rows that are not in its checkpoint.",
    file: "packages/export/src/Checkpoint.ts",
    edits: [
      [
        `    yield* failed(file.truncate(bytes))
    yield* failed(file.seek(BigInt(bytes), "start"))\n`,
        `    yield* failed(file.seek(size, "start"))\n`
      ],
      [
        `    const file = yield* failed(fs.open(part, { flag: from === undefined ? "wx" : "r+" }))\n`,
        `    const file = yield* failed(fs.open(part, { flag: from === undefined ? "wx" : "r+" }))
    const { size } = yield* failed(file.stat)\n`
      ]
    ]
  },
  {
    id: "repeated-tie",
    summary: "An export repeats a row if several were created in the same millisecond.",
    file: "packages/export/src/internal/Segment.ts",
    edits: [["    if (ahead === 0 && tied.has(position.id)) continue\n", ""]]
  },
  {
    id: "blind-law",
    summary: "The contract suite accepts rows that do not match a filter.",
    file: "packages/contract-engine/src/internal/laws/lists/filters.ts",
    edits: [
      [
        "filters.find(([filter, value]) => !filter.matches(row, value))",
        "filters.find(([filter, value]) => !filter.matches(row, value) && value === undefined)"
      ]
    ]
  },
  {
    id: "hidden-failure",
    summary: "A baseline hides a new failure of a law that fails elsewhere.",
    file: "packages/contract-engine/src/Baseline.ts",
    edits: [["  `${law} ${operation}`", '  `${law} ${operation === "" ? operation : ""}`']]
  },
  {
    id: "wrong-exit-code",
    summary: "`verify` exits with 0 although a law fails.",
    file: "packages/cli/src/VerifyOutput.ts",
    edits: [[`if (outcome !== "passed") return`, `if (outcome === "inconclusive") return`]]
  },
  {
    id: "terminal-escape",
    summary: "A name from the server changes the colours of the terminal.",
    file: "packages/cli/src/WrapText.ts",
    edits: [
      [
        `(character) =>\n    character < " " ?`,
        `(character) =>\n    character === "\\u001B" ? character : character < " " ?`
      ]
    ]
  }
]
