// How large the letters of the SVG that is shown are, in pixels of the screen, each with its text.
() => [...document.querySelectorAll("svg :is(text, tspan)")]
  .map(part => [part, [...part.childNodes].filter(node => node.nodeType === Node.TEXT_NODE).map(node => node.data.trim()).join("")])
  .filter(([, text]) => text)
  .map(([part, text]) => {
    const { c, d } = part.getScreenCTM() // a text may be turned
    return [parseFloat(getComputedStyle(part).fontSize) * Math.hypot(c, d), text]
  })
