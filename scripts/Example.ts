// Extracts the TypeScript examples of a text: the code in ```ts blocks, without the ` * ` margin of a docstring. Skips
// blocks with the text of a file (```ts file=…), because the file itself is compiled.
export const examplesOf = (text: string): ReadonlyArray<string> =>
  Array.from(text.matchAll(/^( *\* |)```ts\n([^]*?)^\1```$/gm), ([, margin = "", code = ""]) =>
    code.replaceAll(new RegExp(`^${margin.replaceAll("*", "\\*").trimEnd()} ?`, "gm"), "")
  )
