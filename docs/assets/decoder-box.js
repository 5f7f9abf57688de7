// The box into which a message is pasted. What is pasted, and what an address says, is only ever text:
// nothing here makes markup of it. The decoder and its catalogue are loaded when they are first asked.
{
  const READ = 20_000 // characters, from the end: there a message stands
  const site = new URL("..", document.currentScript.src)

  let catalogue
  function load() {
    catalogue ??= new Promise((resolve, reject) => {
      const scripts = ["assets/decoder.js", "assets/catalogue.js"].map(name => {
        const script = element("script")
        script.src = new URL(name, site)
        script.async = false // in this order
        script.onerror = reject
        return script
      })
      scripts.at(-1).onload = () => resolve(new Decoder(CATALOGUE))
      document.head.append(...scripts)
    })
    return catalogue
  }

  function element(name, ...children) {
    const made = document.createElement(name)
    made.append(...children)
    return made
  }

  /** Prose of the catalogue: what stands between backticks is code. */
  function prose(text) {
    const parts = text.split("`")
    return element("p", ...parts.map((part, i) => (i % 2 ? element("code", part) : part)))
  }

  function link(text, address) {
    const made = element("a", text)
    made.href = address
    return made
  }

  const entryLink = entry => link(entry.title, new URL(`${entry.url}#${entry.id}`, site))

  function cause(reading, each) {
    const told = [reading.says(each), each.tell, each.how].filter(Boolean).join(" ")
    const item = prose(told)
    item.prepend(element("strong", `${each.name.split("\x60").join("")}.`), " ")
    return element("li", item)
  }

  function explained(reading) {
    const parts = [
      element("p", element("strong", reading.message)),
      prose(reading.entry.meaning),
      element("ul", ...reading.causes.map(each => cause(reading, each))),
    ]
    if (reading.others.length) {
      const others = element("ul", ...reading.others.map(each => cause(reading, each)))
      const box = element("details", element("summary", "Other causes, for other sizes"), others)
      box.className = "note"
      parts.push(box)
    }
    parts.push(
      element("p", "With code, and what is right: ", entryLink(reading.entry)),
      element("p", link("The address of this explanation", addressed(reading))),
    )
    return parts
  }

  function unknown(decoder, text) {
    const near = decoder.nearest(text)
    const parts = [element("p", "The catalogue has no entry for a message in this text.")]
    if (near.length)
      parts.push(
        element("p", "The nearest are:"),
        element("ul", ...near.map(entry => element("li", entryLink(entry)))),
      )
    return parts
  }

  function addressed({ entry, sizes }) {
    const short = Object.entries(sizes).filter(([, text]) => !/\s/.test(text))
    const spelled = short.map(([name, text]) => `&${name}=${encodeURI(text).replaceAll("&", "%26")}`)
    return `${location.href.split("#")[0]}#${entry.id}${spelled.join("")}`
  }

  /** An address `#ID&expected=1,3,2`: the name and the sizes; none for another. */
  function asked() {
    const [id, ...sizes] = location.hash.slice(1).split("&")
    if (!/^[A-Z][A-Z0-9]*(-[A-Z0-9]+)+$/.test(id)) return []
    try {
      const pairs = sizes.map(size => /([^=]*)=?(.*)/s.exec(decodeURIComponent(size)).slice(1))
      return [id, Object.fromEntries(pairs)]
    } catch {
      return [] // a percent sign that spells nothing
    }
  }

  const box = document.querySelector(".decoder")
  const area = box.querySelector("textarea")
  const answer = box.querySelector("[role=status]")
  box.addEventListener("submit", event => event.preventDefault())

  async function answerText() {
    const typed = area.value
    const decoder = await load()
    if (typed !== area.value) return // more was typed in the meantime
    const text = typed.slice(-READ)
    const reading = text.trim() && decoder.decode(text)
    answer.replaceChildren(...(reading ? explained(reading) : text.trim() ? unknown(decoder, text) : []))
  }

  async function answerAddress() {
    const { hash } = location
    const [id, sizes] = asked()
    if (!id) return answer.replaceChildren()
    const decoder = await load()
    if (area.value || hash !== location.hash) return // something else was asked in the meantime
    const reading = decoder.named(id, sizes)
    const missing = element("p", `The catalogue has no entry called ${id}.`)
    answer.replaceChildren(...(reading ? explained(reading) : [missing]))
    box.scrollIntoView()
  }

  const answerAsked = () => (area.value ? answerText() : answerAddress())

  /** What is typed is no longer what the address says. */
  function typed() {
    if (asked().length) history.replaceState(history.state, "", location.pathname + location.search)
    answerText()
  }

  /** An address that is not the one of the text in the box is asked in its place. */
  function follow() {
    const own = [...answer.querySelectorAll("a")].some(({ href }) => href === location.href)
    if (asked().length && !own) area.value = ""
    answerAsked()
  }

  // A browser takes a minute to lay out a log of many lines; the message is at its end.
  function pasteEnd(event) {
    const text = event.clipboardData.getData("text")
    if (text.length <= READ) return
    event.preventDefault()
    area.value = text.slice(-READ)
    typed()
  }

  area.addEventListener("paste", pasteEnd)
  area.addEventListener("input", typed)
  addEventListener("hashchange", follow)
  // Not earlier: a browser that goes back or loads a page anew puts the text into the box by itself.
  addEventListener("pageshow", ({ persisted }) => persisted || answerAsked())
}
