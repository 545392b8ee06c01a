// One scenario: how it ended, its steps, its sequence diagram.

function scenarioView(scenario) {
  const steps = stepsOf(scenario);
  return [
    element("nav", { class: "around", "aria-label": "Back" },
      element("a", { href: "#" }, "← Overview"), element("span", {}, scenario.feature.name)),
    element("h2", {}, mark(scenario.status), titled(scenario.name)),
    element("p", { class: "hint" },
      [
        `${scenario.file}:${scenario.line}`,
        scenario.status === "passed" || scenario.status === "failed"
          ? `${scenario.status} in ${duration(scenario.seconds)}` : scenario.status,
        scenario.started ? `began ${clock(scenario.started)}` : null,
        scenario.variant && `variant ${scenario.variant}`,
        ...scenario.tags.map((tag) => `@${tag}`),
      ].filter(Boolean).join(" · ")),
    scenario.reason
      ? element("p", { class: scenario.status === "failed" ? "note bad" : "note" }, scenario.reason) : null,
    element("section", {}, element("h3", {}, "Steps"),
      element("ol", { class: "steps" }, steps.map((step, index) => stepItem(scenario, step, index + 1)))),
    titledFigure("Sequence", sequence(scenario)),
  ];
}

function titledFigure(title, figure) {
  return figure ? element("section", {}, element("h3", {}, title), figure) : null;
}

/** Unfold a step (from 1) and a message of it (from 1), and go there. */
function reveal(step, message) {
  const target = byId(`step-${step}`);
  if (!target) return;
  target.unfold();
  const inner = message ? byId(`message-${step}-${message}`) : null;
  inner?.unfold();
  const summary = (inner ?? target).querySelector("summary");
  summary.scrollIntoView({ block: "center" });
  summary.focus({ preventScroll: true });
}
