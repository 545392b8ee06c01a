// Elements made from data. Texts become text nodes, never markup: all that is shown was written by
// others.

/** An element with attributes (true: present, false or null: absent), listeners (`onclick`), and
 * children: nodes, texts, lists of them, or null for nothing. */
function element(name, attributes = {}, ...children) {
  return furnished(document.createElement(name), attributes, children);
}

/** The same for SVG. */
function drawn(name, attributes = {}, ...children) {
  return furnished(document.createElementNS("http://www.w3.org/2000/svg", name), attributes, children);
}

function furnished(made, attributes, children) {
  for (const [key, value] of Object.entries(attributes)) {
    if (value === false || value == null) continue;
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...children.flat(Infinity).filter((each) => each != null));
  return made;
}

/** What can be unfolded; `fill` makes its content when it is opened for the first time. */
function folded(attributes, summary, fill) {
  const made = element("details", attributes, element("summary", {}, summary));
  let filled = false;
  const unfold = () => {
    if (!made.open || filled) return;
    filled = true;
    made.append(...[fill()].flat(Infinity).filter((each) => each != null));
  };
  made.addEventListener("toggle", unfold);
  made.unfold = () => { made.open = true; unfold(); };
  if (made.open) unfold();
  return made;
}

function byId(id) {
  return document.getElementById(id);
}

function plural(number, one, many = `${one}s`) {
  return `${number.toLocaleString("en")} ${number === 1 ? one : many}`;
}

function duration(seconds) {
  if (seconds > 0 && seconds < 0.001) return "< 1 ms";
  if (seconds < 0.9995) return `${Math.round(seconds * 1000)} ms`;
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

/** The time of day, with milliseconds. */
function clock(seconds) {
  const time = new Date(seconds * 1000);
  return `${time.toLocaleTimeString("en-GB")}.${String(time.getMilliseconds()).padStart(3, "0")}`;
}

const MARKS = { passed: "✓", failed: "✗", skipped: "–", untested: "○", late: "◷" };

/** The sign of a status; its name is for those who do not see it. */
function mark(status) {
  return element("span", { class: `mark ${status}` },
    element("span", { "aria-hidden": "true" }, MARKS[status]),
    element("span", { class: "unseen" }, `${status}: `));
}

/** Text with `code` in it, as titles of steps have it. */
function titled(text) {
  return text.split(/(`[^`]+`)/).map((part) => part.length > 2 && part.startsWith("`")
    ? element("code", {}, part.slice(1, -1)) : part);
}

function shortened(text, length) {
  return text.length <= length ? text : `${text.slice(0, Math.max(1, length - 1))}…`;
}
