// Checks the contrast of a page against level AA of WCAG 2.2.

// The function runs in a page, so it cannot use other variables of this module.
// oxlint-disable unicorn/consistent-function-scoping

/**
 * Describes each element with too little contrast. Runs in a page.
 */
export const tooFaint = (): ReadonlyArray<string> => {
  const channels = (colour: string): ReadonlyArray<number> => (colour.match(/[\d.]+/g) ?? []).map(Number)
  const luminance = (colour: string): number => {
    const [red = 0, green = 0, blue = 0] = channels(colour).map((value) => {
      const channel = value / 255
      return channel <= 0.040_45 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4
    })
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
  }
  const background = (element: Element | null): string => {
    if (element === null) return getComputedStyle(document.body).backgroundColor
    const colour = getComputedStyle(element).backgroundColor
    return (channels(colour)[3] ?? 1) === 0 ? background(element.parentElement) : colour
  }
  const contrast = (element: Element): number => {
    const [light = 0, dark = 0] = [getComputedStyle(element).color, background(element)]
      .map(luminance)
      .toSorted((a, b) => b - a)
    return (light + 0.05) / (dark + 0.05)
  }
  const isText = (element: Element) =>
    element.closest(".away") === null &&
    Array.from(element.childNodes).some((node) => node.nodeType === Node.TEXT_NODE && node.textContent?.trim() !== "")
  const shown = Array.from(document.querySelectorAll("body *")).filter(
    (element) => element.checkVisibility() && !["SCRIPT", "STYLE"].includes(element.tagName)
  )
  return [
    ...shown.filter((element) => isText(element) && contrast(element) < 4.5),
    ...shown.filter((element) => element.matches(".icon") && contrast(element) < 3)
  ].map((element) => `${element.outerHTML.slice(0, 120)}: ${contrast(element).toFixed(2)}`)
}
