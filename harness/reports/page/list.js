// The list of all scenarios, by feature, and its filters.

const FILTERS = ["failed", "late", "passed", "skipped", "untested"];
const filter = { status: "", text: "" };
const items = new Map();

function buildList() {
  byId("features").append(...run.features.map((feature) => element("li", { class: "feature" },
    element("h2", {}, feature.name),
    element("ol", {}, feature.scenarios.map(listItem)))));
  const counted = FILTERS.map((status) => [status, run.scenarios.filter((each) => is(each, status)).length]);
  byId("statuses").append(...[["", run.scenarios.length], ...counted]
    .filter(([status, number]) => number || !status)
    .map(([status, number]) => element("button", {
      type: "button", "data-status": status, "aria-pressed": String(!status),
      onclick: () => { filter.status = status; applyFilters(); },
    }, status ? mark(status) : null, `${status || "all"} `, element("b", {}, number.toLocaleString("en")))));
  byId("search").addEventListener("input", (event) => {
    filter.text = event.target.value.trim().toLowerCase();
    applyFilters();
  });
  byId("filters").addEventListener("submit", (event) => {
    event.preventDefault();
    const first = shownScenarios()[0];
    if (first) location.hash = addressOf(first);
  });
}

function listItem(scenario) {
  const item = element("li", {}, element("a", { href: addressOf(scenario) },
    mark(scenario.status), element("span", { class: "title" }, scenario.name),
    scenario.late ? mark("late") : null,
    element("span", { class: "value" }, scenario.seconds ? duration(scenario.seconds) : "")));
  items.set(scenario, item);
  return item;
}

function applyFilters() {
  for (const [scenario, item] of items) {
    item.hidden = !((!filter.status || is(scenario, filter.status))
      && (!filter.text || mentions(scenario, filter.text)));
  }
  for (const feature of byId("features").children) {
    feature.hidden = !feature.querySelector("ol > li:not([hidden])");
  }
  for (const button of byId("statuses").children) {
    button.setAttribute("aria-pressed", String(button.dataset.status === filter.status));
  }
  const shown = shownScenarios().length;
  byId("shown").textContent = filter.status || filter.text
    ? `${shown.toLocaleString("en")} of ${plural(run.scenarios.length, "scenario")}` : "";
}

function shownScenarios() {
  return run.scenarios.filter((scenario) => !items.get(scenario).hidden);
}

/** Mark the chosen scenario in the list, and bring it into sight. */
function choose(scenario) {
  document.querySelector('#features [aria-current="true"]')?.removeAttribute("aria-current");
  if (!scenario) return;
  const link = items.get(scenario).firstChild;
  link.setAttribute("aria-current", "true");
  link.scrollIntoView({ block: "nearest" });
}
