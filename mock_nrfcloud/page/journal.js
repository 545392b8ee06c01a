// The list of requests: a page of the journal, the newest first. New ones are asked for after the
// last that is known, so the work does not grow with the journal; no more rows than a page are kept.

import { get } from "./api.js";
import { byId, count, element, tell } from "./dom.js";
import { duration, status, target } from "./messages.js";
import { filters, link } from "./place.js";

const PAGE = 100;
const HOSTS = 50;

let place = { view: "requests" };
let shown = []; // the requests in the rows
let next = 1; // the number of the first request that was not yet there
let chosen; // the number of the request that is shown beside the list
let more = false; // whether there are older ones
let asking = new AbortController();
const hosts = new Set();

/** Show a place from the start; `now` is the number of the next request. Throws Refused. */
export async function show(newPlace, now) {
  asking.abort();
  asking = new AbortController();
  place = newPlace;
  const page = await ask({ before: place.before });
  [shown, more, next] = [page.requests, page.more, after(page, now)];
  draw();
}

/** Show what has changed. Throws Refused. */
export async function update({ first, next: now }) {
  if (place.before) return news(now);
  const since = next;
  const page = await ask({ after: since - 1 });
  const kept = page.more ? [] : shown.filter(({ number }) => first <= number && number < since);
  const every = [...page.requests, ...kept];
  more = page.more || every.length > PAGE || (more && kept.length > 0);
  shown = every.slice(0, PAGE);
  next = after(page, now);
  return draw();
}

/** The number of the first request that is not in an answer, given that `now` was not long ago:
 * others may have come since. */
function after({ requests: [newest] }, now) {
  return newest ? Math.max(now, newest.number + 1) : now;
}

/** Tell of the requests that are not shown. */
export function news(now) {
  tell(byId("news"), now > next ? `${count(now - next, "newer request")}: not shown.` : "");
}

/** Mark the row of the chosen request. */
export function choose(number) {
  chosen = number;
  for (const each of byId("rows").querySelectorAll("a")) {
    if (each.dataset.number === chosen) each.setAttribute("aria-current", "true");
    else each.removeAttribute("aria-current");
  }
}

/** The number of the request after (1) or before (-1) another in the list; else the first. */
export function neighbour(number, step) {
  const at = shown.findIndex((each) => String(each.number) === number);
  const found = at < 0 ? shown[0] : shown[at + step];
  return found && String(found.number);
}

function ask(part) {
  const parameters = { limit: PAGE, bodies: false, ...filters(place), ...part };
  return get("requests", parameters, asking.signal);
}

function draw() {
  const rows = byId("rows");
  const old = new Map([...rows.children].map((row) => [row.dataset.number, row]));
  rows.replaceChildren(...shown.map((call) => old.get(String(call.number)) ?? row(call)));
  for (const anchor of rows.querySelectorAll("a")) {
    anchor.href = link({ ...place, request: anchor.dataset.number });
  }
  choose(chosen);
  tell(byId("empty"), shown.length ? "" : nothing());
  news(next);
  turn("newest", place.before, undefined);
  turn("older", more, String(shown.at(-1)?.number));
  suggestHosts();
}

function nothing() {
  if (Object.keys(filters(place)).length) return "No request is like this.";
  return "No requests yet. They appear here as they arrive.";
}

function turn(id, wanted, before) {
  const anchor = byId(id);
  anchor.hidden = !wanted;
  anchor.href = link({ ...place, request: undefined, before });
}

function row(call) {
  const number = String(call.number);
  const at = new Date(call.at * 1000);
  const time = `${at.toLocaleTimeString("en-GB")}.${String(at.getMilliseconds()).padStart(3, "0")}`;
  return element(
    "tr", { "data-number": number, class: call.wasMatched ? null : "unmatched" },
    element("td", { class: "number" }, number),
    element("td", { class: "time", title: at.toISOString() }, time),
    element(
      "td", { class: "request" },
      element(
        "a", { "data-number": number },
        element("span", { class: "method" }, call.request.method), " ", target(call.request),
      ),
    ),
    element(
      "td", { class: "answer" },
      status(call.response), " ",
      element("span", { class: "mark" }, call.wasMatched ? "✓ stub" : "✗ no stub"),
      call.fault ? element("span", { class: "mark" }, ` ⚡ ${call.fault}`) : "",
    ),
    element("td", { class: "took" }, duration(call.took)),
  );
}

function suggestHosts() {
  const before = hosts.size;
  for (const { request } of shown) if (hosts.size < HOSTS) hosts.add(request.host);
  if (hosts.size > before) {
    byId("hosts").replaceChildren(...[...hosts].map((host) => element("option", { value: host })));
  }
}
