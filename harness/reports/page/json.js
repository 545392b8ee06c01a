// JSON laid out for reading. It is laid out as text, not read and written again: that would change
// long numbers and names that occur twice.

const TOKENS = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g;
const DEEPEST = 40; // Deeper is not indented further: the text would grow with the square of it.

/** A text as a block of code; JSON is laid out. */
function code(text, language = "") {
  return element("pre", { tabindex: "0" }, element("code", {}, isJson(text) ? laidOut(text) : text),
    language ? element("span", { class: "language" }, language) : null);
}

function isJson(text) {
  if (!/^\s*[[{]/.test(text)) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function laidOut(text) {
  const parts = [];
  const tokens = text.match(TOKENS);
  let depth = 0;
  const line = () => `\n${"  ".repeat(Math.min(depth, DEEPEST))}`;
  tokens.forEach((token, index) => {
    const next = tokens[index + 1];
    if ("{[".includes(token)) {
      depth += 1;
      parts.push(token, next === "}" || next === "]" ? "" : line());
    } else if ("}]".includes(token)) {
      depth -= 1;
      const empty = tokens[index - 1] === "{" || tokens[index - 1] === "[";
      parts.push(empty ? "" : line(), token);
    } else if (token === ",") parts.push(token, line());
    else if (token === ":") parts.push(": ");
    else parts.push(element("span", { class: kindOf(token, next) }, token));
  });
  return parts;
}

function kindOf(token, next) {
  if (next === ":") return "json-name";
  return token.startsWith('"') ? "json-text" : "json-other";
}
