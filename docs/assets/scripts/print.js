// Whoever prints a page to work with it has its answers folded; they come along when they are asked for.
const ANSWERS = "details.question"

function printWithAnswers() {
  document.documentElement.dataset.answers = ""
  addEventListener("afterprint", () => delete document.documentElement.dataset.answers, { once: true })
  print()
}

if (document.querySelector(ANSWERS)) {
  const button = document.createElement("button")
  button.className = "print md-button"
  button.textContent = "Print with answers"
  button.addEventListener("click", printWithAnswers)
  document.querySelector("article").append(button)
}
