// What a reader loses of the page that is open, each with its kind. Lines of code may scroll.
() => {
  const SLACK = 0.5 // px: edges are rounded
  const found = []
  const report = (kind, element, what) => found.push([kind, `${what} in ${element.outerHTML.slice(0, 120)}`])

  // From where to where an element shows its text, or null where nothing is shown.
  const spans = new Map([[null, { left: 0, right: innerWidth }]])
  const span = element => {
    if (!spans.has(element)) spans.set(element, within(span(element.parentElement), element))
    return spans.get(element)
  }
  const within = (outer, element) => {
    const style = getComputedStyle(element)
    const hidden = style.display === "none" || style.visibility === "hidden" || style.opacity === "0"
    if (!outer || hidden || style.clipPath !== "none") return null
    if (style.overflowX === "visible" && !["TD", "TH"].includes(element.tagName)) return outer
    const box = element.getBoundingClientRect()
    return { left: Math.max(outer.left, box.left), right: Math.min(outer.right, box.right) }
  }

  const range = document.createRange()
  const measureText = text => {
    const shown = span(text.parentElement)
    if (!shown || !text.data.trim()) return
    range.selectNodeContents(text)
    const { left, right } = range.getBoundingClientRect()
    if (left < shown.left - SLACK || right > shown.right + SLACK) report("cut", text.parentElement, text.data.trim())
    if (text.parentElement.closest("code")) measureNames(text)
  }
  const measureNames = text => {
    for (const name of text.data.matchAll(/\w+/g)) {
      range.setStart(text, name.index)
      range.setEnd(text, name.index + name[0].length)
      if (range.getClientRects().length > 1) report("broken", text.parentElement, name[0])
    }
  }

  for (const part of document.querySelectorAll("article, .md-header__title, .md-footer")) {
    const texts = document.createTreeWalker(part, NodeFilter.SHOW_TEXT)
    while (texts.nextNode()) if (!texts.currentNode.parentElement.closest("pre")) measureText(texts.currentNode)
  }
  for (const box of document.querySelectorAll("article :is(table, img)"))
    if (box.getBoundingClientRect().right > innerWidth + SLACK) report("too wide", box, box.tagName)
  // The name of a cell's column is no text of the page, but makes its cell too small.
  for (const cell of document.querySelectorAll("article :is(td, th)"))
    if (span(cell) && cell.scrollWidth > cell.clientWidth + 1) report("cut", cell, cell.dataset.label)
  const { scrollWidth } = document.documentElement
  if (scrollWidth > innerWidth) report("scrolls sideways", document.documentElement, `${scrollWidth} px`)
  return found
}
