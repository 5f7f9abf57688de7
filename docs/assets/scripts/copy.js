// The buttons of a block of code, as docs/_extensions/copying.py writes them: copy what runs alone, show what comes along.
{
  const PYTHON = [...document.querySelectorAll(".highlight.language-python:not(.doc-signature)")]
  const QUIET = ["print = lambda *_, **__: None  # the setup is quiet", "del print"]
  const CAUGHT = ["try:", "except Exception: pass"]
  const DEEPEST = 5 // steps of indentation that the style knows
  const SAID_FOR = 2000 // milliseconds

  const status = document.createElement("p")
  status.className = "copied"
  status.setAttribute("role", "status")
  document.body.append(status)

  const codeOf = block => block.querySelector(":scope > pre:last-of-type > code")

  // "2:1-3,!5 1:1": of which block which lines; "!": they raise; a "q" in front stands for itself.
  const parts = block => {
    const here = PYTHON.indexOf(block)
    return (block.dataset.setup ?? "").split(" ").filter(part => part.includes(":")).map(part => {
      const [back, runs] = part.split(":")
      return { block: PYTHON[here - back], own: back === "0", runs: runs.split(",").map(range) }
    })
  }

  const range = run => {
    const [first, last = first] = run.replace("!", "").split("-").map(Number)
    return { first, last, raises: run.startsWith("!") }
  }

  // Elements of code end with their line, so lines of HTML stand for themselves.
  const linesOf = ({ block, runs }) => {
    const all = codeOf(block).innerHTML.split("\n")
    return runs.flatMap(({ first, last, raises }) => {
      const lines = all.slice(first - 1, last)
      return raises ? [CAUGHT[0], ...lines.map(deeper), CAUGHT[1]] : lines
    })
  }

  const deeper = line => line.replace(/^(<span class="(?:c1 )?i)(\d)">/, (_, begin, step) =>
    `${begin}${Math.min(+step + 1, DEEPEST)}">    `)

  const coloured = lines => {
    const code = document.createElement("code")
    code.innerHTML = lines.map(line => `${line}\n`).join("")
    return code
  }

  const setupOf = block => {
    const setup = parts(block).filter(part => !part.own).flatMap(linesOf)
    const isQuiet = block.dataset.setup?.startsWith("q")
    return coloured(isQuiet ? [QUIET[0], ...setup, QUIET[1]] : setup)
  }

  const textOf = block => {
    const own = parts(block).filter(part => part.own)
    const code = own.length ? coloured(own.flatMap(linesOf)) : codeOf(block)
    return setupOf(block).textContent + code.textContent.trimEnd()
  }

  const show = (block, button) => {
    const open = button.getAttribute("aria-expanded") === "true"
    button.setAttribute("aria-expanded", !open)
    block.querySelector(".setup")?.remove()
    if (open) return
    const code = setupOf(block)
    code.tabIndex = 0
    const setup = document.createElement("pre")
    setup.className = "setup"
    setup.append(code)
    codeOf(block).parentNode.before(setup)
  }

  // Where a page may not write to the clipboard, everything is selected for a key to copy it.
  const select = (block, eye) => {
    if (eye?.getAttribute("aria-expanded") === "false") show(block, eye)
    const all = document.createRange()
    all.setStart(block.querySelector("pre"), 0)
    all.setEndAfter(codeOf(block))
    getSelection().removeAllRanges()
    getSelection().addRange(all)
    return "selected: copy it with Ctrl+C"
  }

  let silence = () => {} // ends what is said now, whose time would end what is said next

  const say = (button, text) => {
    silence()
    button.dataset.said = text
    status.textContent = `${button.getAttribute("aria-label")}: ${text}`
    const timer = setTimeout(() => silence(), SAID_FOR)
    silence = () => { clearTimeout(timer); delete button.dataset.said; status.textContent = "" }
  }

  const copy = async (block, button) => {
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
}
