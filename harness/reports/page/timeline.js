// When each scenario ran: a bar each, in as many rows as ran at the same time.

const WIDTH = 1000;

/** The timeline as a figure, or null if no times are known. The bars are for the mouse: everything
 * is in the list too. */
function timeline(chosen) {
  const timed = run.scenarios.filter((scenario) => scenario.started);
  if (!timed.length) return null;
  const from = timed.reduce((least, each) => Math.min(least, each.started), Infinity);
  const to = timed.reduce((most, each) => Math.max(most, each.started + each.seconds), 0);
  const scale = WIDTH / Math.max(to - from, 0.001);
  const rows = inRows(timed, (to - from) / WIDTH);
  const height = Math.max(5, Math.min(18, 160 / rows.length));
  const bars = rows.flatMap((row, index) => row.map((scenario) => drawn("rect", {
    class: scenario.status + (scenario === chosen ? " chosen" : ""),
    x: (scenario.started - from) * scale,
    width: Math.max(scenario.seconds * scale, 1.5),
    y: index * height,
    height: height - 2,
    "data-number": scenario.number,
  }, drawn("title", {}, `${scenario.name} — ${scenario.status}, ${duration(scenario.seconds)}`))));
  // What failed is drawn last, so that it is not covered.
  bars.sort((a, b) => a.classList.contains("failed") - b.classList.contains("failed"));
  const how = rows.length === 1 ? "one after another" : `up to ${rows.length} at the same time`;
  const text = `${plural(timed.length, "scenario")} in ${duration(to - from)}, ${how}`;
  return element("figure", { class: "timeline" },
    drawn("svg", {
      viewBox: `0 0 ${WIDTH} ${rows.length * height}`, preserveAspectRatio: "none", role: "img",
      "aria-label": `Timeline: ${text}`, height: rows.length * height, onclick: openBar,
    }, bars),
    element("div", { class: "axis", "aria-hidden": "true" }, [0, 1, 2, 3, 4].map((quarter) =>
      element("span", {}, duration(((to - from) * quarter) / 4)))),
    element("figcaption", {}, text));
}

function openBar(event) {
  const number = event.target.closest("rect")?.dataset.number;
  if (number) location.hash = addressOf(run.scenarios[number]);
}

/** Scenarios in rows, so that none covers another of its row for longer than can be seen. */
function inRows(scenarios, unseen) {
  const rows = [];
  for (const scenario of scenarios.toSorted((a, b) => a.started - b.started)) {
    const free = rows.find((row) => row.at(-1).started + row.at(-1).seconds <= scenario.started + unseen);
    if (free) free.push(scenario);
    else rows.push([scenario]);
  }
  return rows;
}
