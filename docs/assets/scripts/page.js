// A tooltip that a key or a finger has opened closes with Escape.
addEventListener("keydown", event => {
  if (event.key === "Escape") document.querySelector("abbr:focus")?.blur()
})

// What is chosen by a key, too, stands in the address: it is chosen still when a reader comes back.
addEventListener("change", ({ target }) => {
  if (target.matches(".tabbed-set > input")) history.replaceState(null, "", `#${target.id}`)
})
