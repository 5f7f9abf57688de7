// The theme makes copy buttons in the browser, so they can be mended only there: they are no landmark.
function mend() {
  for (const nav of document.querySelectorAll(".md-code__nav")) nav.setAttribute("role", "none")
}

new MutationObserver(mend).observe(document.querySelector("article"), { childList: true, subtree: true })

// A tooltip that a key or a finger has opened closes with Escape.
addEventListener("keydown", event => {
  if (event.key === "Escape") document.querySelector("abbr:focus")?.blur()
})
