// The TypeScript examples of a text, as a compiler wants them: what stands in its ```ts blocks, without the margin of a
// docstring. A block of a guide that is a file, ```ts file=…, is none of them: the file is compiled where it is.
export const examplesOf = (text: string): ReadonlyArray<string> =>
  Array.from(text.matchAll(/^( *\* |)```ts\n([^]*?)^\1```$/gm), ([, margin = "", code = ""]) =>
    code.replaceAll(new RegExp(`^${margin.replaceAll("*", "\\*").trimEnd()} ?`, "gm"), "")
  )
