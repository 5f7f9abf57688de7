// Which pages answer a question, best first. lunr adds up what it finds section by section, so a long
// page that says "hidden" a hundred times would come before the short one that answers. Here pages
// are weighed by BM25F (Robertson and Zaragoza, The Probabilistic Relevance Framework, 2009): a word
// counts the more the fewer sections have it, each time that it is said again counts less, and titles
// count most. A page counts as a whole, and once more for the section that answers best, in which
// words that were typed side by side count more if they stand so.
const PAGE = { title: 10, lead: 3, headings: 3, text: 1 } // the fields, and what a word in them counts
const SECTION = { title: 5, text: 1 }
const SATURATION = 3 // a word that is said so often counts half of what it can
const LENGTH = 0.5 // how far a long text is held against a word in it; none would be 0
const PAIR = 0.4 // what two words side by side count, in weights of the commoner

// Words that every question has, whatever it is about.
const UNASKED = new Set(
  `a about an and are as at be between by can could did do does doesn't don't exactly for from get
  has have how i if in into is isn't it its may must my need needed needs of on or per should so than that
  the then there they this to use used using want was we were what when where which why will
  with would you your`.split(/\s+/),
)

/** The words of a text without their endings, those of names too: `batch_sizes`, `LSTMCell`. */
function terms(text) {
  const words = text.replace(/\b(\d)-d\b/gi, "$1d").match(/[\p{L}\p{N}_]+/gu) ?? []
  const telling = words.filter(word => !UNASKED.has(word.toLowerCase())).map(named)
  return telling.flatMap(word => [word, ...parts(word)]).map(stem)
}

/** A name as the site writes it: h0 is often typed for `h_0`. */
function named(word) {
  return word.replace(/^([hc])([0n])$/i, "$1_$2")
}

function parts(name) {
  const cut = name.replace(/(\p{Ll})(\p{Lu})/gu, "$1_$2")
  const found = cut.replace(/(\p{Lu})(\p{Lu}\p{Ll})/gu, "$1_$2").split("_")
  return found.length > 1 ? found.filter(part => part.length > 2) : []
}

/** Without its ending: a rough stem, which need not be a word. */
function stem(word) {
  const low = word.toLowerCase().replace(/iz(?=e|ing|ation)/, "is")
  if (low.length < 4 || /[\d_]/.test(low)) return low
  const bare = low.replace(/(...)(?:ing|ed|e?s|ly)$/, "$1").replace(/(...)e$/, "$1")
  return bare.replace(/([^aeiouls])\1$/, "$1").replace(/y$/, "i")
}

/** Make text of HTML. */
function unmarked(html) {
  return html.replace(/<[^>]*>/g, " ").replace(/&(?:\w+|#\w+);/g, " ")
}

/** How often each term stands in a text, or in several. */
function counted(lists) {
  const counts = new Map()
  for (const term of lists.flat()) counts.set(term, (counts.get(term) ?? 0) + 1)
  return { counts, length: lists.flat().length }
}

/** The fields, each with what a word in it counts and with its mean length. */
function means(texts, fields) {
  const mean = name => texts.reduce((sum, text) => sum + text[name].length, 0) / texts.length
  return Object.keys(fields).map(name => [name, fields[name], mean(name)])
}

class Ranking {
  /** Read the documents of the index: the beginning of each page, and its sections. */
  constructor(docs) {
    const read = docs.map(({ location, title, text, boost = 1 }) => {
      const said = { title: terms(title), text: terms(unmarked(text)) }
      return { location, url: location.split("#")[0], boost, ...said }
    })
    this.sections = new Map(
      read.map(({ location, title, text }) => [
        location,
        {
          title: counted([title]),
          text: counted([text]),
          row: ` ${[...title, ...text].join(" ")} `,
        },
      ]),
    )
    const pages = new Map(read.map(({ url }) => [url, []]))
    for (const section of read) pages.get(section.url).push(section)
    this.pages = new Map([...pages].map(([url, sections]) => [url, this.page(sections)]))
    this.of_page = means([...this.pages.values()], PAGE)
    this.of_section = means([...this.sections.values()], SECTION)
    this.spread = counted(read.map(({ title, text }) => [...new Set([...title, ...text])])).counts
  }

  page([first, ...others]) {
    return {
      boost: first.boost,
      title: counted([first.title]),
      lead: counted([first.text]),
      headings: counted(others.map(({ title }) => title)),
      text: counted(others.map(({ text }) => text)),
    }
  }

  /** The terms of a question, and how much each decides. Numbers are the reader's own. */
  asked(question) {
    const known = terms(question).map(term => this.known(term))
    const named = [...new Set(known)].filter(term => term && !/^\d+$/.test(term))
    return named.map(term => [term, this.rarity(term)])
  }

  /** The term, or the commonest that begins so: the last word may not be typed to its end. */
  known(term) {
    if (this.spread.has(term)) return term
    const begun = [...this.spread.keys()].filter(other => other.startsWith(term))
    return begun.sort((a, b) => this.spread.get(b) - this.spread.get(a))[0]
  }

  rarity(term) {
    const spread = this.spread.get(term)
    return Math.log(1 + (this.sections.size - spread + 0.5) / (spread + 0.5))
  }

  /** How well a page answers as a whole. */
  whole(url, asked) {
    const page = this.pages.get(url)
    return page.boost * weight(page, this.of_page, asked)
  }

  /** How many of the words that were asked for a page has, from none to all, 1. */
  share(url, asked) {
    const fields = Object.values(this.pages.get(url)).filter(field => field.counts)
    const had = asked.filter(([term]) => fields.some(({ counts }) => counts.has(term)))
    return asked.length ? had.length / asked.length : 1
  }

  /** How well a section answers. */
  section(location, asked) {
    const { boost } = this.pages.get(location.split("#")[0])
    const section = this.sections.get(location)
    return boost * (weight(section, this.of_section, asked) + PAIR * pairs(section.row, asked))
  }
}

/** BM25F: of each term its rarity, times how much is said of it in all fields, up to a limit. */
function weight(text, fields, asked) {
  let sum = 0
  for (const [term, rarity] of asked) {
    let said = 0
    for (const [name, counts, mean] of fields) {
      const often = text[name].counts.get(term) ?? 0
      said += (counts * often) / (1 - LENGTH + (LENGTH * text[name].length) / mean)
    }
    sum += (rarity * said) / (SATURATION + said)
  }
  return sum
}

/** Of the words that were asked for side by side, those that stand so. */
function pairs(row, asked) {
  const next = asked.slice(1).map(([term, rarity], k) => [asked[k][0], term, asked[k][1], rarity])
  const found = next.filter(([one, other]) => row.includes(` ${one} ${other} `))
  return found.reduce((sum, [, , ...rarities]) => sum + Math.min(...rarities), 0)
}
