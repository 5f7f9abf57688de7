// The theme hands what is typed to lunr as a formula whose words are beginnings of words: a colon in
// a pasted message finds nothing, "is" finds "isolated", and the n of "L and N" every word with an n
// in front. So a question is made plain here: no signs, no words that every question has, and a word
// of one or two letters stands for itself, unless it is all that has been typed.
const [SETUP, , QUERY, RESULT] = [0, 1, 2, 3] // the theme's SearchMessageType
const UNASKED = new Set(
  `a about an and are as at be by can could did do does doesn't don't for from get has have how i if
  in into is isn't it its may must my of on or should so than that the then there they this to was
  we were what when where which why will with would you your`.split(/\s+/),
)

function plain(query) {
  const words = query.match(/[\p{L}\p{N}_]+(?:[.'’][\p{L}\p{N}_]+)*/gu) ?? []
  const asked = words.filter(word => !UNASKED.has(word.toLowerCase()))
  const named = word => word.replace(/^([hc])([0n])$/i, "$1_$2") // as it is often typed: h0
  const exact = word => (words.length > 1 && word.length < 3 ? `${word}^1` : word)
  return (asked.length ? asked : words).map(named).map(exact).join(" ")
}

// lunr knows words and no sentences, so a message that is pasted would find the pages with most of
// its words. A section that holds what was typed, word for word, comes before all others; one that
// holds it with other numbers, which are the reader's own, comes next.
const RISE = 1e6 // above all that lunr gives

function spoken(html) {
  const text = html.replace(/<[^>]*>/g, " ").replace(/&(?:\w+|#\w+);/g, " ")
  return ` ${(text.toLowerCase().match(/[\p{L}\p{N}_]+/gu) ?? []).join(" ")} `
}

const blurred = text => text.replace(/\d+(?: \d+)*/g, "0")

function rank(groups, query, sections) {
  const typed = spoken(query)
  if (!typed.includes("_") && typed.trim().split(" ").length < 3) return
  for (const found of groups.flat()) {
    const said = sections.get(found.location) ?? ""
    if (said.includes(typed)) found.score += 2 * RISE
    else if (blurred(said).includes(blurred(typed))) found.score += RISE
  }
  for (const group of groups) group.sort((a, b) => b.score - a.score)
  groups.sort((a, b) => b[0].score - a[0].score)
}

window.Worker = class extends Worker {
  constructor(...given) {
    super(...given)
    this.typed = ""
    this.sections = new Map()
    // The first to hear, so that the theme finds the groups in this order.
    this.addEventListener("message", ({ data }) => {
      if (data.type === RESULT) rank(data.data.items, this.typed, this.sections)
    })
  }

  postMessage(message, ...rest) {
    if (message.type === SETUP) {
      const said = ({ location, title, text }) => [location, spoken(`${title} ${text}`)]
      this.sections = new Map(message.data.docs.map(said))
    }
    if (message.type === QUERY) {
      this.typed = message.data
      message = { ...message, data: plain(message.data) }
    }
    super.postMessage(message, ...rest)
  }
}
