// One request: what was asked, what was answered, and why.

import { get } from "./api.js";
import { count, element } from "./dom.js";
import { body, duration, pairs, status, target } from "./messages.js";
import { link } from "./place.js";
import { criteria } from "./reasons.js";

const SHADOW = "shadow:";
const OUTAGE = "outage:";
const TWIN = "twin:";

/** A request of the journal as nodes. Throws Refused. */
export async function detail(number, back, signal) {
  const found = await get(`requests/${encodeURIComponent(number)}`, {}, signal);
  const { request, response } = found;
  const whole = `requests/${found.number}`;
  return [
    element("a", { class: "back", href: back }, "← All requests"),
    element("h2", {}, element("span", { class: "method" }, request.method), " ", target(request)),
    element("p", { class: "facts" }, facts(found)),
    ...(found.fault ? [element("p", { class: "note" }, `What happened to the answer: ${found.fault}.`)] : []),
    element("section", { class: `why ${found.wasMatched ? "matched" : "unmatched"}` }, why(found)),
    element(
      "section", {},
      element("h3", {}, "Request"),
      pairs("Query", request.queryParameters), pairs("Headers", request.headers), body(request, whole),
    ),
    element(
      "section", {},
      element("h3", {}, "Answer ", status(response)),
      pairs("Headers", response.headers), answer(found, whole),
    ),
  ];
}

/** The body of the answer. That of the mock's own 404 says again why there is no stub. */
function answer({ response, nearMisses }, whole) {
  if (!nearMisses.length) return body(response, whole);
  return element("details", {}, element("summary", {}, "Body: what the service was told"), body(response, whole));
}

function facts({ number, at, took, request }) {
  return `No. ${number} · ${new Date(at * 1000).toLocaleString()} · took ${duration(took)} · ${request.host}`;
}

function why({ wasMatched, stub, answeredBy, nearMisses, response }) {
  if (wasMatched) return answered(stub, answeredBy);
  if (!nearMisses.length) {
    return [element("h3", {}, "No stub answered"), element("p", {}, `${problem(response)}.`)];
  }
  return [
    element("h3", {}, "No stub answered. The nearest:"),
    nearMisses.map((near) => [element("h4", {}, near.stub), criteria(near.criteria)]),
  ];
}

function answered(stub, by) {
  if (stub.startsWith(SHADOW)) {
    return element("h3", {}, `Answered from the shadow data of ${stub.slice(SHADOW.length).replaceAll(",", ", ")}`);
  }
  if (stub.startsWith(OUTAGE)) return element("h3", {}, "Answered by an outage, before any stub was asked");
  if (stub.startsWith(TWIN)) return element("h3", {}, `Answered by the twin “${stub.slice(TWIN.length)}”: no stub did`);
  if (by === null) {
    return element("h3", {}, `Answered by a stub that is not there any more (${stub})`);
  }
  const conditions = by.criteria.length - 3; // besides method, host and path
  return [
    element(
      "h3", {},
      "Answered by a ", by.mapping.state === "kept" ? "kept" : "queued", " ",
      element("a", { href: link({ view: "stubs", stub: by.mapping.id }) }, "stub"),
    ),
    element(
      "p", {},
      `Of the stubs that matched, none had more than its ${count(conditions, "condition")} `
        + `besides method, host and path. ${turn(by.mapping)}`,
    ),
    criteria(by.criteria),
  ];
}

function turn({ state, answered: times }) {
  if (state === "kept") return `It is given as often as it is asked for: ${count(times, "time")} until now.`;
  if (times <= 1) return "It was its turn in the queue.";
  return `It was its turn in the queue, and is given again while nothing newer is queued: ${count(times, "time")} until now.`;
}

/** What the mock itself said was wrong. */
function problem({ body: text }) {
  try {
    const { title, nearest } = JSON.parse(text);
    return nearest ? "There was no stub that came near" : String(title);
  } catch {
    return "The mock did not say why";
  }
}
