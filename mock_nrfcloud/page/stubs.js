// The stubs: those that ask for the same together, with what waits, what was given, and how often.
// Before them the outages, which are asked first; after them the devices that have shadow data.

import { get } from "./api.js";
import { byId, count, element } from "./dom.js";
import { body, pairs, status, target } from "./messages.js";
import { link } from "./place.js";

const PAGE = 100;
const DEVICES = 200;

/** Show a page of them. Throws Refused. */
export async function show(place, signal) {
  const offset = Number.parseInt(place.offset, 10) || 0;
  const [{ mappings, meta }, { devices }, { outages }] = await Promise.all([
    get("mappings", { limit: PAGE, offset }, signal), get("shadows", {}, signal), get("outages", {}, signal),
  ]);
  const chosen = place.stub && !mappings.some(({ id }) => id === place.stub)
    ? await get(`mappings/${encodeURIComponent(place.stub)}`, {}, signal).catch(() => null)
    : null;
  const section = byId("stubs");
  const open = new Set([...section.querySelectorAll("details[open][id]")].map(({ id }) => id));
  if (place.stub) open.add(`stub-${place.stub}`);
  section.replaceChildren(
    ...outages.slice(0, PAGE).map(outage),
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
    request.bodyPredicate ? element("p", {}, "Body where ", element("code", {}, request.bodyPredicate)) : null,
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
    faults(given), pairs("Headers", given.headers), body(given, `mappings/${id}`),
  );
}

/** What happens to a response, as it is written in the admin API; null for nothing. */
function faults({ fault, fixedDelayMilliseconds, delayDistribution, chunkedDribbleDelay }) {
  const written = JSON.stringify({ fault, fixedDelayMilliseconds, delayDistribution, chunkedDribbleDelay });
  return written === "{}" ? null : element("p", {}, "With ", element("code", {}, written));
}

function outage({ request, response: given, left, ...rest }) {
  const asked = { urlPath: "", ...request };
  return element(
    "article", { class: "stub" },
    element(
      "h2", {},
      "Outage: ", element("span", { class: "method" }, request.method ?? "any method"), " ",
      target(asked) || "any path",
    ),
    element("p", { class: "facts" }, `for the next ${count(left, "request")}`),
    element("p", {}, given ? status(given) : "What the stubs answer"),
    faults(rest),
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
