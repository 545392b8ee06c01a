// The admin API, which is where this page is: below the root, or below a namespace.

/** It did not answer (status 0), or refused. */
export class Refused extends Error {
  constructor(status, text) {
    super(text);
    this.status = status;
  }
}

/** The JSON that it answers. Undefined and empty parameters are left out. Throws Refused. */
export async function get(path, parameters = {}, signal = undefined) {
  const given = Object.entries(parameters).filter(([, value]) => value !== undefined && value !== "");
  const query = given.length ? `?${new URLSearchParams(given)}` : "";
  let response;
  try {
    response = await fetch(path + query, { signal, cache: "no-store", redirect: "error" });
    if (response.ok) return await response.json();
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new Refused(0, "The mock does not answer.");
  }
  const problem = await response.json().catch(() => ({}));
  throw new Refused(response.status, [problem.title, problem.detail].filter(Boolean).join(": "));
}

const [, before, namespace] = location.pathname.match(/^(.*?)(?:\/__ns\/([^/]+))?\/__admin\/$/) ?? [];

/** The name of the namespace of this page, "" for the root. */
export const here = decodeURIComponent(namespace ?? "");

/** The page of a namespace. */
export function pageOf(name) {
  return `${before ?? ""}${name && `/__ns/${encodeURIComponent(name)}`}/__admin/`;
}
