// Which channels a page shows: words of data-live, plain («org:12:queue:sp2») or sealed (a card's name with a signature).

const MOST = 50;

function plain(word) {
  if (!word.includes(".") || word.includes(":")) return word;
  try {
    const body = word.split(".")[0].replaceAll("-", "+").replaceAll("_", "/");
    return JSON.parse(atob(body))[2];
  } catch {
    return word;
  }
}

const words = (element) => (element.dataset.live ?? "").split(/\s+/).filter(Boolean);

export const own = (element) => words(element).map(plain);

export function wanted() {
  return [...new Set([...document.querySelectorAll("[data-live]")].flatMap(words))].slice(0, MOST);
}
