// The theme's script, the search and the styles of what they add weigh more than a page. They are
// loaded at the first sign of a reader, and what has been done until they are there is not lost.
{
  const SIGNS = ["pointerdown", "pointermove", "touchstart", "wheel", "keydown", "focusin"]
  const QUIET = 10_000 // milliseconds without a sign, after which somebody who reads gets it too
  const SEARCH = ["f", "s", "/"] // the theme's keys
  const TYPED = "textarea, select, input:not([type=radio], [type=checkbox])"
  const site = new URL("..", document.currentScript.src)
  const box = document.querySelector("[data-md-component=search-query]")
  const pressed = []

  let started = false
  function start() {
    if (started) return
    started = true
    const sheets = [...document.querySelectorAll("link[rel=late]")]
    const scripts = [...document.querySelectorAll("script[type=late]")].map(late => {
      const script = document.createElement("script")
      script.src = late.src
      script.async = false // they are run in their order
      return script
    })
    Promise.all([...sheets, scripts.at(-1)].map(loaded)).then(ready)
    for (const sheet of sheets) sheet.rel = "stylesheet"
    document.head.append(...scripts)
  }

  const loaded = element => new Promise(resolve => element.addEventListener("load", resolve))

  /** The theme's script waits for an event that is long past, and for what has been done. */
  function ready() {
    removeEventListener("keydown", keep, true)
    removeEventListener("submit", stay)
    document.dispatchEvent(new Event("DOMContentLoaded"))
    if (document.querySelector("[data-md-toggle=search]").checked) box.focus()
    if (document.activeElement === box) {
      box.dispatchEvent(new FocusEvent("focusin", { bubbles: true }))
      box.dispatchEvent(new KeyboardEvent("keyup", { bubbles: true }))
    }
    for (const { key, target } of pressed)
      target.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }))
    keepSite().catch(() => {}) // `mkdocs serve` has no such worker
  }

  /** Who reads on may be without a network later; who saves data keeps what has been loaded. */
  async function keepSite() {
    const workers = navigator.serviceWorker
    if (!workers) return // an old browser, or an address without https
    await workers.register(new URL("offline.js", site))
    if (!navigator.connection?.saveData) (await workers.ready).active.postMessage("keep")
  }

  /** Keep a key for the theme; one that leads to the box leads there now, so that the next is typed. */
  function keep(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches(TYPED)) return
    if (!SEARCH.includes(event.key)) return pressed.push(event)
    event.preventDefault()
    box.focus()
  }

  /** What is sent too early must not load the page anew. */
  function stay(event) {
    if (event.target === box.form) event.preventDefault()
  }

  addEventListener("keydown", keep, true)
  addEventListener("submit", stay)
  for (const sign of SIGNS) addEventListener(sign, start, { passive: true })
  // A page that is opened at a heading scrolls there by itself, at the latest in the frame after.
  const scrolls = () => addEventListener("scroll", start, { passive: true })
  addEventListener("load", () => requestAnimationFrame(scrolls))
  setTimeout(start, QUIET)
  const asked = new URLSearchParams(location.search)
  if (asked.has("q") || asked.has("h")) start()
}
