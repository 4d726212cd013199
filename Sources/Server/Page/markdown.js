// Shows Markdown that grows: each new piece of an answer touches only the block that is being written.
//
// Text of a model becomes text nodes, never HTML: there is nothing here that could run it.

import { copyText, h, icon } from "./dom.js";
import { highlight } from "./highlight.js";
import { parseBlocks } from "./markdown-blocks.js";
import { parseInline } from "./markdown-inline.js";
import { t } from "./strings.js";

const mathsSpace = "http://www.w3.org/1998/Math/MathML";
/** A following line can still change this many blocks at the end: a list may go on after a blank line. */
const blocksOpen = 2;

export class MarkdownView {
  /** @param {HTMLElement} root filled and owned by the view */
  constructor(root) {
    this.root = root;
    this.text = "";
    /** Up to here the text is settled, and so are the root's first `settledCount` children. */
    this.settledLength = 0;
    this.settledCount = 0;
    /** @type {import("./markdown-blocks.js").Block[]} */
    this.open = [];
  }

  /** Shows a whole text. */
  set(text) {
    this.root.replaceChildren();
    Object.assign(this, { text, settledLength: 0, settledCount: 0, open: [] });
    this.update(true);
  }

  /** Shows more text after what is there. */
  append(text) {
    this.text += text;
    this.update(false);
  }

  /** Nothing follows: what was left open is closed as it stands. */
  finish() { this.update(true); }

  update(isWhole) {
    const tail = this.text.slice(this.settledLength);
    const blocks = parseBlocks(tail, { isWhole });
    patch(this.root, this.settledCount, this.open, blocks);
    const settled = Math.max(0, blocks.length - blocksOpen);
    this.open = blocks.slice(settled);
    if (settled === 0) return;
    this.settledCount += settled;
    this.settledLength += offsetOfLine(tail, blocks[settled].from);
  }
}

function offsetOfLine(text, line) {
  let offset = 0;
  for (let count = 0; count < line; count += 1) offset = text.indexOf("\n", offset) + 1;
  return offset;
}

/** Makes the children of an element from `first` on show `blocks`, where they showed `old`. */
function patch(parent, first, old, blocks) {
  for (let place = 0; place < blocks.length; place += 1) {
    const [before, block] = [old[place], blocks[place]];
    // Looking a child up after each append would make a long text quadratic.
    const element = before && parent.children[first + place];
    if (!element) parent.append(render(block));
    else if (isSame(before, block)) continue;
    else if (!grow(element, before, block)) element.replaceWith(render(block));
  }
  while (parent.children.length > first + blocks.length) parent.lastElementChild.remove();
}

/** Equal sources can differ in what is still open in them: maths that never ended turns into text at the end. */
function isSame(before, block) {
  if (before.type !== block.type || before.raw !== block.raw || before.isOpen !== block.isOpen) return false;
  const [old, children] = [before.children ?? [], block.children ?? []];
  return old.length === children.length && children.every((child, place) => isSame(old[place], child));
}

/** Changes an element in place; false when it must be made anew. */
function grow(element, before, block) {
  if (before.type !== block.type) return false;
  switch (block.type) {
    case "code": return growCode(element, before, block);
    case "quote":
      patch(element, 0, before.children, block.children);
      return true;
    case "list":
      if (["isOrdered", "start", "isLoose"].some((each) => before[each] !== block[each])) return false;
      patch(element, 0, before.children, block.children);
      return true;
    case "item":
      if (before.isDone !== block.isDone || block.isDone !== null) return false;
      patch(element, 0, before.children, block.children);
      return true;
    default: return false;
  }
}

function growCode(element, before, block) {
  const isSame = before.language === block.language && block.text.startsWith(before.text);
  if (!isSame || !block.isOpen) return false;
  const code = element.querySelector("code");
  if (code.firstChild) code.firstChild.appendData(block.text.slice(before.text.length));
  else code.append(block.text);
  return true;
}

/** @param {import("./markdown-blocks.js").Block} block */
function render(block) {
  switch (block.type) {
    case "heading":
      return h(`h${Math.min(block.level + 1, 6)}`, { class: `level-${block.level}` }, ...inline(block.text));
    case "code": return codeBlock(block);
    case "rule": return h("hr");
    case "quote": return h("blockquote", {}, ...block.children.map(render));
    case "list":
      return h(block.isOrdered ? "ol" : "ul", {
        start: block.isOrdered && block.start !== 1 ? block.start : null, class: block.isLoose ? "loose" : null,
      }, ...block.children.map(render));
    case "item": return item(block);
    case "table": return table(block);
    case "maths":
      return h("div", { class: "maths" }, block.isOpen ? pendingMaths(block.text) : maths(block.text, true));
    default: return h("p", {}, ...inline(block.text));
  }
}

function item(block) {
  const children = block.children.map(render);
  if (block.isDone === null) return h("li", {}, ...children);
  const box = h("input", { type: "checkbox", disabled: true, checked: block.isDone, "aria-label": t("task") });
  return h("li", { class: "task" }, box, h("div", {}, ...children));
}

function table(block) {
  const cell = (tag, text, column) => h(tag, { class: block.align[column] }, ...inline(text));
  const head = h("thead", {}, h("tr", {}, ...block.header.map((text, column) => cell("th", text, column))));
  const rows = block.rows.map((row) => h("tr", {}, ...row.map((text, column) => cell("td", text, column))));
  return h("div", { class: "table", tabindex: "0", role: "region", "aria-label": t("table") },
    h("table", {}, head, h("tbody", {}, ...rows)));
}

function codeBlock(block) {
  const code = h("code", {});
  if (block.isOpen) code.append(block.text);
  else {
    for (const [kind, text] of highlight(block.text, block.language)) {
      code.append(kind ? h("span", { class: `code-${kind}`, text }) : text);
    }
  }
  const label = h("span", { text: t("copy") });
  const button = h("button", {
    type: "button", class: "copy-code", "aria-label": t("copyCode"),
    on: { click: async () => {
      label.textContent = (await copyText(code.textContent)) ? t("copied") : t("copyFailed");
      setTimeout(() => { label.textContent = t("copy"); }, 1500);
    } },
  }, icon("copy"), label);
  return h("figure", { class: "code" },
    h("figcaption", {}, h("span", { class: "language", text: block.language || t("code") }), button),
    h("pre", { tabindex: "0" }, code));
}

/** @returns {Node[]} */
function inline(text) { return nodes(parseInline(text)); }

/** @param {import("./markdown-inline.js").Inline[]} items */
function nodes(items) { return items.map((item) => (typeof item === "string" ? new Text(item) : element(item))); }

function element(item) {
  switch (item.type) {
    case "code": return h("code", { text: item.text });
    case "break": return h("br");
    case "maths": return maths(item.text, item.isDisplay);
    case "link": return item.url ? link(item.url, nodes(item.children)) : h("span", {}, ...nodes(item.children));
    // Loading a picture would tell its server who reads what.
    case "image": {
      const label = `[${t("picture")}] ${item.text}`;
      return item.url ? link(item.url, [new Text(label)]) : h("span", { text: label });
    }
    default: return h(item.type, {}, ...nodes(item.children));
  }
}

/** @param {string} url one that `safeAddress` let through */
function link(url, children) {
  return h("a", { href: url, target: "_blank", rel: "noopener noreferrer nofollow", title: url }, ...children);
}

/** @type {typeof import("./maths.js").parseMaths|null} loaded when the first maths is shown */
let parseMaths = null;

function maths(tex, isDisplay) {
  const source = h("code", { class: "pending", text: tex });
  if (parseMaths) return setMaths(tex, isDisplay) ?? source;
  import("./maths.js").then((module) => {
    parseMaths = module.parseMaths;
    source.replaceWith(setMaths(tex, isDisplay) ?? source);
  });
  return source;
}

/** Null where the maths is too long to be set. */
function setMaths(tex, isDisplay) {
  const tree = parseMaths(tex, isDisplay);
  if (!tree) return null;
  const made = mathsElement(tree);
  made.setAttribute("title", tex);
  return made;
}

function pendingMaths(tex) { return h("code", { class: "pending", text: tex }); }

/** @param {import("./maths.js").MathsNode} tree */
function mathsElement(tree) {
  const made = document.createElementNS(mathsSpace, tree.tag);
  for (const [name, value] of Object.entries(tree.attributes ?? {})) made.setAttribute(name, value);
  if (tree.text !== undefined) made.textContent = tree.text;
  else made.append(...tree.children.map(mathsElement));
  return made;
}
