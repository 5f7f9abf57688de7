// The theme hands what is typed to lunr as a formula whose words are beginnings of words: a colon in
// a pasted message finds nothing, "is" finds "isolated", and the n of "L and N" every word with an n
// in front. So a question is made plain here: no signs, no words that every question has, and a word
// of one or two letters stands for itself, unless it is all that has been typed.
const QUERY = 2 // the theme's SearchMessageType
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

window.Worker = class extends Worker {
  postMessage(message, ...rest) {
    if (message.type === QUERY) message = { ...message, data: plain(message.data) }
    super.postMessage(message, ...rest)
  }
}
