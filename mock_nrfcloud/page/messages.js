// Requests and responses of the admin API as a person reads them.

import { count, element } from "./dom.js";

const SHOWN = 50_000; // characters; more of them make the browser slow
const FORMATTED = 1_000_000;

/** The body of a message of the admin API; `whole` is where all of it can be had. */
export function body(message, whole) {
  const [text, note] = readable(message);
  if (!text) return element("p", { class: "hint" }, "No body.");
  const cut = text.length > SHOWN;
  return element(
    "div", {},
    note && element("p", { class: "note" }, note),
    cut && element(
      "p", { class: "note" },
      `${SHOWN.toLocaleString("en")} of ${count(text.length, "character")} are shown. `,
      element("a", { href: whole }, "All of it"),
    ) || null,
    element("pre", { tabindex: "0" }, cut ? text.slice(0, SHOWN) : text),
  );
}

/** A table of names and values, a value being a text or a list of texts. */
export function pairs(title, values) {
  const rows = Object.entries(values).flatMap(([name, value]) => [value].flat().map((each) => [name, each]));
  if (!rows.length) return null;
  return element(
    "details", { open: rows.length <= 12 },
    element("summary", {}, title),
    element(
      "dl", { class: "pairs" },
      rows.map(([name, value]) => [element("dt", {}, name), element("dd", {}, value)]),
    ),
  );
}

/** Path and query of a request of the admin API, with the host if it is not the root's. */
export function target({ host, urlPath, queryParameters }) {
  const rest = Object.entries(queryParameters).flatMap(
    ([name, value]) => [value].flat().map((each) => `${name}=${each}`),
  );
  return `${host === "api.nrfcloud.com" ? "" : host}${urlPath}${rest.length ? `?${rest.join("&")}` : ""}`;
}

/** The status of a response. */
export function status({ status: code, statusMessage }) {
  const title = statusMessage || null;
  return element("span", { class: `status s${String(code)[0]}`, title }, String(code));
}

/** A duration in seconds. */
export function duration(seconds) {
  if (seconds >= 1) return `${seconds.toFixed(2)} s`;
  return `${(seconds * 1000).toFixed(seconds < 0.01 ? 2 : 0)} ms`;
}

/** The text of a body, and what is to be said about it. */
function readable({ body: text, base64Body }) {
  if (base64Body !== undefined) return [base64Body, "These bytes are no text; they are shown as Base64."];
  if (!text || text.length > FORMATTED || !/^\s*[[{]/.test(text)) return [text ?? "", null];
  try {
    JSON.parse(text);
  } catch {
    return [text, null];
  }
  return [indented(text), null];
}

/** JSON on lines of its own. Numbers and names stay as they are written, which parsing would not
 * do. */
function indented(json) {
  let depth = 0;
  const line = (by) => `\n${"  ".repeat(Math.max(0, (depth += by)))}`;
  return json.replace(/("(?:[^"\\]|\\.)*")|\s+|([[{])\s*([\]}])|[[{]|[\]}]|,|:/g, (found, text, open, close) => {
    if (text) return text;
    if (open) return open + close;
    switch (found) {
      case "[": case "{": return found + line(1);
      case "]": case "}": return line(-1) + found;
      case ",": return found + line(0);
      case ":": return ": ";
      default: return "";
    }
  });
}
