// What the address says is shown; keys; light and dark.

let current;

function show() {
  const { scenario, step, message, unknown } = located(location.hash);
  if (scenario !== current || !scenario) {
    current = scenario;
    byId("main").replaceChildren(...(scenario ? scenarioView(scenario) : overview(unknown))
      .flat(Infinity).filter((each) => each != null));
    document.body.toggleAttribute("data-chosen", Boolean(scenario));
    choose(scenario);
    scrollTo(0, 0);
    byId("main").scrollTop = 0;
  }
  if (scenario && step) reveal(step, message);
}

/** Go on in the list, or in those of its scenarios that failed. */
function move(by, onlyFailed) {
  const among = shownScenarios().filter((each) => each === current || !onlyFailed || each.status === "failed");
  const place = among.indexOf(current);
  const next = among[place < 0 ? (by > 0 ? 0 : among.length - 1) : place + by];
  if (next) location.hash = addressOf(next);
}

function back() {
  if (document.activeElement === byId("search")) {
    byId("search").blur();
    if (!filter.text) return;
    byId("search").value = filter.text = "";
    applyFilters();
  } else if (current) location.hash = "";
}

const KEYS = {
  j: () => move(1),
  k: () => move(-1),
  n: () => move(1, true),
  p: () => move(-1, true),
  t: () => nextTheme(),
  "/": () => byId("search").focus(),
  "?": () => byId("help").showModal(),
  Escape: back,
};

document.addEventListener("keydown", (event) => {
  const typing = event.target.matches("input");
  if (event.ctrlKey || event.metaKey || event.altKey || byId("help").open) return;
  if (!Object.hasOwn(KEYS, event.key) || (typing && event.key !== "Escape")) return;
  event.preventDefault();
  KEYS[event.key]();
});

const THEMES = ["auto", "light", "dark"];

function setTheme(theme) {
  document.documentElement.dataset.theme = theme;
  byId("theme").textContent = `Theme: ${theme}`;
}

function nextTheme() {
  const theme = THEMES[(THEMES.indexOf(document.documentElement.dataset.theme) + 1) % THEMES.length];
  setTheme(theme);
  remembered(() => localStorage.setItem("nrfcloud-bdd-theme", theme));
}

/** What the browser remembers, unless it may not: pages of a CI server often cannot ask. */
function remembered(access) {
  try {
    return access();
  } catch {
    return null;
  }
}

setTheme(THEMES.find((theme) => theme === remembered(() => localStorage.getItem("nrfcloud-bdd-theme"))) ?? "auto");
byId("theme").addEventListener("click", nextTheme);
byId("help-button").addEventListener("click", () => byId("help").showModal());
byId("skip").addEventListener("click", (event) => {
  event.preventDefault();
  byId("main").focus();
});
byId("facts").textContent = [
  run.started ? new Date(run.started * 1000).toLocaleString("en-GB") : null,
  duration(run.seconds),
  run.harness && `nrfcloud-bdd ${run.harness}`,
].filter(Boolean).join(" · ");
buildList();
addEventListener("hashchange", show);
show();
