// The buttons of a block of code, as docs/_extensions/copying.py writes them: copy what runs alone, show what comes along.
// A function of its own, since the search, which comes later, has names like these.
(() => {
  const PYTHON = [...document.querySelectorAll(".highlight.language-python:not(.doc-signature)")]
  const QUIET = ["print = lambda *_, **__: None  # the setup is quiet", "del print"]
  const SAID_FOR = 2000 // milliseconds

  const status = document.createElement("p")
  status.className = "copied"
  status.setAttribute("role", "status")
  document.body.append(status)

  const codeOf = block => block.querySelector(":scope > pre:last-of-type > code")

  // "2:1-3,5 1:1": of which block which lines; a "q" in front stands for itself.
  function parts(block) {
    const here = PYTHON.indexOf(block)
    return (block.dataset.setup ?? "").split(" ").filter(part => part.includes(":")).map(part => {
      const [back, runs] = part.split(":")
      const lines = runs.split(",").map(run => run.split("-").map(Number)).map(([a, b = a]) => [a, b])
      return { block: PYTHON[here - back], own: back === "0", lines }
    })
  }

  const isQuiet = block => block.dataset.setup?.startsWith("q")

  function linesOf({ block, lines }) {
    const all = codeOf(block).textContent.split("\n")
    return lines.flatMap(([first, last]) => all.slice(first - 1, last))
  }

  function textOf(block) {
    const of = parts(block)
    const setup = of.filter(part => !part.own).flatMap(linesOf)
    const own = of.filter(part => part.own).flatMap(linesOf)
    const quiet = isQuiet(block) ? [QUIET[0], ...setup, QUIET[1]] : setup
    return [...quiet, own.length ? own.join("\n") : codeOf(block).textContent.trimEnd()].join("\n")
  }

  // Lines with their colours; a token that a range ends inside of loses its own.
  function coloured({ block, lines: [first, last] }) {
    const code = codeOf(block)
    const range = document.createRange()
    range.setStart(...at(code, first))
    range.setEnd(...at(code, last + 1))
    return range.cloneContents()
  }

  // Where a line begins: a node of text, and how far in it; the end, if there are fewer.
  function at(code, line) {
    const walker = document.createTreeWalker(code, NodeFilter.SHOW_TEXT)
    let left = line - 1
    while (walker.nextNode()) {
      const node = walker.currentNode
      let place = 0
      while (left && (place = node.data.indexOf("\n", place) + 1)) left--
      if (!left && (place < node.length || line === 1)) return inside(code, node, place)
      if (!left) line = 1 // it begins with the next text
    }
    return [code, code.childNodes.length]
  }

  // Before the element of a token, where the line begins with it.
  function inside(code, node, place) {
    if (place || node.parentNode === code) return [node, place]
    const token = node.parentNode
    return [token.parentNode, [...token.parentNode.childNodes].indexOf(token)]
  }

  function show(block, button) {
    const open = button.getAttribute("aria-expanded") === "true"
    button.setAttribute("aria-expanded", !open)
    block.querySelector(".setup")?.remove()
    if (open) return
    const code = document.createElement("code")
    code.tabIndex = 0
    if (isQuiet(block)) code.append(`${QUIET[0]}\n`)
    for (const part of parts(block).filter(part => !part.own))
      for (const lines of part.lines) code.append(coloured({ block: part.block, lines }))
    if (isQuiet(block)) code.append(`${QUIET[1]}\n`)
    const setup = document.createElement("pre")
    setup.className = "setup"
    setup.append(code)
    codeOf(block).parentNode.before(setup)
  }

  // Where a page may not write to the clipboard, everything is selected for a key to copy it.
  function select(block, eye) {
    if (eye?.getAttribute("aria-expanded") === "false") show(block, eye)
    const range = document.createRange()
    range.setStart(block.querySelector("pre"), 0)
    range.setEndAfter(codeOf(block))
    getSelection().removeAllRanges()
    getSelection().addRange(range)
    return "selected: copy it with Ctrl+C"
  }

  function say(button, text) {
    button.dataset.said = text
    status.textContent = `${button.getAttribute("aria-label")}: ${text}`
    setTimeout(() => { delete button.dataset.said; status.textContent = "" }, SAID_FOR)
  }

  async function copy(block, button) {
    try {
      await navigator.clipboard.writeText(textOf(block))
      say(button, "copied")
    } catch {
      say(button, select(block, block.querySelector(".copies > [aria-expanded]")))
    }
  }

  addEventListener("click", event => {
    const button = event.target.closest?.(".copies > button")
    if (!button) return
    const block = button.closest(".highlight")
    if (button.hasAttribute("aria-expanded")) show(block, button)
    else copy(block, button)
  })
})()
