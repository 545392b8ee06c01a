// The stubs: those that ask for the same together, with what waits, what was given, and how often.

import { get } from "./api.js";
import { byId, count, element } from "./dom.js";
import { body, pairs, status, target } from "./messages.js";
import { link } from "./place.js";

const PAGE = 100;
const DEVICES = 200;

/** Show a page of them. Throws Refused. */
export async function show(place, signal) {
  const offset = Number.parseInt(place.offset, 10) || 0;
  const [{ mappings, meta }, { devices }] = await Promise.all([
    get("mappings", { limit: PAGE, offset }, signal), get("shadows", {}, signal),
  ]);
  const chosen = place.stub && !mappings.some(({ id }) => id === place.stub)
    ? await get(`mappings/${encodeURIComponent(place.stub)}`, {}, signal).catch(() => null)
    : null;
  const section = byId("stubs");
  const open = new Set([...section.querySelectorAll("details[open][id]")].map(({ id }) => id));
  if (place.stub) open.add(`stub-${place.stub}`);
  section.replaceChildren(
    ...together(chosen ? [chosen, ...mappings] : mappings).map((group) => card(group, open)),
    ...(meta.total ? [] : [element("p", { class: "note" }, "No stubs: every request gets a 404.")]),
    pages(offset, meta.total),
    ...shadows(devices),
  );
}

/** Bring the chosen stub into sight. */
export function reveal(id) {
  const found = byId(`stub-${id}`);
  found?.scrollIntoView({ block: "center" });
  found?.querySelector("summary").focus();
}

/** Stubs that ask for the same, in lists. */
function together(mappings) {
  const groups = new Map();
  for (const each of mappings) {
    const key = JSON.stringify(each.request);
    groups.set(key, [...(groups.get(key) ?? []), each]);
  }
  return [...groups.values()];
}

function card(group, open) {
  const [{ request, answeredTogether }] = group;
  const waiting = group.filter(({ state }) => state === "waiting").length;
  return element(
    "article", { class: "stub" },
    element("h2", {}, element("span", { class: "method" }, request.method), " ", target(request)),
    element("p", { class: "facts" }, `${waiting.toLocaleString("en")} waiting · ${count(answeredTogether, "request")} answered`),
    pairs("Headers that it must have", request.headers),
    request.body || request.base64Body
      ? element("details", {}, element("summary", {}, "Body that it must match"), body(request, `mappings/${group[0].id}`))
      : null,
    element("ol", { class: "responses" }, group.map((each) => element("li", {}, response(each, open)))),
  );
}

function response({ id, state, answered, response: given }, open) {
  return element(
    "details", { id: `stub-${id}`, open: open.has(`stub-${id}`) },
    element(
      "summary", {},
      element("span", { class: `state ${state}` }, state), " ", status(given), " ",
      answered ? `given ${count(answered, "time")}` : "not yet given",
    ),
    pairs("Headers", given.headers), body(given, `mappings/${id}`),
  );
}

function pages(offset, total) {
  const part = (to, text) => element("a", { href: link({ view: "stubs", offset: to && String(to) }) }, text);
  return element(
    "nav", { class: "pages", "aria-label": "Pages of stubs" },
    offset > 0 ? part(Math.max(0, offset - PAGE), "Older") : null,
    offset + PAGE < total ? part(offset + PAGE, "Newer") : null,
  );
}

function shadows(devices) {
  if (!devices.length) return [];
  const left = devices.length - DEVICES;
  return [
    element("h2", {}, `Shadow data of ${count(devices.length, "device")}`),
    element("ul", { class: "devices" }, devices.slice(0, DEVICES).map((each) => element("li", {}, each))),
    left > 0 ? element("p", { class: "note" }, `and of ${count(left, "more", "more")}`) : "",
  ];
}
