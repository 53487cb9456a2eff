// The style of the HTML report, for light and dark, screens, phones and paper.
import { byUrgency } from "../../Result.ts"

// CSS alone implements filters by status: elements without the status are hidden, and containers that become empty.
const filters = byUrgency
  .map((status) => {
    const filtered = `body:has(#show-${status}:checked)`
    return `
${filtered} :is(.result, a.mark):not(.${status}),
${filtered} tr.law:not(:has(a.mark.${status}:not(.unmatched))),
${filtered} .matrix tbody:not(:has(a.mark.${status}:not(.unmatched))),
${filtered} :is(.filtered, .reason, .group):not(:has(.result.${status}:not(.unmatched))) { display: none }`
  })
  .join("")

const colours = byUrgency
  .map((status) => `.${status} { --colour: var(--${status}); --tint: var(--${status}-tint) }`)
  .join("\n")

/**
 * The page's style sheet.
 */
export const style = `
:root {
  color-scheme: light dark;
  --paper: #fafaf8; --raised: #ffffff; --sunken: #f5f5f2; --hover: #f1f1ed;
  --ink: #1d1d1b; --quiet: #5e5e58; --line: #e4e4de; --edge: #8a8a83;
  --link: #1f57b8; --focus: #2f6fe0;
  --failed: #bf1f2b; --failed-tint: #fbe9e9; --on-failed: #ffffff;
  --drift: #8a5700; --drift-tint: #fbf0d8;
  --skipped: #64645d; --skipped-tint: #eeeeea;
  --passed: #1b7446; --passed-tint: #e4f3ea;
  --passed-bar: #5fb187; --skipped-bar: #cfcfc8; --drift-bar: #e0a93c; --failed-bar: #d2353f;
  --toolbar: 4rem;
  --mono: ui-monospace, "SF Mono", SFMono-Regular, Menlo, Consolas, "Liberation Mono", "DejaVu Sans Mono", monospace;
}
@media screen and (prefers-color-scheme: dark) {
  :root {
    --paper: #131312; --raised: #1b1b1a; --sunken: #151514; --hover: #242423;
    --ink: #ecece8; --quiet: #a6a69f; --line: #2f2f2d; --edge: #73736d;
    --link: #8fb7ff; --focus: #7aa8ff;
    --failed: #ff8f8a; --failed-tint: #3b1f1e; --on-failed: #2b0808;
    --drift: #e6b863; --drift-tint: #352a12;
    --skipped: #a3a39c; --skipped-tint: #282826;
    --passed: #72cf9b; --passed-tint: #17301f;
    --passed-bar: #3f9267; --skipped-bar: #4a4a46; --drift-bar: #c9973a; --failed-bar: #f0706b;
  }
}
${colours}

*, *::before, *::after { box-sizing: border-box }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100% }
body {
  margin: 0; background: var(--paper); color: var(--ink);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
  font-variant-numeric: tabular-nums; overflow-wrap: anywhere;
}
h1, h2, h3, p, dl, dd, figure, pre, ul, fieldset { margin: 0; padding: 0; border: 0; min-width: 0 }
ul { list-style: none }
a { color: var(--link); text-underline-offset: 2px }
:focus-visible { outline: 2px solid var(--focus); outline-offset: 2px }
code, pre, .operation { font-family: var(--mono); font-size: 12.5px; font-variant-ligatures: none }
bdi, code, .message, .sentence, q, .title { unicode-bidi: isolate }
.away {
  position: absolute; width: 1px; height: 1px; margin: -1px; padding: 0; border: 0;
  overflow: hidden; clip-path: inset(50%); white-space: nowrap;
}
.skip {
  position: absolute; left: 1rem; top: -4rem; z-index: 9; padding: .5rem 1rem; border-radius: 8px;
  background: var(--raised); border: 1px solid var(--edge);
}
.skip:focus { top: 1rem }
.number { font-variant-numeric: tabular-nums; white-space: nowrap }

.page { max-width: 80rem; margin: 0 auto; padding: 0 clamp(1rem, 3.2vw, 2.5rem) 1rem }

header { padding: clamp(1.75rem, 5vw, 3.5rem) 0 1.25rem }
.target { color: var(--quiet) }
.target bdi { margin-left: .125rem; color: var(--ink); font-family: var(--mono); font-size: 14px }
h1 {
  display: flex; align-items: center; gap: .75rem; margin: .75rem 0 0;
  font-size: clamp(1.5rem, 4.2vw, 2.25rem); line-height: 1.2; font-weight: 650; letter-spacing: -.022em;
}
h1 .mark { width: 1.15em; height: 1.15em; border-radius: .32em; font-size: inherit }
.notes { margin-top: .5rem; color: var(--quiet); font-size: 1.0625rem; max-width: 46rem }
.bar { display: flex; gap: 3px; height: 10px; margin: 1.75rem 0 0 }
.bar span { min-width: 6px; flex-basis: 0; border-radius: 3px; background: var(--bar) }
.bar .failed { --bar: var(--failed-bar) } .bar .drift { --bar: var(--drift-bar) }
.bar .skipped { --bar: var(--skipped-bar) } .bar .passed { --bar: var(--passed-bar) }
.run { display: flex; flex-wrap: wrap; gap: .75rem 2.5rem; margin-top: 1.25rem }
.run dt { color: var(--quiet); font-size: 13px }
.run dd { font-variant-numeric: tabular-nums }

.icon { width: 16px; height: 16px; flex: none; display: block; fill: none; stroke: currentColor; stroke-width: 2; stroke-linecap: round; stroke-linejoin: round }
.icon .half, .half { fill: currentColor; stroke: none }
.mark { display: inline-grid; place-items: center; flex: none; width: 28px; height: 28px; border-radius: 8px; color: var(--colour); text-decoration: none }
h1 .icon { width: 68%; height: 68% }
.mark.failed { background: var(--failed); color: var(--on-failed) }
.mark.known { background: none; color: var(--failed); box-shadow: inset 0 0 0 1.5px var(--failed) }
.mark.drift { background: var(--drift-tint) }
h1 .mark.passed, .card .mark.passed { background: var(--passed-tint) }
h1 .mark.skipped, .card .mark.skipped { background: var(--skipped-tint) }
a.mark:hover { box-shadow: inset 0 0 0 1.5px var(--colour) }

.toolbar {
  display: flex; flex-wrap: wrap; align-items: center; gap: .5rem 1rem; min-height: var(--toolbar); padding: .75rem 0;
  background: var(--paper); border-bottom: 1px solid var(--line);
}
.toolbar fieldset { display: flex; flex-wrap: wrap; gap: .375rem }
.chip { position: relative; cursor: pointer }
.chip input { position: absolute; inset: 0; opacity: 0; margin: 0; cursor: pointer }
.chip > span {
  display: flex; align-items: center; gap: .375rem; padding: .3125rem .75rem; border-radius: 999px;
  border: 1px solid var(--line); background: var(--raised); font-size: 14px; white-space: nowrap;
}
.chip .icon { color: var(--colour) }
.chip .number { color: var(--quiet) }
.chip:hover > span { border-color: var(--edge) }
.chip input:checked + span { background: var(--ink); border-color: var(--ink); color: var(--paper) }
.chip input:checked + span :is(.number, .icon) { color: inherit }
.chip input:focus-visible + span { outline: 2px solid var(--focus); outline-offset: 2px }
.search { position: relative; flex: 1 1 12rem; max-width: 20rem; margin-left: auto }
.search input {
  width: 100%; padding: .375rem 2rem .375rem .875rem; border: 1px solid var(--edge); border-radius: 999px;
  background: var(--raised); color: var(--ink); font: inherit; font-size: 14px; appearance: none;
}
.search input::placeholder { color: var(--quiet); opacity: 1 }
.search kbd {
  position: absolute; right: .75rem; top: 50%; translate: 0 -50%; padding: 0 .375rem; border: 1px solid var(--line);
  border-radius: 4px; color: var(--quiet); font: 12px/1.4 var(--mono); pointer-events: none;
}
.search input:is(:focus, :not(:placeholder-shown)) ~ kbd { visibility: hidden }
.shown { color: var(--quiet); font-size: 14px; white-space: nowrap }
.shown:empty { display: none }
html:not(.js) :is(.search, .copy) { display: none }

.columns { display: grid; grid-template-columns: minmax(0, 1fr); gap: 2.5rem; padding-top: 1.5rem }
.matrix { border: 1px solid var(--line); border-radius: 12px; background: var(--raised) }
.matrix table { width: 100%; padding-bottom: .625rem; border-collapse: separate; border-spacing: 0; font-size: 14px }
.matrix thead { position: sticky; top: 0; z-index: 2 }
.matrix thead th {
  background: var(--raised); color: var(--quiet); font-size: 13px; font-weight: 500; text-align: center;
  padding: .25rem .375rem; vertical-align: bottom;
}
.matrix thead tr:first-child th { border-radius: 12px 12px 0 0; padding-top: .625rem }
.matrix thead .name, .matrix thead .corner { border-bottom: 1px solid var(--line) }
.matrix thead .resource span { display: block; white-space: nowrap; padding-bottom: .125rem; border-bottom: 1px solid var(--line) }
.matrix thead .resource span:empty { border: 0 }
.matrix thead .name { color: var(--ink); white-space: nowrap }
.matrix .corner { text-align: left; padding-left: 1rem }
.upright .name { height: 4.5rem }
.upright .name span { writing-mode: vertical-rl; rotate: 180deg; white-space: nowrap; max-height: 12rem; overflow: hidden; text-overflow: ellipsis }
.matrix tbody th { min-width: 8rem; text-align: left; font-weight: 400; padding: .1875rem .75rem .1875rem 1rem; background: var(--raised) }
.matrix .family th { padding: .875rem 1rem .25rem; font-size: 13px; font-weight: 600; color: var(--quiet) }
.matrix td { width: 3.25rem; padding: .125rem .375rem; text-align: center; line-height: 0 }
.matrix :is(td, .name, .resource):last-child { padding-right: .75rem }
.matrix .law:hover > * { background: var(--hover) }
.legend { margin-top: .75rem; color: var(--quiet); font-size: 13px }
.legend > span { display: inline-flex; align-items: center; gap: .375rem; margin-right: 1.25rem }
.legend .mark { width: 20px; height: 20px; border-radius: 6px }
.legend .icon { width: 12px; height: 12px }

.findings { display: grid; gap: 2.25rem; align-content: start; min-width: 0 }
h2 { display: flex; align-items: baseline; gap: .5rem; font-size: 1.125rem; line-height: 1.3; font-weight: 650; letter-spacing: -.01em; margin-bottom: .75rem }
h2 .number { color: var(--quiet); font-weight: 400; letter-spacing: 0 }
.lead { color: var(--quiet); margin: -.5rem 0 .75rem }
.nothing { padding: 2rem; text-align: center; color: var(--quiet); border: 1px dashed var(--edge); border-radius: 12px }
.nothing[hidden] { display: none }
.nothing button { border: 0; background: none; padding: 0; color: var(--link); font: inherit; text-decoration: underline; cursor: pointer }
.cards { display: grid; gap: .625rem }
.finding { display: grid; grid-template-columns: minmax(0, 1fr); gap: .375rem }
.same { display: grid; grid-template-columns: minmax(0, 1fr); gap: .25rem; margin-left: 1.75rem; padding-left: .75rem; border-left: 2px solid var(--line) }
.same h3 { margin: .125rem 0; font-size: 13px; color: var(--quiet) }
.same summary { padding: .375rem .75rem; font-size: 14px }
.same .mark { width: 22px; height: 22px; border-radius: 6px }
.same .icon { width: 13px; height: 13px }
.same .card > .body { padding-left: 2.875rem }
.card { border: 1px solid var(--line); border-radius: 12px; background: var(--raised); min-width: 0; scroll-margin-top: calc(var(--toolbar) + 1rem) }
.card:has(> :target) { border-color: var(--edge); box-shadow: 0 0 0 1px var(--edge) }
summary {
  display: grid; grid-template-columns: auto minmax(0, 1fr) auto; align-items: start; gap: 0 .75rem;
  padding: .75rem 1rem; cursor: pointer; list-style: none; border-radius: 12px;
}
summary::-webkit-details-marker { display: none }
summary::after {
  content: ""; grid-column: 3; grid-row: 1; width: 8px; height: 8px; margin: 8px 4px 0; rotate: 45deg;
  border: solid var(--quiet); border-width: 0 1.75px 1.75px 0;
}
details[open] > summary { border-radius: 12px 12px 0 0 }
details[open] > summary::after { rotate: 225deg; margin-top: 12px }
summary:hover { background: var(--hover) }
summary .mark { grid-row: 1 }
summary .title { grid-column: 2; grid-row: 1; padding-top: 2px }
summary .message { grid-column: 2 }
summary .law { font-weight: 600 }
summary > .number { grid-column: 2; grid-row: 1; justify-self: end; padding-top: 2px; color: var(--quiet) }
.reason > summary .title { padding-right: 3rem }
.operation { color: var(--quiet); font-size: 12.5px }
.result .law, .list .law { margin-right: .25rem }
.card > .body { padding: .375rem 1rem 1.125rem 3.5rem; scroll-margin-top: 11rem }
.card .sentence { font-size: 1.0625rem }
:is(.sentence, .source) code { font-size: .9em; padding: .0625em .3em; border-radius: 4px; background: var(--sunken); border: 1px solid var(--line) }
.source { color: var(--quiet); margin-top: .25rem; font-size: 14px }
.source .kind { color: var(--ink) }
.source .kind::after { content: ":" }
.compared { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: .75rem }
.code { margin-top: 1rem; min-width: 0 }
figcaption { display: flex; align-items: center; justify-content: space-between; min-height: 1.75rem; padding-bottom: .25rem; font-size: 13px; font-weight: 600 }
pre {
  padding: .75rem .875rem; border: 1px solid var(--line); border-radius: 8px; background: var(--sunken);
  line-height: 1.55; white-space: pre-wrap; overflow-wrap: anywhere; overflow: auto; max-height: 22rem; tab-size: 2;
}
/* Without this rule, a line breaks between its indentation and a long first word. */
.indented { word-break: break-all }
.compared .code { display: flex; flex-direction: column }
.compared pre { flex: 1 }
mark { color: inherit; background: var(--tint); border-radius: 3px; box-decoration-break: clone; -webkit-box-decoration-break: clone; padding: 1px 0; text-decoration: underline dotted var(--colour) 1.5px; text-underline-offset: 3px }
.compared .expected { --tint: var(--passed-tint); --colour: var(--passed) }
.compared .actual { --tint: var(--failed-tint); --colour: var(--failed) }
.drift .compared .actual { --tint: var(--drift-tint); --colour: var(--drift) }
.copy {
  min-width: 4.75rem; padding: .125rem .625rem; border: 1px solid var(--line); border-radius: 6px; background: var(--raised);
  color: var(--ink); font: inherit; font-weight: 400; cursor: pointer;
}
.copy:hover { border-color: var(--edge) }
.copy.copied { border-color: var(--passed); color: var(--passed) }
.effort { margin-top: .875rem; color: var(--quiet); font-size: 13px }
.list { padding: .25rem 1rem }
.list li { padding: .5rem 0; border-bottom: 1px solid var(--line) }
.list li:last-child { border: 0 }
.list .message { display: block; color: var(--quiet) }
h3 { margin: .5rem 0 .125rem; font-weight: 400 }
.reason ul { display: grid; gap: 0 1.5rem; grid-template-columns: repeat(auto-fill, minmax(min(100%, 12rem), 1fr)); font-size: 14px }
.reason li { padding: .0625rem .375rem; margin-left: -.375rem; border-radius: 6px; scroll-margin-top: 6rem }
.passes table { width: calc(100% + 1rem); margin: 0 -.5rem; border-collapse: collapse }
.passes :is(td, th) { padding-left: .5rem; padding-right: .5rem }
.passes th { text-align: left; font-weight: 400; vertical-align: baseline }
.passes thead th { color: var(--quiet); font-size: 13px; padding-bottom: .375rem }
.passes :is(td, th).number { text-align: right; vertical-align: baseline }
.passes tbody :is(td, th) { padding-top: .5rem; padding-bottom: .5rem; border-top: 1px solid var(--line) }
.passes .sentence { display: block; font-size: 14px; color: var(--quiet) }
.passes .sentence a { white-space: nowrap }
.passes tr { scroll-margin-top: 6rem }
:is(li, tr):target { background: var(--hover); box-shadow: 0 0 0 2px var(--edge); border-radius: 6px }

.coverage { min-width: 0 }
.coverage h3 { margin: 1rem 0 .5rem; font-size: 14px; font-weight: 600 }
.coverage .card h3 { margin: .5rem 0 .125rem; font-weight: 400 }
.shares { padding: .5rem 1rem; overflow-x: auto }
.shares table { width: 100%; border-collapse: collapse; font-size: 14px }
.shares :is(th, td) { padding: .3125rem .5rem; text-align: left; font-weight: 400 }
.shares :is(th, td).number { text-align: right }
.shares .operation { white-space: nowrap }
.shares thead th { color: var(--quiet); font-size: 13px }
.shares tbody :is(th, td) { border-top: 1px solid var(--line) }
.shares b { font-weight: 650 }
.none { color: var(--quiet) }
.coverage .card > .body { padding-left: 1rem }
.coverage summary .title { grid-column: 1 / 3; padding-right: 3rem }
.coverage ul { display: grid; gap: 0 1.5rem; grid-template-columns: repeat(auto-fill, minmax(min(100%, 16rem), 1fr)); font-size: 14px }
.unmatched, tr.law:not(:has(a.mark:not(.unmatched))), .matrix tbody:not(:has(a.mark:not(.unmatched))),
:is(.filtered, .reason, .group):not(:has(.result:not(.unmatched))) { display: none }
${filters}
body:has(#show-all:not(:checked)) :is(.fixed, .coverage), .looking :is(.fixed, .coverage), .lost .overview { display: none }

@media screen and (min-width: 62rem) {
  .toolbar { position: sticky; top: 0; z-index: 5 }
  .columns:not(.lost):has(.overview) { grid-template-columns: minmax(0, max-content) minmax(26rem, 1fr) }
  .overview { position: sticky; top: calc(var(--toolbar) + 1rem); align-self: start; display: flex; flex-direction: column; max-height: calc(100vh - var(--toolbar) - 2rem) }
  .matrix { overflow: auto; min-height: 8rem }
  .findings { padding-bottom: 4rem }
  .matrix .law th { min-width: 11rem; max-width: 17rem; position: sticky; left: 0; z-index: 1 }
}
@media screen and (max-width: 61.99rem) {
  .matrix.broad { overflow: auto; max-height: 85vh }
  .matrix.broad .law th { position: sticky; left: 0; z-index: 1 }
}
@media screen and (max-width: 40rem) {
  .chip .word { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%) }
  .search { flex-basis: 100%; max-width: none }
  .run { display: grid; grid-template-columns: 1fr 1fr; gap: .75rem 1rem }
  .matrix td { width: 2.75rem; padding-inline: .1875rem }
  .matrix thead th { padding-inline: .25rem; font-size: 12px }
  .matrix .corner, .matrix tbody tr th { padding-left: .75rem; padding-right: .375rem }
  .matrix .family th { padding-left: .75rem }
  .card > .body { padding-left: 1rem }
  .compared { grid-template-columns: 1fr; gap: 0 }
}
@media print {
  :root { --paper: #ffffff; --sunken: #ffffff }
  body { font-size: 10pt }
  .toolbar, .copy, .skip, .legend { display: none }
  .columns { display: block }
  .overview { margin-bottom: 2rem }
  .matrix thead { position: static; display: table-header-group }
  .matrix tr, .code, li { break-inside: avoid }
  pre { max-height: none; overflow: visible }
  summary::after { display: none }
  details::details-content { content-visibility: visible; display: block }
  .mark, .bar span, mark { print-color-adjust: exact; -webkit-print-color-adjust: exact }
}
`
