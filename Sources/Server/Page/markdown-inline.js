// The text of a block cut into emphasis, code, links and maths. Pure functions on text: no DOM.

/**
 * @typedef {string|InlineNode} Inline
 * @typedef {object} InlineNode
 * @property {"strong"|"em"|"del"|"code"|"link"|"image"|"break"|"maths"|"sub"|"sup"|"kbd"|"mark"} type
 * @property {Inline[]} [children]
 * @property {string} [text] code, maths (TeX), image (its description)
 * @property {string|null} [url] link, image; null when the address is not one that is safe to follow
 * @property {boolean} [isDisplay] maths on a line of its own
 */

/** Longer paragraphs are shown as they are. */
const charactersMax = 100_000;
/** Emphasis nested deeper than this is not shown as such. */
const depthMax = 24;
/** How many open marks a closing one looks back over. */
const openersMax = 100;
const addressMax = 2_000;
const parenthesesMax = 32;

const entities = {
  amp: "&", lt: "<", gt: ">", quot: '"', apos: "'", nbsp: "\u00a0", copy: "©", times: "×", hellip: "…", mdash: "—",
  ndash: "–", rarr: "→", larr: "←", le: "≤", ge: "≥", ne: "≠", deg: "°", middot: "·", bull: "•",
};
const escapable = /[!-/:-@[-`{-~]/;
const punctuation = /[\p{P}\p{S}]/u;
/** Chinese and Japanese have no spaces around words: next to them, emphasis may open and close anywhere. */
const ideographic =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u3000-\u303f\uff00-\uffef]/u;
const bareAddress = /https?:\/\/[^\s<>"'`，。；：！？、（）【】《》「」“”‘’]+/y;
const bracketed = /<((?:https?:\/\/|mailto:)[^\s<>]+)>/y;
const plainTag = /<(sub|sup|kbd|mark)>([^<\n]{1,200})<\/\1>/y;
const breakTag = /<br ?\/?>/y;
const entity = /&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|([a-z]{2,6}));/y;
const special = /[\\`*_~[\]!<&$\n]|h(?=ttps?:\/\/)/g;

/**
 * The address if a reader may be led to it, otherwise null: absolute, and http, https or mailto.
 *
 * @param {string} text
 * @returns {string|null}
 */
export function safeAddress(text) {
  if (!/^(https?:\/\/|mailto:)/i.test(text)) return null;
  try {
    const url = new URL(text);
    return ["http:", "https:", "mailto:"].includes(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}

/**
 * @param {string} text
 * @returns {Inline[]}
 */
export function parseInline(text) {
  return text.length > charactersMax ? [text] : new InlineParser(text).parse();
}

class InlineParser {
  constructor(text) {
    this.text = text;
    this.place = 0;
    /** Strings, nodes, and marks: `{mark, count, canOpen, canClose}`. */
    this.items = [];
    /** Where in `items` an opening bracket stands. */
    this.brackets = [];
    /** Ends that were looked for and not found, so that each is looked for once. */
    this.missing = new Set();
  }

  parse() {
    while (this.place < this.text.length) {
      special.lastIndex = this.place;
      const next = special.exec(this.text)?.index ?? this.text.length;
      if (next > this.place) this.items.push(this.text.slice(this.place, next));
      this.place = next;
      if (next < this.text.length && !this.take(this.text[next])) this.items.push(this.text[this.place++]);
    }
    return paired(this.items);
  }

  /** Reads what begins with a special character; false when it is only a character. */
  take(character) {
    switch (character) {
      case "\\": return this.takeEscape();
      case "`": return this.takeCode();
      case "*": case "_": case "~": return this.takeMark(character);
      case "[": return this.openBracket(1);
      case "!": return this.text[this.place + 1] === "[" && this.openBracket(2);
      case "]": return this.takeLink();
      case "<": return this.takeTag();
      case "&": return this.takeEntity();
      case "$": return this.takeDollar();
      case "\n": return this.takeBreak();
      default: return this.takeBareAddress();
    }
  }

  push(node, end) {
    this.items.push(node);
    this.place = end;
    return true;
  }

  match(pattern) {
    pattern.lastIndex = this.place;
    return pattern.exec(this.text);
  }

  find(end, from) {
    if (this.missing.has(end)) return -1;
    const found = this.text.indexOf(end, from);
    if (found < 0) this.missing.add(end);
    return found;
  }

  takeEscape() {
    const next = this.text[this.place + 1];
    if (next === "(" || next === "[") {
      const end = this.find(next === "(" ? "\\)" : "\\]", this.place + 2);
      const body = end < 0 ? "" : this.text.slice(this.place + 2, end);
      if (body.trim()) return this.push({ type: "maths", text: body.trim(), isDisplay: next === "[" }, end + 2);
    }
    if (next === "\n") return this.push({ type: "break" }, this.place + 2);
    return next !== undefined && escapable.test(next) && this.push(next, this.place + 2);
  }

  takeCode() {
    let start = this.place;
    while (this.text[start] === "`") start += 1;
    const ticks = this.text.slice(this.place, start);
    for (let end = this.find(ticks, start); end >= 0; end = this.text.indexOf(ticks, end)) {
      let stop = end;
      while (this.text[stop] === "`") stop += 1;
      if (stop - end === ticks.length) {
        const body = this.text.slice(start, end).replaceAll("\n", " ");
        const isPadded = /^ .*[^ ].* $/.test(body) || /^ [^ ] $/.test(body);
        return this.push({ type: "code", text: isPadded ? body.slice(1, -1) : body }, stop);
      }
      end = stop;
    }
    this.missing.add(ticks);
    return this.push(ticks, start);
  }

  takeMark(mark) {
    let end = this.place;
    while (this.text[end] === mark) end += 1;
    const count = end - this.place;
    if (mark === "~" && count !== 2) return this.push(this.text.slice(this.place, end), end);
    const [before, after] = [this.text[this.place - 1] ?? " ", this.text[end] ?? " "];
    const opens = !/\s/.test(after)
      && (!punctuation.test(after) || /\s/.test(before) || punctuation.test(before) || ideographic.test(before));
    const closes = !/\s/.test(before)
      && (!punctuation.test(before) || /\s/.test(after) || punctuation.test(after) || ideographic.test(after));
    // Within a word, _ is a letter: snake_case stays as it is.
    const canOpen = mark === "_" ? opens && (!closes || punctuation.test(before)) : opens;
    const canClose = mark === "_" ? closes && (!opens || punctuation.test(after)) : closes;
    return this.push({ mark, count, original: count, canOpen, canClose }, end);
  }

  openBracket(length) {
    this.brackets.push({ place: this.items.length, isImage: length === 2 });
    return this.push(this.text.slice(this.place, this.place + length), this.place + length);
  }

  takeLink() {
    const open = this.brackets.pop();
    if (!open) return false;
    const target = this.text[this.place + 1] === "(" ? this.address(this.place + 2) : null;
    if (!target) return false;
    const children = paired(this.items.splice(open.place).slice(1));
    const url = safeAddress(target.url);
    if (open.isImage) return this.push({ type: "image", text: plainText(children), url }, target.end);
    // A link does not hold another one.
    this.brackets = this.brackets.filter((bracket) => bracket.isImage);
    return this.push({ type: "link", children, url, depth: 1 + depthOf(children) }, target.end);
  }

  /** `address "title")` from a place on. */
  address(from) {
    const rest = this.text.slice(from, from + addressMax);
    const angled = /^\s*<([^<>\n]*)>(?:\s+(?:"[^"]*"|'[^']*'))?\s*\)/.exec(rest);
    if (angled) return { url: angled[1], end: from + angled[0].length };
    let depth = 0;
    let end = 0;
    const start = rest.length - rest.trimStart().length;
    for (end = start; end < rest.length && !/\s/.test(rest[end]); end += 1) {
      if (rest[end] === "\\") end += 1;
      else if (rest[end] === "(" && ++depth > parenthesesMax) return null;
      else if (rest[end] === ")" && depth-- === 0) break;
    }
    const tail = /^(?:\s+(?:"[^"]*"|'[^']*'))?\s*\)/.exec(rest.slice(end));
    if (!tail) return null;
    const url = rest.slice(start, end).replace(/\\([!-/:-@[-`{-~])/g, "$1");
    return { url: decodeEntities(url), end: from + end + tail[0].length };
  }

  takeTag() {
    const line = this.match(breakTag);
    if (line) return this.push({ type: "break" }, this.place + line[0].length);
    const plain = this.match(plainTag);
    if (plain) {
      return this.push({ type: plain[1], children: [decodeEntities(plain[2])] }, this.place + plain[0].length);
    }
    const link = this.match(bracketed);
    const url = link ? safeAddress(link[1]) : null;
    return url !== null && this.push({ type: "link", children: [link[1]], url }, this.place + link[0].length);
  }

  takeEntity() {
    const found = this.match(entity);
    return found !== null && this.push(decodeEntities(found[0]), this.place + found[0].length);
  }

  /** `$x$` as Pandoc reads it: no space inside the dollars and no digit after, so that prices stay prices. */
  takeDollar() {
    const mark = this.text[this.place + 1] === "$" ? "$$" : "$";
    const start = this.place + mark.length;
    let end = this.find(mark, start);
    while (mark === "$" && end > 0 && this.text[end - 1] === "\\") end = this.text.indexOf(mark, end + 1);
    const body = end < 0 ? "" : this.text.slice(start, end);
    const isMaths = mark === "$$" ? body.trim() !== "" : body !== "" && !/^\s|\s$|\n\s*\n/.test(body)
      && !/\d/.test(this.text[end + 1] ?? "");
    if (!isMaths) return mark === "$$" && this.push("$$", start);
    return this.push({ type: "maths", text: body.trim(), isDisplay: mark === "$$" }, end + mark.length);
  }

  takeBreak() {
    const last = this.items.length - 1;
    if (typeof this.items[last] === "string") this.items[last] = this.items[last].trimEnd();
    return this.push({ type: "break" }, this.place + 1);
  }

  takeBareAddress() {
    if (/[\p{L}\p{N}]/u.test(this.text[this.place - 1] ?? "") && !ideographic.test(this.text[this.place - 1])) {
      return false;
    }
    const found = this.match(bareAddress);
    if (!found) return false;
    let address = found[0].replace(/[.,;:!?*_~]+$/, "");
    while (address.endsWith(")") && !address.includes("(")) address = address.slice(0, -1);
    const url = safeAddress(address);
    return url !== null && this.push({ type: "link", children: [address], url }, this.place + address.length);
  }
}

/** @param {string} text */
function decodeEntities(text) {
  return text.replace(/&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|([a-z]{2,6}));/g, (whole, decimal, hexadecimal, name) => {
    if (name) return entities[name] ?? whole;
    const code = decimal ? parseInt(decimal, 10) : parseInt(hexadecimal, 16);
    return code > 0 && code <= 0x10ffff && !(code >= 0xd800 && code < 0xe000) ? String.fromCodePoint(code) : "\ufffd";
  });
}

/** Joins marks of emphasis into nodes (CommonMark's delimiter stack) and turns the others back into text. */
function paired(items) {
  const out = [];
  const openers = [];
  for (const item of items) {
    if (typeof item === "string" || !item.mark) {
      out.push(item);
      continue;
    }
    while (item.canClose && item.count > 0 && closeOne(item, out, openers)) { /* each turn joins one pair */ }
    if (item.count === 0) continue;
    if (item.canOpen) openers.push({ place: out.length, item });
    out.push(item.canOpen ? item : item.mark.repeat(item.count));
  }
  return merged(out.map(settled));
}

/** What an item is once no mark can pair with it any more. */
function settled(item) {
  return typeof item !== "string" && item.mark ? item.mark.repeat(item.count) : item;
}

function depthOf(nodes) {
  return nodes.reduce((deepest, node) => Math.max(deepest, node.depth ?? 0), 0);
}

function closeOne(closer, out, openers) {
  let at = openers.length - 1;
  const lowest = Math.max(0, openers.length - openersMax);
  while (at >= lowest && !matches(openers[at].item, closer)) at -= 1;
  if (at < lowest) return false;
  const { place, item: opener } = openers[at];
  openers.length = at + 1;
  const used = opener.count >= 2 && closer.count >= 2 ? 2 : 1;
  const children = merged(out.splice(place + 1).map(settled));
  opener.count -= used;
  closer.count -= used;
  if (opener.count === 0) {
    out.pop();
    openers.pop();
  }
  const depth = 1 + depthOf(children);
  const type = closer.mark === "~" ? "del" : used === 2 ? "strong" : "em";
  out.push(depth > depthMax ? plainText(children) : { type, children, depth });
  return true;
}

function matches(opener, closer) {
  if (opener.mark !== closer.mark) return false;
  if (opener.mark === "~") return true;
  const isEither = (opener.canOpen && opener.canClose) || (closer.canOpen && closer.canClose);
  return !isEither || (opener.original + closer.original) % 3 !== 0
    || (opener.original % 3 === 0 && closer.original % 3 === 0);
}

function merged(items) {
  const out = [];
  for (const item of items) {
    if (typeof item === "string" && typeof out[out.length - 1] === "string") out[out.length - 1] += item;
    else if (item !== "") out.push(item);
  }
  return out;
}

/** @param {Inline[]} nodes */
export function plainText(nodes) {
  return nodes.map((node) => (typeof node === "string" ? node : node.text ?? plainText(node.children ?? []))).join("");
}
