// TeX maths as a tree of MathML, which browsers set themselves. Pure functions: no DOM.
//
//     parseMaths("\\frac{1}{2}", false)   → {tag: "math", children: [{tag: "mfrac", children: […]}]}
//
// What it does not know it shows by its name; nothing throws. It never makes links, styles or anything but text.

import {
  accents, alphabets, delimiters, functions, integrals, large, letters, limitFunctions, operators, spaces,
} from "./maths-symbols.js";

/**
 * @typedef {object} MathsNode
 * @property {string} tag
 * @property {Record<string, string>} [attributes]
 * @property {MathsNode[]} [children]
 * @property {string} [text]
 */

const charactersMax = 10_000;
const depthMax = 40;
const ends = new Set(["}", "&", "\\\\", "\\cr", "\\right", "\\end", "\\middle", ""]);
const tokenPattern = /\\[a-zA-Z]+\*?|\\[^]|\d+(?:\.\d+)?|\s+|%[^\n]*|[^]/uy;
const textCommands = new Set(["text", "textrm", "textbf", "textit", "mbox", "textsf", "texttt", "hbox"]);
const nothing = new Set([
  "limits", "nolimits", "displaystyle", "textstyle", "scriptstyle", "nonumber", "notag", "hline", "mathstrut", "bigl",
  "allowbreak", "relax", "centering",
]);
const fences = {
  pmatrix: "()", bmatrix: "[]", Bmatrix: "{}", vmatrix: "||", Vmatrix: "‖‖", cases: "{", rcases: " }",
};
const sizes = { big: 1.2, Big: 1.8, bigg: 2.4, Bigg: 3 };

/**
 * @param {string} tex
 * @param {boolean} isDisplay
 * @returns {MathsNode|null} null when it is too long to be set
 */
export function parseMaths(tex, isDisplay) {
  if (tex.length > charactersMax) return null;
  const parser = new MathsParser(tex);
  const rows = parser.rows();
  const body = rows.length > 1 || rows[0].length > 1 ? tableOf(rows, "align") : row(rows[0][0]);
  return node("math", [body], isDisplay ? { display: "block" } : {});
}

const node = (tag, children, attributes = {}) => ({ tag, children, attributes });
const leaf = (tag, text, attributes = {}) => ({ tag, text, attributes });
const row = (children) => (children.length === 1 ? children[0] : node("mrow", children));
const space = (em) => node("mspace", [], { width: `${em}em` });

class MathsParser {
  constructor(tex) {
    this.tokens = [];
    this.depth = 0;
    this.at = 0;
    for (tokenPattern.lastIndex = 0; tokenPattern.lastIndex < tex.length;) {
      const token = tokenPattern.exec(tex)[0];
      if (!/^(\s|%)/.test(token)) this.tokens.push(token);
      else if (token[0] !== "%") this.tokens.push(" ");
    }
  }

  peek() {
    while (this.tokens[this.at] === " ") this.at += 1;
    return this.tokens[this.at] ?? "";
  }

  next() {
    const token = this.peek();
    this.at += 1;
    return token;
  }

  /** Cells between & and \\, to the end of the text or of the environment; a stray end is skipped. */
  rows() {
    const rows = [[this.expression()]];
    for (;;) {
      const token = this.peek();
      if (token === "" || token === "\\end") break;
      this.at += 1;
      if (token === "&") rows[rows.length - 1].push(this.expression());
      else if (token === "\\\\" || token === "\\cr") {
        if (this.peek() === "[") this.upTo("]");
        rows.push([this.expression()]);
      } else rows[rows.length - 1].at(-1).push(...this.expression());
    }
    if (rows.length > 1 && rows.at(-1).every((cell) => cell.length === 0)) rows.pop();
    return rows;
  }

  expression(stop = "") {
    const out = [];
    while (!ends.has(this.peek()) && (stop === "" || this.peek() !== stop)) {
      const atom = this.scripted(this.atom());
      if (!atom) continue;
      if (atom.isFunction && out.length > 0 && !["mo", "mspace"].includes(out.at(-1).tag)) out.push(space(0.167));
      out.push(atom);
      if (atom.isFunction && !/^[([{|^_]|^\\left$|^$/.test(this.peek())) out.push(space(0.167));
    }
    return out;
  }

  /** Attaches `^`, `_` and primes. */
  scripted(base) {
    let [below, above, primes] = [null, null, ""];
    for (;;) {
      const token = this.peek();
      if (token === "'") primes += "′";
      else if (token === "\\limits" || token === "\\nolimits") {
        base = base && { ...base, hasLimits: token === "\\limits" };
      } else if (token === "_" && !below) {
        this.at += 1;
        below = this.argument();
        continue;
      } else if (token === "^" && !above) {
        this.at += 1;
        above = this.argument();
        continue;
      } else break;
      this.at += 1;
    }
    if (primes) {
      const mark = leaf("mo", { "′′": "″", "′′′": "‴" }[primes] ?? primes, { lspace: "0", rspace: "0" });
      base = row([base, mark].filter(Boolean));
    }
    if (!below && !above) return base;
    const inner = base ?? node("mrow", []);
    const [under, over, both] = inner.hasLimits ? ["munder", "mover", "munderover"] : ["msub", "msup", "msubsup"];
    const made = below && above ? node(both, [inner, below, above])
      : below ? node(under, [inner, below]) : node(over, [inner, above]);
    return { ...made, isFunction: inner.isFunction };
  }

  /** One token or one group. */
  argument() {
    const token = this.peek();
    if (token === "{") return this.group();
    if (ends.has(token)) return node("mrow", []);
    if (/^\d{2,}/.test(token)) {
      // x^12 is x to the 1, and a 2: TeX takes one character.
      this.tokens[this.at] = token.slice(1);
      return leaf("mn", token[0]);
    }
    return this.atom() ?? node("mrow", []);
  }

  group() {
    this.at += 1;
    const rows = [[]];
    for (;;) {
      rows.at(-1).push(...this.expression());
      const token = this.next();
      if (token === "}" || token === "") break;
      if (token === "\\\\" || token === "\\cr") rows.push([]);
    }
    return rows.length > 1 ? tableOf(rows.map((cell) => [cell]), "center") : row(rows[0]);
  }

  /** The characters of a group, not read as maths. */
  raw() {
    if (this.peek() !== "{") return this.next();
    this.at += 1;
    let text = "";
    for (let depth = 1; this.at < this.tokens.length; this.at += 1) {
      const token = this.tokens[this.at];
      if (token === "{") depth += 1;
      if (token === "}" && --depth === 0) break;
      if (token !== "{" && token !== "}" && token !== "$") text += /^\\[^a-zA-Z]$/.test(token) ? token[1] : token;
    }
    this.at += 1;
    return text;
  }

  upTo(stop) {
    let text = "";
    for (this.at += 1; this.at < this.tokens.length && this.tokens[this.at] !== stop; this.at += 1) {
      text += this.tokens[this.at];
    }
    this.at += 1;
    return text;
  }

  /** Everything that nests passes here, so this bounds the depth; what is deeper is shown as it is. */
  atom() {
    if (this.depth >= depthMax) return leaf("mtext", this.raw());
    this.depth += 1;
    const made = this.readAtom();
    this.depth -= 1;
    return made;
  }

  readAtom() {
    const token = this.peek();
    if (token === "{") return this.group();
    if (token === "^" || token === "_") return null;
    this.at += 1;
    if (/^\\[a-zA-Z]/.test(token)) return this.command(token.slice(1));
    if (token.length > 1 && token[0] === "\\") return sign(token);
    if (/^\d/.test(token)) return leaf("mn", token);
    if (/^\p{L}$/u.test(token)) return leaf(/[a-zA-Z\u0370-\u03ff]/.test(token) ? "mi" : "mtext", token);
    if (token === "~") return space(0.25);
    if (token === "'") return leaf("mo", "′");
    const character = { "-": "−", "*": "∗" }[token] ?? token;
    if (token === "|") return leaf("mo", "|", { stretchy: "false", lspace: "0", rspace: "0" });
    return leaf("mo", character, "()[]/".includes(token) ? { stretchy: "false" } : {});
  }

  command(name) {
    if (letters[name]) return leaf("mi", letters[name], /^[A-Z]/.test(name) ? { mathvariant: "normal" } : {});
    if (operators[name]) return leaf("mo", operators[name], { stretchy: "false" });
    if (large[name]) return { ...leaf("mo", large[name], { movablelimits: "true" }), hasLimits: true };
    if (integrals[name]) return leaf("mo", integrals[name]);
    if (functions.has(name)) return { ...leaf("mi", name), isFunction: true };
    if (limitFunctions[name]) {
      const made = leaf("mo", limitFunctions[name], { movablelimits: "true", lspace: "0", rspace: "0" });
      return { ...made, hasLimits: true, isFunction: true };
    }
    if (accents[name]) return this.accent(...accents[name]);
    if (spaces[name]) return space(spaces[name]);
    if (textCommands.has(name)) return leaf("mtext", this.raw(), name === "textbf" ? { class: "bold" } : {});
    if (alphabets[name]) return inAlphabet(this.argument(), alphabets[name]);
    if (nothing.has(name)) return null;
    const size = /^(big|Big|bigg|Bigg)[lrm]?$/.exec(name);
    if (size) {
      const em = `${sizes[size[1]]}em`;
      return leaf("mo", delimiter(this.next()), { stretchy: "true", minsize: em, maxsize: em });
    }
    if (delimiters[`\\${name}`]) return leaf("mo", delimiters[`\\${name}`], { stretchy: "false" });
    return this.structure(name);
  }

  structure(name) {
    switch (name) {
      case "frac": case "dfrac": case "tfrac": case "cfrac":
        return node("mfrac", [this.argument(), this.argument()], name === "dfrac" ? { displaystyle: "true" } : {});
      case "binom": case "dbinom": case "tbinom": {
        const pair = node("mfrac", [this.argument(), this.argument()], { linethickness: "0" });
        return node("mrow", [leaf("mo", "("), pair, leaf("mo", ")")]);
      }
      case "sqrt": return this.root();
      case "left": return this.fenced();
      case "begin": return this.environment();
      case "mathrm": case "operatorname": case "operatorname*": case "mathop": case "mathsf": case "mathtt":
      case "rm": {
        const made = upright(this.argument());
        return { ...made, isFunction: name.startsWith("operatorname"), hasLimits: name.endsWith("*") };
      }
      case "mathbf": case "bf": return node("mrow", [upright(this.argument())], { class: "bold" });
      case "boldsymbol": case "bm": case "pmb": return node("mrow", [this.argument()], { class: "bold" });
      case "mathit": return this.argument();
      case "overset": case "stackrel": {
        const above = this.argument();
        return node("mover", [this.argument(), above]);
      }
      case "underset": {
        const below = this.argument();
        return { ...node("munder", [this.argument(), below]) };
      }
      case "xrightarrow": case "xleftarrow": {
        if (this.peek() === "[") this.upTo("]");
        return node("mover", [leaf("mo", name === "xrightarrow" ? "⟶" : "⟵"), this.argument()]);
      }
      case "boxed": case "fbox": return node("mrow", [this.argument()], { class: "boxed" });
      case "substack": return this.argument();
      case "phantom": case "hphantom": case "vphantom": return node("mphantom", [this.argument()]);
      case "not": {
        const struck = this.atom();
        return struck?.text ? { ...struck, text: `${struck.text}\u0338` } : struck;
      }
      case "pmod": return node("mrow", [leaf("mtext", "\u00a0(mod\u00a0"), this.argument(), leaf("mtext", ")")]);
      case "bmod": case "mod": return leaf("mo", "mod");
      case "tag": case "tag*": return node("mrow", [space(2), leaf("mtext", `(${this.raw()})`)]);
      case "color": case "label": case "vspace": case "hspace": case "kern": this.raw(); return null;
      case "textcolor": case "colorbox": this.raw(); return this.argument();
      default: return leaf("mtext", name);
    }
  }

  accent(character, stretches = false, isBelow = false) {
    const base = this.argument();
    const mark = leaf("mo", character, { stretchy: String(stretches) });
    const made = node(isBelow ? "munder" : "mover", [base, mark], isBelow ? {} : { accent: "true" });
    // Text under an underbrace, or above an overbrace, belongs to the brace.
    return "⏞⏟".includes(character) ? { ...made, hasLimits: true } : made;
  }

  root() {
    if (this.peek() !== "[") return node("msqrt", [this.argument()]);
    this.at += 1;
    const index = row(this.expression("]"));
    this.at += 1;
    return node("mroot", [this.argument(), index]);
  }

  fenced() {
    const out = [];
    const put = (token) => {
      const text = delimiter(token);
      if (text) out.push(leaf("mo", text, { stretchy: "true", fence: "true" }));
    };
    put(this.next());
    for (;;) {
      out.push(...this.expression());
      const token = this.peek();
      if (token === "\\middle" || token === "\\right") {
        this.at += 1;
        put(this.next());
        if (token === "\\right") break;
      } else if (token === "&" || token === "\\\\") this.at += 1;
      else break;
    }
    return node("mrow", out);
  }

  environment() {
    const name = this.raw().replace("*", "");
    if (name === "array" && this.peek() === "{") this.raw();
    const rows = this.rows();
    if (this.peek() === "\\end") {
      this.at += 1;
      this.raw();
    }
    const isAligned = /^(align|aligned|split|eqnarray)/.test(name);
    const made = tableOf(rows, isAligned ? "align" : name.endsWith("cases") ? "left" : "center");
    const [open = "", close = ""] = [...(fences[name] ?? "")];
    const fence = (text) => (text.trim() ? [leaf("mo", text, { stretchy: "true", fence: "true" })] : []);
    return open || close ? node("mrow", [...fence(open), made, ...fence(close)]) : made;
  }
}

function sign(token) {
  if (spaces[token[1]]) return space(spaces[token[1]]);
  if (delimiters[token]) return leaf("mo", delimiters[token], { stretchy: "false" });
  return leaf(/[%#$&_]/.test(token[1]) ? "mi" : "mo", token[1]);
}

function delimiter(token) {
  return token === "." ? "" : delimiters[token] ?? (token.startsWith("\\") ? token.slice(1) : token);
}

/** @param {"align"|"left"|"center"} layout align: right and left in turn, as around an equals sign */
function tableOf(rows, layout) {
  const side = (column) => (layout === "align" ? (column % 2 === 0 ? "right" : "left") : layout);
  const cellOf = (cell, column) => node("mtd", cell, { class: side(column) });
  const made = rows.map((cells) => node("mtr", cells.map(cellOf)));
  return node("mtable", made, layout === "align" ? { displaystyle: "true", class: "aligned" } : {});
}

/** The same with its letters upright; letters side by side are one word. */
function upright(tree) {
  if (tree.text !== undefined) return { ...tree, attributes: { ...tree.attributes, mathvariant: "normal" } };
  const children = [];
  for (const child of tree.children.map(upright)) {
    const last = children.at(-1);
    if (tree.tag === "mrow" && child.tag === "mi" && last?.tag === "mi") last.text += child.text;
    else children.push(child);
  }
  return tree.tag === "mrow" && children.length === 1 ? children[0] : { ...tree, children };
}

function inAlphabet(tree, alphabet) {
  if (tree.text === undefined) {
    return { ...tree, children: (tree.children ?? []).map((child) => inAlphabet(child, alphabet)) };
  }
  const [capitals, smalls, digits, others] = alphabet;
  const text = [...tree.text].map((character) => {
    const code = character.charCodeAt(0);
    if (others[character]) return others[character];
    if (code >= 65 && code <= 90) return String.fromCodePoint(capitals + code - 65);
    if (code >= 97 && code <= 122) return String.fromCodePoint(smalls + code - 97);
    return digits && code >= 48 && code <= 57 ? String.fromCodePoint(digits + code - 48) : character;
  }).join("");
  return { ...tree, text };
}
