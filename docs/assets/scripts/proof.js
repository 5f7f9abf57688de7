// The expressions behind the ticked numbers: one with a click, all with the switch of the page.
// A tie is no tab stop: there may be hundreds, and the switch makes all of them text, which every
// keyboard and screen reader can reach.
const KEPT = "proof"
const ties = [...document.querySelectorAll("article .t")]
// Read now: the theme takes a title away while its tooltip is shown.
const proofs = new Map(ties.map(tie => [tie, tie.title]))

function shown(tie) {
  return tie.nextElementSibling?.matches(".expression") ? tie.nextElementSibling : null
}

function show(tie, on) {
  if (!on) shown(tie)?.remove()
  else if (!shown(tie)) {
    const expression = document.createElement("code")
    expression.className = "expression"
    expression.textContent = proofs.get(tie)
    tie.after(expression)
  }
}

function kept() {
  try { return localStorage.getItem(KEPT) === "on" } catch { return false }
}

function keep(on) {
  try { localStorage.setItem(KEPT, on ? "on" : "off") } catch { /* a reader may forbid it */ }
}

const button = document.querySelector("button.proof")

function press(on) {
  button.setAttribute("aria-pressed", on)
  for (const tie of ties) show(tie, on)
}

if (button) {
  button.disabled = false
  press(kept())
  button.addEventListener("click", () => {
    const on = button.getAttribute("aria-pressed") === "false"
    keep(on)
    press(on)
  })
}

// A click elsewhere than on a link or a fold, and that ends no selection, is for the tie.
document.addEventListener("click", event => {
  const tie = event.target.closest(".t")
  if (!proofs.has(tie) || tie.closest("a, summary, label") || !getSelection().isCollapsed) return
  show(tie, !shown(tie))
})

document.addEventListener("keydown", event => {
  if (event.key !== "Escape" || button?.getAttribute("aria-pressed") === "true") return
  for (const tie of ties) show(tie, false)
})

// A finger opens the expression in its place; a tooltip of the theme as well would say it twice.
let pointer = "mouse"
document.addEventListener("pointerdown", event => { pointer = event.pointerType }, true)
document.addEventListener("mouseenter", event => {
  if (pointer !== "mouse" && proofs.has(event.target)) event.stopImmediatePropagation()
}, true)
