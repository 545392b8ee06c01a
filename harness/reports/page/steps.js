// The steps of a scenario: how each ended, what it says, what it tried, why it failed.

function stepItem(scenario, step, number) {
  return element("li", { class: `step ${step.status}` }, folded(
    { id: `step-${number}`, open: step.status === "failed" }, [
      mark(isLate(step) ? "late" : step.status),
      element("span", { class: "title" }, element("b", {}, step.keyword), " ", titled(step.title)),
      isLate(step) || step.tries > 1 ? element("span", { class: "badge" }, tried(step)) : null,
      step.events.length ? element("span", { class: "badge" }, plural(step.events.length, "message")) : null,
      element("span", { class: "value" }, step.seconds ? duration(step.seconds) : ""),
    ], () => [
      step.failure || step.reason ? failure(step) : null,
      element("p", { class: "hint" }, `${scenario.file}:${step.line} · `,
        step.started ? `${clock(step.started)} · ` : "",
        element("a", { href: addressOf(scenario, number) }, "link to this")),
      step.text === null ? null : code(step.text, step.language.replace("text/plain", "")),
      step.table.length ? table(step.table) : null,
      attempts(step),
      messages(scenario, step, number),
      output(step),
    ]));
}

function tried(step) {
  const times = plural(step.tries, "time");
  return isLate(step) ? `late: failed ${times} before it held` : `failed ${times}`;
}

function attempts(step) {
  if (!step.attempts.length || (step.status === "failed" && step.tries < 2)) return null;
  return element("section", {},
    element("h4", {}, isLate(step) ? `Failed ${plural(step.tries, "time")} before it held` : "What it tried"),
    element("ol", { class: "attempts" }, step.attempts.map((attempt) => element("li", {},
      element("span", { class: "hint" }, clock(attempt.at),
        attempt.count > 1 ? ` and ${attempt.count - 1} times more` : ""),
      element("p", {}, attempt.failure)))));
}

function table([headings, ...rows]) {
  return element("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Table" },
    element("table", {},
      element("thead", {}, element("tr", {}, headings.map((cell) => element("th", { scope: "col" }, cell)))),
      element("tbody", {}, rows.map((row) =>
        element("tr", {}, row.map((cell) => element("td", {}, cell)))))));
}

/** What a step printed; Behave adds the text of the failure, which is shown anyway. */
function output(step) {
  const text = step.output.replace(step.reason, "").trim();
  return text ? element("section", {}, element("h4", {}, "Output"), code(text)) : null;
}

/** The text of a failure: its summary, and line by line what is below it. */
function failure(step) {
  const [first, ...rest] = step.reason.split("\n");
  return element("div", { class: "failure" },
    element("p", { class: "summary" }, titled(step.failure?.summary ?? first)),
    element("pre", { tabindex: "0" }, rest.map(failureLine)));
}

/** A line of a failure: what was expected and what came are set apart, as in a diff. */
function failureLine(line) {
  const differs = /^(\s*)(?:(.*?): )?expected (.+), got (.+)$/.exec(line);
  if (differs && !line.includes("|")) {
    const [, indent, what, expected, got] = differs;
    return [
      what ? element("span", { class: "what" }, `${indent}${what}\n`) : null,
      element("span", { class: "expected" }, `${indent}− expected ${expected}\n`),
      element("span", { class: "got" }, `${indent}+ got      ${got}\n`),
    ];
  }
  if (/^\s+\| +\^/.test(line)) return element("span", { class: "caret" }, `${line}\n`);
  if (/^\S.*:$/.test(line)) return element("span", { class: "heading" }, `${line}\n`);
  return `${line}\n`;
}
