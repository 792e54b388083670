// The button of the chat for any site: <script src="https://…/static/chat/widget.js" data-place="alfa" async></script>
// The chat itself is a frame with a page of ours: this site cannot read what is said in it, and it reads nothing here.

(() => {
  const script = document.currentScript;
  const { origin } = new URL(script.src);
  const place = `${origin}/c/${encodeURIComponent(script.dataset.place)}/`;

  const STYLE = `
    :host { all: initial; position: fixed; right: 16px; bottom: 16px; z-index: 2147483000; font: 16px/1.4 system-ui, sans-serif; }
    button { display: flex; gap: 8px; align-items: center; min-height: 48px; padding: 0 20px; border: 0; border-radius: 24px; background: #1f6496; color: #fff; font: inherit; font-weight: 600; cursor: pointer; box-shadow: 0 4px 16px rgb(0 0 0 / 0.25); }
    button:focus-visible { outline: 3px solid #fff; outline-offset: -6px; }
    small { font-size: 13px; font-weight: 400; }
    b { min-width: 20px; padding: 0 6px; border-radius: 10px; background: #fff; color: #1f6496; text-align: center; }
    [hidden] { display: none; }
    iframe { position: fixed; right: 16px; bottom: 16px; width: 400px; height: min(640px, calc(100dvh - 32px)); border: 1px solid #868f9b; border-radius: 12px; background: #fff; box-shadow: 0 8px 32px rgb(0 0 0 / 0.3); }
    @media (max-width: 480px) { iframe { inset: 0; width: 100%; height: 100dvh; border: 0; border-radius: 0; } }
  `;

  function build(state) {
    const host = document.createElement("div");
    const inside = host.attachShadow({ mode: "closed" });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
    inside.adoptedStyleSheets = [sheet];
    const button = document.createElement("button");
    const words = document.createElement("span");
    const hours = document.createElement("small");
    const count = document.createElement("b");
    button.type = "button";
    words.textContent = "Чат";
    hours.textContent = state.is_open ? "" : state.words;
    count.hidden = true;
    button.append(words, hours, count);
    inside.append(button);
    let frame = null;

    const fold = (isFolded) => {
      frame.hidden = isFolded;
      button.hidden = !isFolded;
      if (isFolded) button.focus();
      else frame.focus();
    };
    button.addEventListener("click", () => {
      if (!frame) {
        frame = document.createElement("iframe");
        frame.src = `${place}frame/`;
        frame.title = `Чат: ${state.name}`;
        frame.referrerPolicy = "no-referrer";
        inside.append(frame);
      }
      fold(false);
    });
    addEventListener("message", (event) => {
      if (event.origin !== origin || event.source !== frame?.contentWindow || event.data?.opora !== "chat") return;
      if (event.data.fold) fold(true);
      if ("unread" in event.data) {
        count.hidden = !event.data.unread;
        count.textContent = String(Number(event.data.unread) || "");
      }
    });
    document.body.append(host);
  }

  // A site that is not on the list of this chat gets no answer and shows no button.
  fetch(`${place}state/`, { credentials: "omit", referrerPolicy: "no-referrer" })
    .then((answer) => (answer.ok ? answer.json() : Promise.reject()))
    .then(build)
    .catch(() => {});
})();
