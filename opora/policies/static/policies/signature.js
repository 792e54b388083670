// A signature drawn by a finger: black on white whatever the theme.

const drawn = new WeakMap();

export function clear(canvas) {
  const paper = canvas.getContext("2d");
  paper.fillStyle = "#fff";
  paper.fillRect(0, 0, canvas.width, canvas.height);
  drawn.set(canvas, 0);
}

export const isDrawn = (canvas) => (drawn.get(canvas) ?? 0) > 8;
export const picture = (canvas) => canvas.toDataURL("image/png");

export function listen(canvas) {
  clear(canvas);
  const paper = canvas.getContext("2d");
  let last = null;
  const at = (event) => {
    const box = canvas.getBoundingClientRect();
    return [((event.clientX - box.left) * canvas.width) / box.width, ((event.clientY - box.top) * canvas.height) / box.height];
  };
  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    last = at(event);
    event.preventDefault();
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!last) return;
    const next = at(event);
    paper.strokeStyle = "#000";
    paper.lineWidth = 4;
    paper.lineCap = "round";
    paper.beginPath();
    paper.moveTo(...last);
    paper.lineTo(...next);
    paper.stroke();
    last = next;
    drawn.set(canvas, (drawn.get(canvas) ?? 0) + 1);
  });
  for (const name of ["pointerup", "pointercancel"]) canvas.addEventListener(name, () => { last = null; });
}
