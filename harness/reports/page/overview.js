// What is shown at first: when things ran, what failed, what held late, what took long.

const SHOWN = 10;

function overview(unknown) {
  return [
    unknown ? element("p", { class: "note" },
      "This report has no scenario at that address; it may have moved within its file.") : null,
    element("h2", { class: "unseen" }, "Overview"),
    run.notes.map((note) => element("p", { class: "note" }, note)),
    run.scenarios.length ? null : element("p", { class: "note" }, "There were no scenarios."),
    timeline(),
    failures(run.scenarios.filter((scenario) => scenario.status === "failed")),
    skips(),
    ranked("Held late", "Steps that did not hold at once, but within their time.",
      run.scenarios.filter((scenario) => scenario.late),
      (scenario) => plural(scenario.late, "step")),
    ranked("Slowest scenarios", null, run.scenarios.filter((scenario) => scenario.seconds),
      (scenario) => duration(scenario.seconds)),
  ];
}

function failures(failed) {
  if (!failed.length) return null;
  return element("section", {},
    element("h3", {}, `${plural(failed.length, "failure")}`),
    element("ol", { class: "cards" }, failed.map((scenario) => element("li", {},
      element("a", { href: addressOf(scenario) },
        element("span", { class: "of" }, scenario.feature.name),
        element("strong", {}, scenario.name),
        element("span", { class: "why" }, titled(scenario.failure || "no reason was given")),
        scenario.difference ? element("code", {}, scenario.difference) : null,
        element("span", { class: "place" }, `${scenario.file}:${scenario.line}`))))));
}

/** Why scenarios did not run, with how many did not for the same reason. */
function skips() {
  const reasons = new Map();
  for (const { status, reason } of run.scenarios) {
    if (status === "skipped" && reason) reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  }
  if (!reasons.size) return null;
  return element("section", {},
    element("h3", {}, "Skipped"),
    element("ul", { class: "ranked" }, [...reasons].map(([reason, number]) => element("li", {},
      element("span", {}, reason), element("span", { class: "value" }, plural(number, "scenario"))))));
}

/** The slowest of some scenarios, with a value each. */
function ranked(title, hint, scenarios, value) {
  if (!scenarios.length) return null;
  const slowest = scenarios.toSorted((a, b) => b.seconds - a.seconds).slice(0, SHOWN);
  return element("section", {},
    element("h3", {}, title), hint ? element("p", { class: "hint" }, hint) : null,
    element("ol", { class: "ranked" }, slowest.map((scenario) => element("li", {},
      element("a", { href: addressOf(scenario) }, mark(scenario.status), scenario.name,
        element("span", { class: "of" }, scenario.feature.name)),
      element("span", { class: "value" }, value(scenario))))));
}
