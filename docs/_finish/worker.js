// Keeps the site for a reader who has no network later. While there is one, all comes from there, so
// nothing that is shown is old. VERSION and FILES are put above by docs/_finish/offline.py.
const CACHE = `site ${VERSION}`
const AT_ONCE = 4

/** Fetch what is not kept yet, a few files at a time. */
async function keep() {
  const cache = await caches.open(CACHE)
  const known = new Set((await cache.keys()).map(({ url }) => url))
  const wanted = FILES.map(file => new URL(file, registration.scope).href).filter(url => !known.has(url))
  const next = async () => {
    for (let url; (url = wanted.shift()); ) await cache.add(url).catch(() => {})
  }
  await Promise.all(Array.from({ length: AT_ONCE }, next))
}

/** The answer of the network, or what was kept of it. */
async function answer(request) {
  try {
    // What was fetched to be kept is in the browser's own cache as well, and may be old there.
    const response = await fetch(request, { cache: "no-cache" })
    if (response.ok) await (await caches.open(CACHE)).put(request, response.clone())
    return response
  } catch (error) {
    const found = (await kept(request.url)) ?? (request.mode === "navigate" && (await instead(request.url)))
    if (found) return found
    throw error
  }
}

/** A page is kept as its folder alone, but may be asked for as the file in it, and the other way. */
async function kept(url) {
  const address = plain(url)
  for (const name of [address, address.replace(/\/index\.html$/, "/"), `${address}index.html`]) {
    const found = await caches.match(name, { ignoreSearch: true })
    if (found) return found
  }
}

const plain = url => url.split(/[?#]/)[0]

/** What a host says of an address that it does not know, or of a folder without its last stroke. */
async function instead(url) {
  const folder = `${plain(url)}/`
  if (await kept(folder)) return Response.redirect(folder)
  const page = await kept(new URL("404.html", registration.scope).href)
  return page && new Response(page.body, { status: 404, headers: page.headers })
}

async function forget() {
  const old = (await caches.keys()).filter(name => name.startsWith("site ") && name !== CACHE)
  await Promise.all(old.map(name => caches.delete(name)))
}

addEventListener("install", () => skipWaiting())
addEventListener("activate", event => event.waitUntil(Promise.all([forget(), clients.claim()])))
addEventListener("message", event => event.waitUntil(keep()))
addEventListener("fetch", event => {
  const { method, url } = event.request
  if (method === "GET" && url.startsWith(registration.scope)) event.respondWith(answer(event.request))
})
