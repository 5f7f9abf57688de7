// The button of the drawer is a label, which no key presses: its icon (docs/_theme/.icons/menu.svg) can
// be focused, and is pressed here. The drawer itself is a checkbox, and works without scripts.
{
  const PRESSES = ["Enter", " "]
  const drawer = document.querySelector("[data-md-toggle=drawer]")
  const button = document.querySelector("[for=__drawer] [role=button]")
  const menu = document.querySelector(".md-nav--primary")
  const levels = menu.querySelectorAll("[for=__toc], li .md-nav__title") // to the contents, and back

  /** The level that covers the others. */
  const topmost = () => {
    const open = [menu, ...menu.querySelectorAll(".md-nav__toggle:checked ~ .md-nav")]
    return open.findLast(level => getComputedStyle(level).visibility === "visible")
  }

  const enter = level => {
    level.tabIndex = -1
    level.focus()
  }

  const tell = () => button.setAttribute("aria-expanded", drawer.checked)

  const press = event => {
    if (event.target === button && PRESSES.includes(event.key)) {
      event.preventDefault()
      drawer.click()
      if (drawer.checked) enter(topmost())
    } else if (event.key === "Escape" && drawer.checked) {
      drawer.click()
      button.focus()
    }
  }

  for (const label of levels) label.tabIndex = 0 // the theme presses it
  tell()
  drawer.addEventListener("change", tell)
  // Keys pressed before are handed on by docs/assets/scripts/loader.js, right after this event.
  document.addEventListener("DOMContentLoaded", () => addEventListener("keydown", press))
}
