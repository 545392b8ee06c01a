// The messages of a step: requests with their answers, and what came over websockets.

/** What a message is about, in a line. */
function labelOf(event) {
  return event.kind === "http" ? `${event.method} ${pathOf(event.url)}` : event.text;
}

function pathOf(url) {
  return url.replace(/^[a-z]+:\/\/[^/?#]*/i, "") || "/";
}

function answerOf(event) {
  return event.status ? `${event.status} ${event.reason}`.trim() : "no answer";
}

/** Whether it is worth a look: no answer, an error, or a request for which there was no stub. */
function isTrouble(event) {
  return event.kind === "http" && (!event.status || event.status >= 400 || Boolean(event.note));
}

/** The messages of a step (from 1) of a scenario, each to be unfolded. */
function messages(scenario, step, number) {
  if (!step.events.length && !step.dropped) return null;
  return element("section", {},
    element("h4", {}, "Messages"),
    element("div", { class: "messages" },
      step.events.map((event, index) => message(scenario, event, number, index + 1))),
    step.dropped
      ? element("p", { class: "hint" }, `${plural(step.dropped, "more message")} ${
        step.dropped === 1 ? "is" : "are"} not in this report.`)
      : null);
}

function message(scenario, event, step, number) {
  const http = event.kind === "http";
  return folded({ class: "message", id: `message-${step}-${number}` }, [
    element("span", { class: "parties" }, `${event.source} → ${event.target}`),
    element("code", { class: "label" }, shortened(labelOf(event), 200)),
    http ? element("span", { class: isTrouble(event) ? "answer bad" : "answer" }, answerOf(event)) : null,
    element("span", { class: "value" }, http ? duration(event.took) : "websocket"),
  ], () => [
    element("p", { class: "hint" }, `${clock(event.at)} · `,
      element("a", { href: addressOf(scenario, step, number) }, "link to this"), " · ",
      element("button", { type: "button", class: "plain", onclick: () => toArrow(step, number) },
        "show in the diagram")),
    event.note ? code(event.note) : null,
    http ? [
      part(`${event.method} ${event.url}`, event.headers, event.body),
      part(answerOf(event), event.answerHeaders, event.answerBody),
    ] : code(event.text),
  ]);
}

/** A request or an answer: its first line, its headers, its body. */
function part(line, headers, body) {
  return element("div", { class: "part" },
    element("h5", {}, line),
    headers.length ? folded({}, plural(headers.length, "header"), () =>
      element("dl", { class: "pairs" }, headers.map(([name, value]) =>
        [element("dt", {}, name), element("dd", {}, value)]))) : null,
    body ? code(body) : null);
}
