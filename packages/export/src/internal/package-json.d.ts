// The manifest of this package, which lies beside the sources and beside what is built from them.
declare module "@effect-workos/export/package.json" {
  const packageJson: { readonly version: string }
  export default packageJson
}
