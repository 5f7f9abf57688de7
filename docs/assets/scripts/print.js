// Whoever prints a page to work with it has its answers folded; they come when they are asked for.
if (document.querySelector("details.question")) {
  const button = document.createElement("button")
  button.className = "print md-button"
  button.textContent = "Print with answers"
  button.addEventListener("click", () => {
    document.documentElement.dataset.answers = ""
    addEventListener("afterprint", () => delete document.documentElement.dataset.answers, { once: true })
    print()
  })
  document.querySelector("article").append(button)
}
