// Keeps the page that is open, with its styles and scripts, for a day without a network. The address of the worker names
// the cache (?cache=opora-room-1); a greater number in it begins anew.

export async function keepShell(worker) {
  if (!("serviceWorker" in navigator)) return;
  await navigator.serviceWorker.register(worker);
  await navigator.serviceWorker.ready;
  const parts = performance.getEntriesByType("resource").map((one) => new URL(one.name)).filter((one) => one.origin === location.origin && one.pathname.startsWith("/static/"));
  const named = [...document.querySelectorAll("link[href], script[src]")].map((one) => new URL(one.href ?? one.src));
  const shell = new Set([location.pathname, ...[...parts, ...named].map((one) => one.pathname)]);
  const cache = await caches.open(new URL(worker, location.href).searchParams.get("cache"));
  await Promise.allSettled([...shell].map((path) => cache.add(path)));
  document.body.dataset.kept = "";
}
