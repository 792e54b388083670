// What the phone keeps: the day, records that wait, and what became of those that went. Each courier has her own queue.

const ROUTE = "opora.courier.route";
const QUEUE = "opora.courier.queue";
const DONE = "opora.courier.done";
const DAY_MS = 18 * 3600 * 1000;

const read = (name, otherwise) => {
  try {
    return JSON.parse(localStorage.getItem(name)) ?? otherwise;
  } catch {
    return otherwise;
  }
};
const write = (name, value) => localStorage.setItem(name, JSON.stringify(value));
const all = () => read(QUEUE, []);

export const route = () => read(ROUTE, null);
export const done = () => read(DONE, {});
const me = () => route()?.courier ?? read(ROUTE + ".courier", null);
export const queue = () => all().filter((one) => one.courier === me());
export const othersQueue = () => (me() === null ? [] : all().filter((one) => one.courier !== me()));

// A new day, or another courier, takes the place of what was there; records that wait stay until they are sent.
export function take(told) {
  const former = route();
  if (former && (former.day !== told.day || former.courier !== told.courier)) localStorage.removeItem(DONE);
  write(ROUTE + ".courier", told.courier);
  const waits = new Set(all().map((one) => one.visit));
  write(ROUTE, { ...told, visits: told.visits.map((one) => (waits.has(one.id) ? bare(one) : one)), taken: Date.now() });
}

export function add(record) {
  write(QUEUE, [...all(), { ...record, courier: me() }]);
}

export function drop(key) {
  write(QUEUE, all().filter((one) => one.key !== key));
}

export function note(visit, result) {
  write(DONE, { ...done(), [visit]: result });
}

function bare({ name, phone, documents, note, windows, ...rest }) {
  return rest;
}

export function forgetPerson(visit) {
  const told = route();
  if (told) write(ROUTE, { ...told, visits: told.visits.map((one) => (one.id === visit ? bare(one) : one)) });
}

export function forgetOld() {
  const told = route();
  if (told && Math.abs(Date.now() - told.taken) > DAY_MS) {
    localStorage.removeItem(ROUTE);
    localStorage.removeItem(DONE);
  }
}
