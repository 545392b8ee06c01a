// Why a request got its answer: the conditions of stubs, one by one.

import { element } from "./dom.js";

/** Conditions, each with a mark whether the request meets it. */
export function criteria(conditions) {
  return element(
    "ul", { class: "criteria" },
    conditions.map(({ field, matched, what, expected, actual }) => element(
      "li", { class: matched ? "met" : "unmet" },
      element("span", { class: "mark", role: "img", "aria-label": matched ? "met" : "not met" }, matched ? "✓" : "✗"),
      element("span", { class: "field" }, field),
      matched ? element("code", {}, expected) : difference(what, expected, actual),
    )),
  );
}

function difference(what, expected, actual) {
  // What is not a matter of two values says it in words.
  if (what !== `expected ${expected}, got ${actual}`) return element("span", { class: "what" }, what);
  return element(
    "span", { class: "what" },
    "expected ", element("code", { class: "expected" }, expected),
    ", got ", element("code", { class: "actual" }, actual),
  );
}
