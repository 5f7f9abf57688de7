// From a message to its entry, with the reader's own sizes: what rnn_ref.messages does in Python, for
// the page. The catalogue is made of the same data; tests/test_decoder.py holds one against the other.
{
  const NEAREST = 3 // entries

  const OPERATORS = {
    "==": (a, b) => `${a}` === `${b}`,
    "!=": (a, b) => `${a}` !== `${b}`,
    "<=": (a, b) => a <= b,
    ">=": (a, b) => a >= b,
    "<": (a, b) => a < b,
    ">": (a, b) => a > b,
  }
  const FUNCTIONS = {
    count: sizes => sizes.length,
    sorted: sizes => [...sizes].sort((a, b) => a - b),
    product: sizes => sizes.reduce((a, b) => a * b, 1),
  }

  /** What a term stands for: a number, `name`, `name[i]`, `count(name)`; undefined for nothing. */
  function term(text, values) {
    const [, number, function_, argument, name, axis] =
      /^(?:(-?\d+)|(\w+)\((\w+)\)|([a-z]\w*)(?:\[(-?\d+)\])?)$/.exec(text.trim())
    if (number) return Number(number)
    const found = values[argument ?? name]
    if (function_) return Array.isArray(found) ? FUNCTIONS[function_](found) : undefined
    if (axis === undefined) return found
    return Array.isArray(found) ? found.at(Number(axis)) : undefined
  }

  const kindOf = value => (Array.isArray(value) ? "sizes" : typeof value)

  /** Whether a comparison of two terms is true; what cannot be compared is not. */
  function holds(condition, values) {
    const [, left, operator, right] = /^(.+?) (==|!=|<=|>=|<|>) (.+)$/.exec(condition)
    const [a, b] = [term(left, values), term(right, values)]
    if (a === undefined || b === undefined || kindOf(a) !== kindOf(b)) return false
    // Which of two texts or shapes is larger means nothing.
    if (!["==", "!="].includes(operator) && typeof a !== "number") return false
    return OPERATORS[operator](a, b)
  }

  /** A sentence with the reader's sizes in it; empty if one of its terms stands for nothing. */
  function said(text, values) {
    const places = [...text.matchAll(/\{([^{}]+)\}/g)].map(([, place]) => term(place, values))
    if (places.includes(undefined)) return ""
    return text.replace(/\{[^{}]+\}/g, () => shown(places.shift()))
  }

  /** A value as Python prints it. */
  function shown(value) {
    if (!Array.isArray(value)) return `${value}`
    return `(${value.join(", ")}${value.length === 1 ? "," : ""})`
  }

  /** A message with texts in the places of its variable parts, or an ellipsis. */
  function filled(source, texts) {
    return source.replace(/\{\{|\}\}|\{(\w+):(\w+)\}/g, (part, name, kind) =>
      name === undefined ? part[0] : name in texts ? printed(kind, texts[name]) : "...",
    )
  }

  /** What a text in the place of a variable part stands for. */
  function value(kind, text) {
    if (kind === "shape") return (text.match(/-?\d+/g) ?? []).map(Number)
    return kind === "int" ? Number(text) : text
  }

  /** A text for an address: a tuple is its sizes alone, and a list has the brackets torch gave it. */
  function spelled(kind, text) {
    if (kind !== "shape") return text
    const sizes = value(kind, text)
    return text === shown(sizes) ? `${sizes}` : text.replace(/\s/g, "")
  }

  /** What an address spells, as torch printed it. */
  function printed(kind, text) {
    if (kind !== "shape") return text
    const isWhole = /^(torch\.Size\()?[[(][-\d,]*[\])]\)?$/.test(text)
    return isWhole ? text.replace(/,(?=[-\d])/g, ", ") : shown(value(kind, text))
  }

  class Decoder {
    constructor(entries) {
      this.entries = entries
      this.templates = entries.flatMap(entry =>
        entry.templates.map(template => ({
          ...template,
          entry,
          pattern: new RegExp(template.pattern, "g"),
        })),
      )
      this.words = new Map(entries.map(entry => [entry, new Set(telling(spoken(entry)))]))
      this.counts = new Map()
      for (const words of this.words.values())
        for (const word of words) this.counts.set(word, (this.counts.get(word) ?? 0) + 1)
    }

    /** The last message of a text that the catalogue knows; undefined if there is none. */
    decode(text) {
      const found = this.found(readable(text))
      const inner = found.filter(one => !found.some(other => other !== one && covers(other, one)))
      const last = inner.sort((a, b) => b.end - a.end)[0]
      return last && reading(last.template.entry, last.match[0], this.values(last), sizes(last))
    }

    found(text) {
      // A text that lacks a fixed part is not searched, however many quotes it has.
      const possible = ({ chunks }) => chunks.every(chunk => text.includes(chunk))
      return this.templates.filter(possible).flatMap(template =>
        [...text.matchAll(template.pattern)].map(match => {
          return { template, match, start: match.index, end: match.index + match[0].length }
        }),
      )
    }

    values({ template, match }) {
      return Object.fromEntries(
        template.parts.map(([name, kind]) => [name, value(kind, match.groups[name])]),
      )
    }

    /** What an address says: an entry's name, which of its messages, and sizes. */
    named(id, sizes) {
      const entry = this.entries.find(entry => entry.id === id)
      if (!entry) return undefined
      const template = entry.templates[sizes.wording - 1] ?? likeliest(entry, sizes)
      const kinds = new Map([...entry.templates.flatMap(({ parts }) => parts), ...template.parts])
      const known = Object.entries(sizes).filter(([name]) => kinds.has(name))
      const values = Object.fromEntries(known.map(([name, text]) => [name, value(kinds.get(name), text)]))
      return reading(entry, filled(template.source, sizes), values, sizes)
    }

    /** The entries whose messages share the rarest words with a text, the nearest first. */
    nearest(text) {
      const asked = new Set(telling(readable(text)))
      const weighed = this.entries.map(entry => [entry, this.weight(asked, this.words.get(entry))])
      const near = weighed.filter(([, weight]) => weight > 0).sort(([, a], [, b]) => b - a)
      return near.slice(0, NEAREST).map(([entry]) => entry)
    }

    weight(asked, words) {
      const shared = [...asked].filter(word => words.has(word)).sort()
      return shared.reduce((sum, word) => sum + Math.log(this.words.size / this.counts.get(word)), 0)
    }
  }

  /** The first message of an entry that has a place for most of the sizes. */
  function likeliest({ templates }, sizes) {
    const places = ({ parts }) => parts.filter(([name]) => name in sizes).length
    const most = Math.max(...templates.map(places))
    return templates.find(template => places(template) === most)
  }

  /** What an address holds beside the name of an entry, whose first message needs no number. */
  function sizes({ template, match }) {
    const texts = template.parts.map(([name, kind]) => [name, spelled(kind, match.groups[name])])
    const wording = template.entry.templates.findIndex(({ source }) => source === template.source)
    return Object.fromEntries(wording ? [["wording", wording + 1], ...texts] : texts)
  }

  /** A text, its blanks plain. */
  function readable(text) {
    return text.replace(/\u00a0/g, " ")
  }

  const telling = text => text.toLowerCase().match(/[a-z_]{3,}/g) ?? []
  const spoken = entry => [entry.error, ...entry.templates.map(({ literal }) => literal)].join("\n")

  /** Whether one message holds another; of two in the same place, the one that says more. */
  function covers(one, other) {
    if (one.start === other.start && one.end === other.end)
      return one.template.literal.length > other.template.literal.length
    return one.start <= other.start && other.end <= one.end
  }

  /** An entry for these sizes: the causes that they speak for come before the others. */
  function reading(entry, message, values, sizes) {
    const fits = cause => cause.when.every(condition => holds(condition, values))
    const told = entry.causes.filter(cause => cause.when.length && fits(cause))
    const open = entry.causes.filter(cause => !cause.when.length)
    const causes = [told, open, entry.causes].find(some => some.length) ?? []
    const others = entry.causes.filter(cause => !causes.includes(cause))
    return { entry, message, values, sizes, causes, others, says: cause => said(cause.say, values) }
  }

  window.Decoder = Decoder
}
