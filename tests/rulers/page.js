// What a reader loses of the page that is open, each with its kind.
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
    if (leaves(shown) && !hangs(text, shown)) report("cut", text.parentElement, text.data.trim())
    if (range.getClientRects().length > 1 && text.parentElement.closest("code")) measureNames(text)
  }
  const leaves = ({ left, right }) => {
    const box = range.getBoundingClientRect()
    return box.left < left - SLACK || box.right > right + SLACK
  }
  // Blanks at the end of a line of code have no room, and need none.
  const hangs = (text, shown) => text.parentElement.closest("pre") && !cutsAWord(text, shown)
  const cutsAWord = (text, shown) => {
    for (const _ of words(text, /\S+/g)) if (leaves(shown)) return true
    return false
  }
  function* words(text, pattern) {
    for (const word of text.data.matchAll(pattern)) {
      range.setStart(text, word.index)
      range.setEnd(text, word.index + word[0].length)
      yield word[0]
    }
  }
  const measureNames = text => {
    for (const name of words(text, /\w+/g)) {
      const pieces = [...range.getClientRects()]
      if (pieces.length > 1 && !fillsALine(text, pieces)) report("broken", text.parentElement, name)
    }
  }
  // A name that has no room in a line, a quote and a bracket beside it, breaks in the end. Not in a
  // table: a column can be made wider.
  const fillsALine = (text, pieces) => {
    const line = text.parentElement.closest("pre > code > *, :is(p, li, dd):not(table *)")
    if (!line) return false
    const { paddingLeft, paddingRight, fontSize } = getComputedStyle(line)
    const room = line.clientWidth - parseFloat(paddingLeft) - parseFloat(paddingRight) - 2 * parseFloat(fontSize)
    return pieces.reduce((sum, piece) => sum + piece.width, 0) > room
  }

  for (const part of document.querySelectorAll("article, .md-header__title, .md-footer")) {
    const texts = document.createTreeWalker(part, NodeFilter.SHOW_TEXT)
    while (texts.nextNode()) measureText(texts.currentNode)
  }
  const rightOf = element => element.getBoundingClientRect().right
  for (const box of document.querySelectorAll("article :is(table, img)"))
    if (rightOf(box) > rightOf(box.closest("article")) + SLACK) report("too wide", box, box.tagName)
  // The name of a cell's column is no text of the page, but makes its cell too small.
  for (const cell of document.querySelectorAll("article :is(td, th)"))
    if (span(cell) && cell.scrollWidth > cell.clientWidth + 1) report("cut", cell, cell.dataset.label)
  const { scrollWidth } = document.documentElement
  if (scrollWidth > innerWidth) report("scrolls sideways", document.documentElement, `${scrollWidth} px`)
  return found
}
