// Elements made from data. Texts become text nodes, never markup: all that is shown was written by
// others.

/** An element with attributes (true: present, false or null: absent), listeners (`onclick`), and
 * children: nodes, texts, lists of them, or null for nothing. */
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === false || value == null) continue;
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...children.flat(Infinity).filter((each) => each != null));
  return made;
}

export function byId(id) {
  return document.getElementById(id);
}

/** Show a text in an element, or hide it if there is none. */
export function tell(target, text) {
  if (target.textContent !== text) target.textContent = text;
  target.hidden = !text;
}

export function count(number, one, many = `${one}s`) {
  return `${number.toLocaleString("en")} ${number === 1 ? one : many}`;
}
