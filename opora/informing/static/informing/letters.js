// A clerk looks at the pile, not at the screen: what was done is heard. High — marked, two low — not, one low — already.
const TONES = { done: [[880, 0, 0.09]], today: [[440, 0, 0.16]], late: [[220, 0, 0.18], [220, 0.26, 0.18]], now: [[660, 0, 0.05]] };
let sounding;

function say(state) {
  sounding ??= new AudioContext();
  for (const [pitch, after, long] of TONES[state] ?? []) {
    const tone = sounding.createOscillator();
    const loud = sounding.createGain();
    tone.frequency.value = pitch;
    loud.gain.value = 0.12;
    tone.connect(loud).connect(sounding.destination);
    tone.start(sounding.currentTime + after);
    tone.stop(sounding.currentTime + after + long);
  }
}

document.addEventListener("htmx:afterSwap", () => {
  const told = document.querySelector("#told[data-state]");
  const field = document.querySelector("#number");
  field?.focus();
  field?.select();
  if (told) say(told.dataset.state);
});
