// The script of the HTML report: search, opening linked findings, copying and printing.

/**
 * The script of the page. The script sends no requests and inserts no HTML.
 */
export const script = String.raw`(() => {
  "use strict"
  const all = (selector) => Array.from(document.querySelectorAll(selector))
  const search = document.querySelector("#search")
  // A report without results has no search.
  if (search === null) return
  const shown = document.querySelector("#shown")
  const nothing = document.querySelector(".nothing")
  const passes = document.querySelector(".passes")
  const marks = new Map(all("a.mark").map((mark) => [mark.getAttribute("href").slice(1), mark]))
  const results = all("[data-result]").map((element) => {
    const reason = element.closest(".reason")?.querySelector("summary")
    const text = (element.textContent + " " + (reason?.textContent ?? "")).toLowerCase()
    return { element, mark: marks.get(element.dataset.result), text }
  })
  document.documentElement.classList.add("js")

  // Search and filter. A search opens the passed checks, and clearing the search closes them again.
  let opened = false
  const apply = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter((word) => word !== "")
    const status = document.querySelector("input[name=status]:checked").value
    let count = 0
    for (const { element, mark, text } of results) {
      const matches = words.every((word) => text.includes(word))
      element.classList.toggle("unmatched", !matches)
      mark?.classList.toggle("unmatched", !matches)
      if (matches && (status === "all" || element.classList.contains(status))) count++
    }
    const looking = words.length > 0 || status !== "all"
    shown.textContent = looking ? count + " of " + results.length + " shown" : ""
    nothing.hidden = count > 0
    document.querySelector("main").classList.toggle("looking", looking)
    document.querySelector("main").classList.toggle("lost", count === 0)
    const wanted = words.length > 0 || status === "passed"
    if (passes !== null && wanted && !passes.open) passes.open = opened = true
    if (passes !== null && !wanted && opened) passes.open = opened = false
  }
  const reset = () => {
    search.value = ""
    document.querySelector("#show-all").checked = true
    apply()
  }
  search.addEventListener("input", apply)
  for (const radio of all("input[name=status]")) radio.addEventListener("change", apply)
  document.querySelector(".reset").addEventListener("click", () => {
    reset()
    search.focus()
  })
  document.addEventListener("keydown", (event) => {
    const typing = event.target instanceof HTMLInputElement && event.target.type !== "radio"
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault()
      search.focus()
    } else if (event.key === "Escape" && event.target === search) {
      search.value = ""
      apply()
    }
  })
  apply()

  // Open the linked finding and move the focus there.
  const reveal = (hash) => {
    const target = hash.length > 1 ? document.getElementById(hash.slice(1)) : null
    const result = target?.closest("[data-result]")
    if (!result) return
    if (result.offsetParent === null && result.closest("details:not([open])") === null) reset()
    for (let at = target; at !== null; at = at.parentElement) if (at.localName === "details") at.open = true
    const focused = result.querySelector("summary") ?? result
    if (focused === result) result.tabIndex = -1
    focused.focus({ preventScroll: true })
    return target
  }
  addEventListener("hashchange", () => reveal(location.hash)?.scrollIntoView())
  document.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest("a.mark") : null
    // After the browser has followed the link, which moves the focus as well.
    if (link !== null) setTimeout(() => reveal(link.hash)?.scrollIntoView())
  })
  reveal(location.hash)?.scrollIntoView()

  // Copy.
  const select = (code) => {
    const range = document.createRange()
    range.selectNodeContents(code)
    getSelection().removeAllRanges()
    getSelection().addRange(range)
    return document.execCommand("copy")
  }
  const copy = async (code) => {
    try {
      await navigator.clipboard.writeText(code.textContent)
      return true
    } catch {
      // The clipboard is forbidden, or the context is not secure.
      return select(code)
    }
  }
  for (const button of all(".copy")) {
    const label = button.querySelector(".label")
    button.addEventListener("click", async () => {
      const copied = await copy(button.closest("figure").querySelector("code"))
      label.textContent = copied ? "Copied" : "Select and copy"
      button.classList.toggle("copied", copied)
      clearTimeout(Number(button.dataset.timer))
      button.dataset.timer = setTimeout(() => {
        label.textContent = "Copy"
        button.classList.remove("copied")
      }, 2000)
    })
    label.setAttribute("aria-live", "polite")
  }

  // Open everything for printing.
  let closed = []
  addEventListener("beforeprint", () => {
    closed = all("details:not([open])")
    for (const details of closed) details.open = true
  })
  addEventListener("afterprint", () => {
    for (const details of closed) details.open = false
  })
})()`
