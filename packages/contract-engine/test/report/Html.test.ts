// The markup of the HTML report.
import { runs } from "@effect-workos/testing/Sample"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Html from "../../src/report/Html.ts"
import { script } from "../../src/internal/html/Script.ts"
import { style } from "../../src/internal/html/Style.ts"
import { AnyReport } from "./arbitrary.ts"
import { groupedReport, wideReport, passedReport, report, skippedReport } from "./fixture.ts"

const elements = new Set(
  (
    "a b bdi body button caption circle code dd details div dl dt fieldset figcaption figure h1 h2 h3 head header html " +
    "input kbd label legend li main mark meta nav output p path pre q section span summary svg symbol table tbody td " +
    "th thead time title tr ul use"
  ).split(" ")
)

const attributes = new Set(
  (
    "aria-hidden aria-label autocomplete charset checked class colspan content cx cy d data-result datetime for hidden " +
    "href http-equiv id lang name open placeholder r rel role rowspan scope spellcheck style tabindex title type value " +
    "viewBox"
  ).split(" ")
)

// Verifies that the page contains only known tags: no other `<`, only quoted attributes, and no quotes or angle brackets
// in attributes.
const grammar = /<(\/?)([a-z0-9]+)((?:\s+[a-zA-Z-]+(?:="[^"<>]*")?)*)\s*\/?>|[^<>"']+/gy

const check = (page: string): void => {
  const ours = ["<!doctype html>", style, script, "<style>", "</style>", "<script>", "</script>"]
  for (const part of ours) assert.strictEqual(page.split(part).length, 2)
  const markup = ours.reduce((rest, part) => rest.replace(part, () => ""), page)
  const open: Array<string> = []
  let end = 0
  for (const [matched, slash, name, written = ""] of markup.matchAll(grammar)) {
    end += matched.length
    if (name === undefined) continue
    assert.isTrue(elements.has(name), name)
    for (const [, attribute = "", value = ""] of written.matchAll(/\s([a-zA-Z-]+)(?:="([^"]*)")?/g)) {
      assert.isTrue(attributes.has(attribute), attribute)
      if (attribute === "href") assert.match(value, /^(#[a-z0-9-]+$|https?:\/\/)/i)
      if (attribute === "style") assert.match(value, /^flex-grow: \d+$/)
      if (attribute === "id") assert.match(value, /^[a-z][a-z0-9-]*$/)
    }
    if (slash === "/") assert.strictEqual(open.pop(), name)
    else if (!matched.endsWith("/>") && !["input", "meta"].includes(name)) open.push(name)
  }
  assert.strictEqual(end, markup.length, markup.slice(end, end + 100))
  assert.deepStrictEqual(open, [])
}

describe("Html", () => {
  it.each([
    ["a report with failures", report],
    ["a report with several failures of one cause", groupedReport],
    ["a report without failures", passedReport],
    ["a report of skipped checks", skippedReport],
    ["a report of many operations", wideReport],
    ["an empty report", { ...report, results: [], fixed: [] }]
  ])("%s is rendered as valid markup", (_, report) => {
    check(Html.render(report))
  })

  it("an HTML report begins with the verdict", () => {
    const page = Html.render(report)
    assert.include(page, "<title>4 findings: 4 of 78 checks failed. http://127.0.0.1:4100</title>")
    assert.match(page, /<h1>[^]*4 findings: 4 of 78 checks failed\.\s*<\/h1>/)
    assert.match(Html.render(report, { strict: true }), /<h1>[^]*7 findings: 7 of 78 checks failed\.\s*<\/h1>/)
  })

  it("an HTML report forbids loading anything", () => {
    assert.include(
      Html.render(report),
      `content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"`
    )
  })

  it("an HTML report shows failures with the same cause below the most specific one", () => {
    const page = Html.render(groupedReport)
    assert.include(page, "<title>3 findings: 4 of 78")
    assert.include(page, "3 other cases fail as well")
    assert.match(page, /\d more failures have the same cause/)
    assert.match(
      page,
      /<section class="coverage">\s*<h2>\s*Coverage\s+<span class="number"[^>]*>\s*1 of 2\s+operations/
    )
  })

  it.each([report, groupedReport])("an HTML report has unique anchors and no broken links (%#)", (report) => {
    const page = Html.render(report)
    const ids = Array.from(page.matchAll(/ id="([^"]*)"/g), ([, id]) => id)
    const links = Array.from(page.matchAll(/ href="#([^"]*)"/g), ([, id]) => id)
    assert.strictEqual(new Set(ids).size, ids.length)
    assert.includeMembers(ids, links)
    assert.includeMembers(
      links,
      report.results.map((_, index) => `r${index + 1}`)
    )
  })

  it.effect.prop(
    "an HTML report has the same structure for all texts of a server",
    [AnyReport],
    ([report]) =>
      Effect.sync(() => {
        check(Html.render(report))
      }),
    { arbitrary: { runs: runs(100, 25) } }
  )
})
