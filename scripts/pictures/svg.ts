// Renders a recording as an SVG: one frame as a still picture, several frames as an animation that repeats.
import type { Line } from "./screen.ts"

/** The content of the screen from the time `at` on, in milliseconds. */
export interface Frame {
  readonly at: number
  readonly lines: ReadonlyArray<Line>
}

export interface Theme {
  readonly background: string
  readonly border: string
  readonly text: string
  readonly dim: string
  readonly red: string
  readonly green: string
  readonly yellow: string
}

export const light: Theme = {
  background: "#ffffff",
  border: "#d1d9e0",
  text: "#1f2328",
  dim: "#59636e",
  red: "#cf222e",
  green: "#1a7f37",
  yellow: "#9a6700"
}

export const dark: Theme = {
  background: "#0d1117",
  border: "#3d444d",
  text: "#e6edf3",
  dim: "#9198a1",
  red: "#ff7b72",
  green: "#3fb950",
  yellow: "#d29922"
}

const cell = 8
const height = 19
const margin = 16

/** The time for which the last frame is shown before the animation repeats, in milliseconds. */
const rest = 5000

/**
 * Renders the picture. `frames` are in chronological order. A single frame is not animated.
 */
export const render = (frames: ReadonlyArray<Frame>, columns: number, theme: Theme, title: string): string => {
  const rows = Math.max(...frames.map(({ lines }) => lines.length))
  const width = columns * cell + 2 * margin
  const total = (frames.at(-1)?.at ?? 0) + rest
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${rows * height + 2 * margin}" width="${width}" role="img" aria-label="${escaped(title)}">`,
    `<style>text{font:13px ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;fill:${theme.text};white-space:pre}`,
    `.bold{font-weight:600}.dim{fill:${theme.dim}}.red{fill:${theme.red}}.green{fill:${theme.green}}.yellow{fill:${theme.yellow}}</style>`,
    `<rect x=".5" y=".5" width="${width - 1}" height="${rows * height + 2 * margin - 1}" rx="8" fill="${theme.background}" stroke="${theme.border}">`,
    ...(frames.length > 1
      ? [`<animate id="t" attributeName="rx" values="8;8" begin="0s;t.end" dur="${total / 1000}s"/>`]
      : []),
    "</rect>",
    ...Array.from({ length: rows }, (_, row) => stays(frames, row, total).map(line(row, frames.length > 1))).flat(),
    "</svg>",
    ""
  ].join("\n")
}

interface Stay {
  readonly line: Line
  readonly from: number
  readonly to: number
}

// Returns the contents of a row, with the times from and to which each of them is shown.
const stays = (frames: ReadonlyArray<Frame>, row: number, total: number): ReadonlyArray<Stay> => {
  const found: Array<Stay> = []
  for (const [index, { at, lines }] of frames.entries()) {
    const to = frames[index + 1]?.at ?? total
    const last = found.at(-1)
    const line = lines[row] ?? []
    if (last !== undefined && last.to === at && JSON.stringify(last.line) === JSON.stringify(line)) {
      found[found.length - 1] = { ...last, to }
    } else if (line.length > 0) found.push({ line, from: at, to })
  }
  return found
}

const line =
  (row: number, moves: boolean) =>
  ({ from, line, to }: Stay): string => {
    const runs = line.map(
      ({ column, look, text }) =>
        `<text x="${margin + column * cell}" y="${margin + row * height + 14}" textLength="${[...text].length * cell}"${look === "" ? "" : ` class="${look}"`}>${escaped(text)}</text>`
    )
    const time = `begin="t.begin+${(from / 1000).toFixed(2)}s" dur="${((to - from) / 1000).toFixed(2)}s"`
    return moves
      ? `<g visibility="hidden">${runs.join("")}<set attributeName="visibility" to="visible" ${time}/></g>`
      : runs.join("")
  }

const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;")
