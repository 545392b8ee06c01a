// The page: what is asked of the mock when, and what a person does. Nothing is changed there.
// A long poll (`changes`) tells that there is something new; only then anything else is asked for.

import { get, here, pageOf } from "./api.js";
import { detail } from "./detail.js";
import { byId, element, tell } from "./dom.js";
import * as journal from "./journal.js";
import * as place from "./place.js";
import * as stubs from "./stubs.js";

const POLL = 30; // seconds
const PACE = 250; // milliseconds between two updates: a person sees no more
const LEAST_WAIT = 500; // milliseconds until a mock that does not answer is asked again
const MOST_WAIT = 5000;
const TYPING = 250; // milliseconds after a key, until what was typed is looked for
const UNKNOWN = { first: 0, next: 0, changes: 0 };

let at = place.current();
let paused = false;
let latest = UNKNOWN;
let drawn = latest; // what of it is shown
let typed; // the timer of what is being typed
let asking = new AbortController(); // for what is asked for the place where the person is

/** Show the place that the URL names. */
async function go() {
  const before = at;
  at = place.current();
  asking.abort();
  asking = new AbortController();
  for (const anchor of document.querySelectorAll("[data-view]")) {
    anchor.setAttribute("aria-current", anchor.dataset.view === at.view ? "page" : "false");
  }
  byId("requests").hidden = at.view !== "requests";
  byId("stubs").hidden = at.view !== "stubs";
  if (at.view === "stubs") {
    await stubs.show(at, asking.signal);
    if (at.stub) stubs.reveal(at.stub);
    return;
  }
  fillFilters();
  const listed = ({ request, ...rest }) => place.link(rest);
  if (listed(at) !== listed(before) || !byId("rows").hasChildNodes()) await journal.show(at, latest.next);
  await choose();
}

/** Show the chosen request beside the list. */
async function choose() {
  const target = byId("detail");
  byId("requests").toggleAttribute("data-chosen", Boolean(at.request));
  journal.choose(at.request);
  if (!at.request) {
    target.replaceChildren(element("p", { class: "hint" }, "Choose a request to see why it got its answer."));
    return;
  }
  const { request, ...list } = at;
  try {
    target.replaceChildren(...await detail(request, place.link(list), asking.signal));
  } catch (error) {
    if (error.status !== 404) throw error;
    target.replaceChildren(
      element("a", { class: "back", href: place.link(list) }, "← All requests"),
      element("p", { class: "note" }, `Request ${request} is not in the journal (any more).`),
    );
  }
  target.scrollTop = 0;
}

/** Show what is new, unless the person wants it to stay. */
async function update() {
  if (latest.changes !== drawn.changes) await listNamespaces();
  if (paused) {
    journal.news(latest.next);
    return;
  }
  drawn = latest;
  if (at.view === "stubs") await stubs.show(at, asking.signal);
  else await journal.update(latest);
}

async function live() {
  let wait = LEAST_WAIT;
  for (;;) {
    try {
      const { first, next, changes } = latest;
      latest = await get("changes", { first, next, changes, timeout: POLL });
      tell(byId("request-count"), (latest.next - latest.first).toLocaleString("en"));
      tell(byId("stub-count"), latest.stubs.toLocaleString("en"));
      if (!next) await start();
      else if (latest.first !== first || latest.next !== next || latest.changes !== changes) await quietly(update);
      say(paused ? "paused" : "live", paused ? "Paused" : "Live");
      wait = LEAST_WAIT;
      await sleep(PACE);
    } catch (error) {
      latest = UNKNOWN;
      say("lost", `${error.message} ${advice(error.status)}`);
      await sleep(wait);
      wait = Math.min(MOST_WAIT, wait * 2);
    }
  }
}

/** After the first answer, and when the mock is back: everything anew. */
async function start() {
  await listNamespaces();
  byId("rows").replaceChildren();
  drawn = latest;
  await quietly(go);
}

/** Do something; that it was given up for something newer is no error. */
async function quietly(what) {
  try {
    await what();
  } catch (error) {
    if (error.name !== "AbortError") throw error;
  }
}

/** What a person asked for; what fails is told, and the long poll finds out what is the matter. */
function person(what) {
  quietly(what).catch((error) => say("lost", error.message));
}

function advice(status) {
  if (status === 401) return "Reload the page to enter it.";
  if (status === 404) return "This namespace may be gone: choose another.";
  return "Trying again …";
}

function say(state, text) {
  const target = byId("status");
  target.dataset.state = state;
  if (target.textContent !== text) target.textContent = text;
}

function sleep(milliseconds) {
  return new Promise((done) => setTimeout(done, milliseconds));
}

async function listNamespaces() {
  const { namespaces } = await get("namespaces");
  const names = ["", ...namespaces.map(({ name }) => name)];
  if (!names.includes(here)) names.push(here);
  byId("namespace").replaceChildren(
    ...names.map((name) => element("option", { value: name, selected: name === here }, name || "(root)")),
  );
}

function fillFilters() {
  for (const field of byId("filters").elements) {
    if (field.name && field !== document.activeElement) field.value = at[field.name] ?? "";
  }
}

function filter() {
  const form = byId("filters");
  if (!form.checkValidity()) return;
  const next = place.link({ view: "requests", ...Object.fromEntries(new FormData(form)), request: at.request });
  if (next !== location.hash) {
    history.replaceState(null, "", next);
    person(go);
  }
}

function pause() {
  paused = !paused;
  byId("pause").setAttribute("aria-pressed", String(paused));
  say(paused ? "paused" : "live", paused ? "Paused" : "Live");
  if (!paused) person(update);
}

function key(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const typing = event.target.closest("input, select");
  if (event.key === "Escape") {
    if (typing) typing.blur();
    else if (at.request) location.hash = place.link({ ...at, request: undefined });
    return;
  }
  if (typing) return;
  if (event.key === "p") pause();
  else if (at.view === "requests" && event.key === "/") byId("filters").elements.text.focus();
  else if (at.view === "requests" && (event.key === "j" || event.key === "k")) {
    const number = journal.neighbour(at.request, event.key === "j" ? 1 : -1);
    if (number) location.hash = place.link({ ...at, request: number });
  } else return;
  event.preventDefault();
}

window.addEventListener("hashchange", () => person(go));
document.addEventListener("keydown", key);
byId("pause").addEventListener("click", pause);
byId("namespace").addEventListener("change", ({ target }) => location.assign(pageOf(target.value)));
byId("filters").addEventListener("input", () => {
  clearTimeout(typed);
  typed = setTimeout(filter, TYPING);
});
byId("filters").addEventListener("submit", (event) => event.preventDefault());
byId("filters").addEventListener("reset", () => setTimeout(filter)); // after the fields are empty
live();
