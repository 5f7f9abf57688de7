// The expressions behind the ticked values: one with a click, all with the switch of the page.
// A tie is no tab stop: there may be hundreds, and the switch makes all of them text, which every
// keyboard and screen reader can reach.
{
  const KEPT = "proof"
  const button = document.querySelector("button.proof")
  const ties = [...document.querySelectorAll("article .t")]
  // Read now: the theme takes a title away while its tooltip is shown.
  const proofs = new Map(ties.map(tie => [tie, tie.title]))
  const shown = new Map()

  const hide = tie => {
    shown.get(tie)?.remove()
    shown.delete(tie)
  }

  const show = tie => {
    if (shown.has(tie)) return
    const expression = document.createElement("code")
    expression.className = "expression"
    expression.textContent = ` ${proofs.get(tie)}` // the blank is where a line may end
    tie.after(expression)
    shown.set(tie, expression)
  }

  const isOn = () => button?.getAttribute("aria-pressed") === "true"

  const press = on => {
    button.setAttribute("aria-pressed", on)
    ties.forEach(on ? show : hide)
  }

  // A reader may forbid a site to remember anything.
  const kept = () => { try { return localStorage.getItem(KEPT) === "on" } catch { return false } }
  const keep = on => { try { localStorage.setItem(KEPT, on ? "on" : "off") } catch { } }

  if (button) {
    button.disabled = false
    if (kept()) press(true)
    button.addEventListener("click", () => {
      press(!isOn())
      keep(isOn())
    })
  }

  let pointer = "mouse"

  // A click elsewhere than on a link or a fold, and that ends no selection, is for the tie.
  document.addEventListener("click", event => {
    const tie = event.target.closest(".t")
    if (!proofs.has(tie) || tie.closest("a, summary, label") || !getSelection().isCollapsed) return
    // The theme may come with this very touch, and would take the title for a tooltip.
    if (pointer !== "mouse") tie.removeAttribute("title")
    shown.has(tie) ? hide(tie) : show(tie)
  })

  document.addEventListener("keydown", event => {
    if (event.key === "Escape" && !isOn()) ties.forEach(hide)
  })

  // A finger opens the expression in its place; a tooltip of the theme as well would say it twice.
  document.addEventListener("pointerdown", event => { pointer = event.pointerType }, true)
  document.addEventListener("mouseenter", event => {
    if (pointer !== "mouse" && proofs.has(event.target)) event.stopImmediatePropagation()
  }, true)
}
