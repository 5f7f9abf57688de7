// The texts of the SVG that is shown which are not where they were drawn for, each with its kind.
() => {
  const SLACK = 1 // px: the width of a line
  const found = []
  const svg = document.querySelector("svg")
  const boxOf = element => element.getBoundingClientRect()
  const holds = (outer, inner) => inner.left >= outer.left - SLACK && inner.right <= outer.right + SLACK
  const shared = (a, b, from, to) => Math.min(a[to], b[to]) - Math.max(a[from], b[from])

  const texts = [...svg.querySelectorAll("text")].map(text => [text.textContent.trim(), boxOf(text)])
  const rects = [...svg.querySelectorAll("rect")].map(boxOf).sort((a, b) => a.width * a.height - b.width * b.height)
  texts.forEach(([text, box], index) => {
    const [x, y] = [box.left + box.width / 2, box.top + box.height / 2]
    const around = rects.find(rect => rect.left < x && x < rect.right && rect.top < y && y < rect.bottom)
    if (!holds(boxOf(svg), box)) found.push(["out of the figure", text])
    if (around && !holds(around, box)) found.push(["out of its box", text])
    for (const [other, beside] of texts.slice(0, index))
      if (shared(box, beside, "left", "right") > SLACK && shared(box, beside, "top", "bottom") > box.height / 3)
        found.push(["over another", `${text}, ${other}`])
  })
  return found
}
