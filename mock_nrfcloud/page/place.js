// Where a person is on the page: in the fragment of its URL, so that reload, back and links work.
// `#requests?status=404&request=12`, `#stubs?stub=ID`.

const FILTERS = ["text", "method", "status", "matched", "host"];

/** The view, and its parameters. */
export function current() {
  const [view, query] = location.hash.slice(1).split(/\?(.*)/s);
  return { view: view === "stubs" ? "stubs" : "requests", ...Object.fromEntries(new URLSearchParams(query)) };
}

/** The fragment of a place. */
export function link({ view, ...parameters }) {
  const given = Object.entries(parameters).filter(([, value]) => value);
  return `#${view}${given.length ? `?${new URLSearchParams(given)}` : ""}`;
}

/** The filters among the parameters of a place. */
export function filters(place) {
  return Object.fromEntries(FILTERS.filter((name) => place[name]).map((name) => [name, place[name]]));
}
