// The secret of a screen stands behind «#»: no server log and no other page ever sees it. It goes into a cookie that no
// script reads, and leaves the address, so that nobody photographs it off the wall.

const LEAST = 20;
const place = document.getElementById("entry");
const sentence = document.getElementById("sentence");

function say(words) {
  sentence.textContent = words;
  sentence.hidden = false;
}

async function enter(secret) {
  history.replaceState(null, "", location.pathname);
  try {
    const answer = await fetch(place.dataset.entry, {
      method: "POST",
      headers: { "X-CSRFToken": place.dataset.token, Accept: "application/json" },
      body: new URLSearchParams({ secret }),
    });
    if (answer.status === 204) location.replace(location.pathname);
    else say((await answer.json()).message);
  } catch {
    say("Нет связи с программой. Попробуем ещё раз через 10 секунд.");
    setTimeout(enter, 10_000, secret);
  }
}

const secret = decodeURIComponent(location.hash.slice(1));
if (secret.length >= LEAST) enter(secret);
else if (!document.getElementById("board") && sentence.textContent.includes("Подключаем")) {
  say("Экран не подключён. Попросите руководителя открыть «Табло → Показать на экране» и откройте здесь адрес, который он сделает.");
}
