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
    const kept = await caches.match(request, { ignoreSearch: true })
    if (kept) return kept
    throw error
  }
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
