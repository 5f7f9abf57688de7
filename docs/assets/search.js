// The theme hands what is typed to lunr as a formula whose words are beginnings of words: a colon in
// a pasted message finds nothing, "is" finds "isolated", and the n of "L and N" every word with an n
// in front. So a question is made plain here: no signs, no words that every question has, and a word
// of one or two letters stands for itself, unless it is all that has been typed.
const [SETUP, , QUERY, RESULT] = [0, 1, 2, 3] // the theme's SearchMessageType

function plain(query) {
  const typed = query.match(/[\p{L}\p{N}_]+(?:[.'’][\p{L}\p{N}_]+)*/gu) ?? []
  const asked = typed.filter(word => !UNASKED.has(word.toLowerCase()))
  const words = (asked.length ? asked : typed).map(named)
  return words.map(word => (words.length > 1 && word.length < 3 ? `${word}^1` : word)).join(" ")
}

// lunr and the ranking know words and no sentences, so a message that is pasted would find the pages
// with most of its words. A section that holds what was typed, word for word, comes before all
// others; one that holds it with other numbers, which are the reader's own, comes next.
const RISE = 1e6 // above all that a section can have
const FALL = 4 * RISE // above all that a section can have with it
// A page that has all words comes before those that have some. One that has less than half of them,
// or is far behind the best, is no answer: nearly every page has a word of a question.
const ALL = 1e4 // above all that words can count, below a message word for word
const HALF = 0.5
const FAR = 0.5 // of what the best weighs
const FEW = 3 // more words are a sentence, and a page that has all of them has them by chance

function spoken(text) {
  return ` ${(text.toLowerCase().match(/[\p{L}\p{N}_]+/gu) ?? []).join(" ")} `
}

const blurred = text => text.replace(/\d+(?: \d+)*/g, "0")
const isSentence = typed => typed.trim().split(" ").length > 2

function rise(said, typed) {
  if (!typed.includes("_") && !isSentence(typed)) return 0
  if (said.includes(typed)) return 2 * RISE
  return blurred(said).includes(blurred(typed)) ? RISE : 0
}

class Answers {
  /** Read the index's documents, when the first question is asked. */
  constructor(docs) {
    this.ranking = new Ranking(docs)
    const said = ({ location, title, text }) => [location, spoken(unmarked(`${title} ${text}`))]
    this.said = new Map(docs.map(said))
  }

  /** Order what lunr has found, the sections of each page and the pages, and leave out the rest. */
  sort(groups, query) {
    const asked = this.ranking.asked(query)
    const typed = spoken(query)
    const better = (a, b) => b.score - a.score
    for (const found of groups.flat()) {
      const risen = rise(this.said.get(found.location), typed)
      found.score = risen + this.ranking.section(found.location, asked)
    }
    const pages = groups.map(group => {
      const [best] = group.sort(better)
      const url = best.location.split("#")[0]
      const share = this.ranking.share(url, asked)
      const weight = (best.score % RISE) + this.ranking.whole(url, asked)
      const first = best.score - (best.score % RISE) + (share === 1 && asked.length <= FEW ? ALL : 0)
      return { group, score: first + weight, weight, share, first }
    })
    const least = FAR * Math.max(...pages.map(({ weight }) => weight))
    const enough = pages.some(({ first }) => first >= RISE) ? 1 : HALF
    const answers = ({ share, weight, first }) => first || (share >= enough && weight >= least)
    const found = pages.filter(answers).sort(better).map(({ group }) => group)
    found.forEach((group, place) => fall(group, place, isSentence(typed)))
    groups.splice(0, groups.length, ...found)
  }
}

/**
 * The theme opens with Enter what has the highest score of all, so all of a page have lower ones than
 * those of the page before. In it that is the page itself, shown first, or where a sentence stands.
 */
function fall(group, place, sentence) {
  const [best] = group
  const page = group.find(({ location }) => !location.includes("#"))
  if (!sentence || best.score < RISE) page.score = best.score
  for (const found of group) found.score -= place * FALL
}

// The theme asks for the index as soon as a page is opened, and it weighs as much as twenty pages. The
// request waits until somebody searches: in the box, or by an address that holds a question, or the
// words that the search marks on what it has found.
const BOX = "[data-md-component=search-query]"
const searched = new Promise(resolve => {
  const asked = new URLSearchParams(location.search)
  if (asked.has("q") || asked.has("h")) resolve()
  addEventListener("focusin", ({ target }) => target.matches(BOX) && resolve())
})

// The theme hears keys alone, and what is pasted, dictated or cleared needs none. It does not ask again
// for what it has asked for, so a key that is typed asks once.
const box = document.querySelector(BOX)
const hear = () => box.dispatchEvent(new Event("keyup"))
box.addEventListener("input", hear)
box.form.addEventListener("reset", () => setTimeout(hear)) // the box is emptied after this event

window.XMLHttpRequest = class extends XMLHttpRequest {
  open(method, url, ...rest) {
    this.waits = `${url}`.endsWith("search/search_index.json")
    super.open(method, url, ...rest)
  }

  send(...given) {
    if (this.waits) searched.then(() => super.send(...given))
    else super.send(...given)
  }
}

window.Worker = class extends Worker {
  constructor(...given) {
    super(...given)
    this.typed = ""
    // The first to hear, so that the theme finds the groups in this order.
    this.addEventListener("message", ({ data }) => {
      if (data.type !== RESULT || !this.typed) return
      this.answers ??= new Answers(this.docs)
      this.answers.sort(data.data.items, this.typed)
    })
  }

  postMessage(message, ...rest) {
    if (message.type === SETUP) this.docs = message.data.docs
    if (message.type === QUERY) {
      this.typed = message.data
      message = { ...message, data: plain(message.data) }
    }
    super.postMessage(message, ...rest)
  }
}
