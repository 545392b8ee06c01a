// The messages of a scenario as a sequence diagram: parties side by side, time downwards.

const LANE = 290;
const ROW = 34;
const MARGIN = 100;
const CHARACTER = 7.3;
const MOST = 150;

/** The diagram as a figure, or null if nothing was sent. */
function sequence(scenario) {
  const steps = stepsOf(scenario).map((step, index) => ({ step, number: index + 1, sent: once(step) }))
    .filter(({ sent }) => sent.length);
  const all = steps.flatMap(({ sent }) => sent);
  if (!all.length) return null;
  const names = new Set(["test", "service", ...all.flatMap(({ event }) => [event.source, event.target])]);
  const used = new Set(all.flatMap(({ event }) => [event.source, event.target]));
  const parties = [...names].filter((name) => used.has(name));
  const xOf = new Map(parties.map((name, index) => [name, MARGIN + index * LANE]));
  const width = 2 * MARGIN + Math.max(1, parties.length - 1) * LANE;
  const drawings = [];
  let y = 44;
  let drawnMessages = 0;
  for (const { step, number, sent } of steps) {
    const room = sent.slice(0, MOST - drawnMessages);
    if (!room.length) break;
    drawings.push(divider(scenario, step, number, y, width));
    y += 26;
    for (const item of room) {
      const height = item.event.kind === "http" ? 2 * ROW : ROW;
      drawings.push(arrow(scenario, item, number, { y, height }, xOf));
      y += height;
    }
    drawnMessages += room.length;
  }
  return element("figure", { class: "sequence" },
    element("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Sequence diagram" },
      drawn("svg", { viewBox: `0 0 ${width} ${y}`, width, height: y },
        parties.map((name) => lifeline(name, xOf.get(name), y)), drawings)),
    all.length > drawnMessages
      ? element("figcaption", {}, `${plural(all.length - drawnMessages, "more message")} in the steps.`)
      : null);
}

/** What a step sent and received, equal messages once, with how often. */
function once(step) {
  const found = new Map();
  step.events.forEach((event, index) => {
    const key = JSON.stringify([event.source, event.target, labelOf(event), event.status]);
    const item = found.get(key);
    if (item) item.times += 1;
    else found.set(key, { event, number: index + 1, times: 1 });
  });
  return [...found.values()];
}

function lifeline(name, x, bottom) {
  return drawn("g", { class: "party" },
    drawn("line", { x1: x, x2: x, y1: 30, y2: bottom }),
    drawn("rect", { x: x - 95, y: 4, width: 190, height: 26, rx: 5 }),
    drawn("text", { x, y: 21, "text-anchor": "middle" }, shortened(name, 24),
      drawn("title", {}, name)));
}

function divider(scenario, step, number, y, width) {
  const text = `${number}  ${step.keyword} ${step.title.replaceAll("`", "")}`;
  return drawn("a", { href: addressOf(scenario, number), class: `divider ${step.status}` },
    drawn("rect", { x: 0, y: y - 8, width, height: 20, rx: 4 }),
    drawn("text", { x: 8, y: y + 6 }, shortened(text, Math.floor(width / CHARACTER) - 2)),
    drawn("title", {}, text));
}

/** A message: there, and back if there is an answer to it. */
function arrow(scenario, { event, number, times }, step, { y, height }, xOf) {
  const from = xOf.get(event.source);
  const to = event.source === event.target ? from + LANE / 2 : xOf.get(event.target);
  const label = labelOf(event);
  const often = times > 1 ? ` ×${times}` : "";
  const room = Math.floor((Math.abs(to - from) - 24) / CHARACTER) - often.length;
  const middle = (from + to) / 2;
  const answer = answerOf(event);
  return drawn("a", {
    href: addressOf(scenario, step, number),
    id: `arrow-${step}-${number}`,
    class: isTrouble(event) ? "arrow bad" : "arrow",
  },
  drawn("title", {}, `${event.source} → ${event.target}: ${shortened(label, 300)}${often}`),
  drawn("rect", {
    class: "touch", x: Math.min(from, to), width: Math.abs(to - from), y: y - 4, height,
  }),
  drawn("text", { x: middle, y: y + 12, "text-anchor": "middle" }, shortened(label, room) + often),
  head(from, to, y + 19, event.kind === "http" ? "there" : "there pushed"),
  event.kind !== "http" ? null : event.status
    ? [head(to, from, y + 19 + ROW, "back"),
      drawn("text", { x: middle, y: y + 12 + ROW, "text-anchor": "middle" }, shortened(answer, room))]
    : drawn("text", { x: middle, y: y + 36, "text-anchor": "middle" }, "✗ no answer"));
}

function head(from, to, y, kind) {
  const back = to > from ? -7 : 7;
  return drawn("path", {
    class: kind, d: `M${from},${y} H${to} m${back},-4 L${to},${y} l${back},4`,
  });
}

/** Put the focus on the arrow of a message; equal ones of a step have one. */
function toArrow(step, number) {
  const arrows = [...document.querySelectorAll(`[id^="arrow-${step}-"]`)];
  const before = arrows.filter((each) => Number(each.id.split("-")[2]) <= number);
  (byId(`arrow-${step}-${number}`) ?? before.at(-1) ?? document.querySelector(".sequence .scroll"))?.focus();
}
