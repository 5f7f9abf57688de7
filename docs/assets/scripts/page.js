// A tooltip that a key or a finger has opened closes with Escape.
addEventListener("keydown", event => {
  if (event.key === "Escape") document.querySelector("abbr:focus")?.blur()
})
