// The theme makes these elements in the browser, so they can be mended only there: a copy button
// is no landmark, and a table that scrolls must be reachable by keyboard.
function mend() {
  for (const nav of document.querySelectorAll(".md-code__nav")) nav.setAttribute("role", "none")
  for (const box of document.querySelectorAll(".md-typeset__scrollwrap")) {
    box.tabIndex = 0
    box.setAttribute("role", "group")
    box.setAttribute("aria-label", "Table")
  }
}

new MutationObserver(mend).observe(document.querySelector("article"), { childList: true, subtree: true })

// A tooltip that a key or a finger has opened closes with Escape.
addEventListener("keydown", event => {
  if (event.key === "Escape") document.querySelector("abbr:focus")?.blur()
})
