// The results, as they are embedded: an index, and the steps of a scenario when they are needed.

const run = JSON.parse(byId("index").textContent);
run.scenarios = [];
for (const feature of run.features) {
  for (const scenario of feature.scenarios) {
    scenario.feature = feature;
    scenario.number = run.scenarios.push(scenario) - 1;
  }
}

/** Scenarios by what stands for them in the address: their place, as people write it. */
const byKey = new Map();
for (const scenario of run.scenarios) {
  const place = [`${scenario.file}:${scenario.line}`, scenario.variant].filter(Boolean).join(" ");
  let key = place;
  for (let again = 2; byKey.has(key); again += 1) key = `${place} ${again}`;
  scenario.key = key;
  byKey.set(key, scenario);
}

/** The address of a scenario, of one of its steps (from 1), or of a message of a step (from 1). */
function addressOf(scenario, step, message) {
  const readable = encodeURIComponent(scenario.key).replaceAll("%2F", "/").replaceAll("%3A", ":");
  return `#${readable}${step ? `,${step}` : ""}${message ? `.${message}` : ""}`;
}

/** What an address stands for: {scenario, step, message}; no scenario is the overview. */
function located(hash) {
  const [, key, step, message] = /^#?([^,]*)(?:,(\d+)(?:\.(\d+))?)?/.exec(hash);
  try {
    return {
      scenario: byKey.get(decodeURIComponent(key)),
      step: Number(step ?? 0),
      message: Number(message ?? 0),
      unknown: Boolean(key) && !byKey.has(decodeURIComponent(key)),
    };
  } catch {
    return { unknown: true }; // no percent encoding
  }
}

/** The steps of a scenario, with all that is as usual filled in. */
function stepsOf(scenario) {
  scenario.steps ??= JSON.parse(byId(`steps-${scenario.number}`).textContent).map((step) => ({
    seconds: 0, started: 0, soon: false, text: null, language: "", table: [], failure: null,
    reason: "", tries: 0, attempts: [], dropped: 0, output: "", ...step,
    events: (step.events ?? []).map((event) => ({
      headers: [], body: "", status: 0, reason: "", answerHeaders: [], answerBody: "", note: "",
      ...event,
    })),
  }));
  return scenario.steps;
}

function isLate(step) {
  return step.status === "passed" && step.attempts.length > 0;
}

/** How a scenario is found: its status, or by having steps that held late. */
function is(scenario, status) {
  return status === "late" ? scenario.late > 0 : scenario.status === status;
}

/** Whether a text (in lower case) occurs in anything that is known of a scenario. */
function mentions(scenario, text) {
  scenario.haystack ??= [
    scenario.name, scenario.key, scenario.reason, scenario.failure, ...scenario.tags,
    scenario.feature.name,
    ...stepsOf(scenario).flatMap((step) => [
      `${step.keyword} ${step.title}`, step.text, step.reason, step.output, ...step.table.flat(),
      ...step.attempts.map((attempt) => attempt.failure),
      ...step.events.flatMap((event) => [
        event.source, event.target, event.text, event.note, `${event.method} ${event.url}`,
        event.body, `${event.status} ${event.reason}`, event.answerBody,
        ...[...event.headers, ...event.answerHeaders].map((pair) => pair.join(": ")),
      ]),
    ]),
  ].join("\n").toLowerCase();
  return scenario.haystack.includes(text);
}
