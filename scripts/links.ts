// Follows every link of README, guides and packages' READMEs that does not leave the repository: the file is there, and
// has the heading that is named after `#` (`pnpm check:links`). The packages' own are read on npm, so their links are
// whole addresses; those of this repository are followed like the others.
import { existsSync, globSync, readFileSync, statSync } from "node:fs"
import { dirname, join, normalize } from "node:path"

const pages = [...globSync("*.md"), ...globSync(".github/**/*.md"), ...globSync("{docs,packages/*,examples/*}/**/*.md")]
  .filter((page) => !page.includes("node_modules"))
  .toSorted()

// What stands in code is no link and no heading. Lines keep their numbers.
const withoutBlocks = (text: string): string =>
  text.replaceAll(/^( *)```[^]*?^\1```$/gm, (block) => block.replaceAll(/[^\n]/g, ""))
const withoutCode = (text: string): string => withoutBlocks(text).replaceAll(/`[^`\n]*`/g, "``")

// As GitHub makes them: lower case, spaces to hyphens, punctuation gone, and a number for one that is there already.
const anchorsOf = (text: string): ReadonlySet<string> => {
  const anchors = new Map<string, number>()
  const headings = withoutBlocks(text).matchAll(/^#{1,6} +(?<title>.+?) *$/gm)
  for (const { groups } of headings) {
    const title = (groups?.["title"] ?? "").replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1")
    const anchor = title
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\p{M}_ -]/gu, "")
      .replaceAll(" ", "-")
    const count = anchors.get(anchor) ?? 0
    anchors.set(anchor, count + 1)
    if (count > 0) anchors.set(`${anchor}-${count}`, 1)
  }
  return new Set(anchors.keys())
}

const own = /^https:\/\/github\.com\/effect-workos\/effect-workos\/(?:blob|tree)\/main\//

let broken = 0
for (const page of pages) {
  const text = withoutCode(readFileSync(page, "utf8"))
  const links = text.matchAll(
    /\]\((?<inline>[^()\s]+)\)|^\[[^\]]+\]: (?<reference>\S+)|(?:src|srcset|href)="(?<html>[^"]+)"/gm
  )
  for (const { groups = {}, index } of links) {
    const link = groups["inline"] ?? groups["reference"] ?? groups["html"] ?? ""
    const isOwn = own.test(link)
    if (!isOwn && /^[a-z]+:/i.test(link)) continue
    const [path = "", anchor] = link.replace(own, "").split("#")
    const file = path === "" ? page : normalize(join(isOwn ? "." : dirname(page), decodeURIComponent(path)))
    const lacks = !existsSync(file)
      ? "which is not there"
      : anchor !== undefined && statSync(file).isFile() && !anchorsOf(readFileSync(file, "utf8")).has(anchor)
        ? "which has no such heading"
        : undefined
    if (lacks === undefined) continue
    broken++
    process.stderr.write(`${page}:${text.slice(0, index).split("\n").length} leads to ${link}, ${lacks}.\n`)
  }
}
if (broken > 0) process.exit(1)
