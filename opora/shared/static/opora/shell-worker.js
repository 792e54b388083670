// Keeps the shell of one page, so that it opens without a network. Never keeps anybody's data.

const KEPT = new URL(self.location).searchParams.get("cache");
const ROOM = KEPT.slice(0, KEPT.lastIndexOf("-") + 1);
const PATIENCE = 4000;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil((async () => {
  for (const name of await caches.keys()) if (name.startsWith(ROOM) && name !== KEPT) await caches.delete(name);
  await self.clients.claim();
})()));

const late = (ms) => new Promise((_, reject) => setTimeout(() => reject(new Error("late")), ms));

async function page(request) {
  const kept = await caches.open(KEPT);
  const known = await kept.match(request, { ignoreSearch: true });
  try {
    const fresh = fetch(request);
    const answer = await (known ? Promise.race([fresh, late(PATIENCE)]) : fresh);
    if (answer.ok && answer.type === "basic" && !answer.redirected) await kept.put(new URL(request.url).pathname, answer.clone());
    return answer;
  } catch (fault) {
    if (known) return known;
    throw fault;
  }
}

async function asset(request) {
  const kept = await caches.open(KEPT);
  try {
    const answer = await fetch(request);
    if (answer.ok && await kept.match(request)) await kept.put(request, answer.clone());
    return answer;
  } catch (fault) {
    const known = await kept.match(request);
    if (known) return known;
    throw fault;
  }
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (request.mode === "navigate" && url.pathname === new URL("./", self.location).pathname) event.respondWith(page(request));
  else if (url.pathname.startsWith("/static/")) event.respondWith(asset(request));
});
