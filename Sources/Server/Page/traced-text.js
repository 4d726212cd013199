// Lights the parts of a shown answer that a trace has found. The answer is shown Markdown and a span its source: what
// both have in common is letters and digits, so these alone are compared.

import { h } from "./dom.js";

const sign = /[\p{L}\p{N}]/u;
const strengths = 3;

/**
 * Wraps the text of each span in marks; where spans overlap, the first one has it.
 *
 * @param {HTMLElement} root
 * @param {{text: string}[]} spans the most telling first
 * @param {(place: number) => object} properties of the marks of a span, as `h` takes them
 */
export function light(root, spans, properties) {
  const { letters, places, nodes } = lettersOf(root);
  const owners = new Array(letters.length).fill(-1);
  spans.forEach((span, owner) => {
    const wanted = [...span.text].filter((each) => sign.test(each)).join("");
    if (!wanted) return;
    for (let at = letters.indexOf(wanted); at >= 0; at = letters.indexOf(wanted, at + wanted.length)) {
      for (let place = at; place < at + wanted.length; place += 1) if (owners[place] < 0) owners[place] = owner;
    }
  });
  const pieces = piecesOf(owners, places, nodes, spans);
  // From the last on: what lies before in the same text stays where it is.
  for (const piece of pieces.reverse()) {
    const range = document.createRange();
    const node = nodes[piece.node];
    range.setStart(node, piece.start);
    range.setEnd(node, piece.end);
    const strength = strengths - Math.floor((piece.owner * strengths) / spans.length);
    const isLink = node.parentElement.closest("a") !== null;
    range.surroundContents(h("mark", {
      class: `traced strength-${strength}`, "data-span": piece.owner, role: isLink ? null : "button",
      tabindex: piece.isFirst && !isLink ? 0 : null, ...(isLink ? {} : properties(piece.owner)),
    }));
  }
}

/** Takes all marks away. */
export function unlight(root) {
  for (const mark of root.querySelectorAll("mark.traced")) mark.replaceWith(...mark.childNodes);
  root.normalize();
}

/** The letters and digits of an element, where each of their code units stands, and its text nodes. */
function lettersOf(root) {
  const isOther = (node) => node.parentElement.closest("button, figcaption, math");
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT,
    (node) => (isOther(node) ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT));
  const [places, nodes] = [[], []];
  let letters = "";
  while (walker.nextNode()) {
    const node = nodes.push(walker.currentNode) - 1;
    let start = 0;
    for (const letter of nodes[node].data) {
      const end = start + letter.length;
      if (sign.test(letter)) {
        letters += letter;
        for (let unit = start; unit < end; unit += 1) places.push({ node, start, end });
      }
      start = end;
    }
  }
  return { letters, places, nodes };
}

/** What is lit, cut where a text node ends: runs of letters with one owner, with all that stands between these. */
function piecesOf(owners, places, nodes, spans) {
  const pieces = [];
  owners.forEach((owner, at) => {
    if (owner < 0) return;
    const { node, start, end } = places[at];
    const last = pieces.at(-1);
    const goesOn = at > 0 && owners[at - 1] === owner;
    if (goesOn && last.node === node) {
      last.end = end;
      return;
    }
    if (!goesOn) {
      pieces.push({ node, start, end, owner, isFirst: true });
      return;
    }
    last.end = nodes[last.node].length;
    for (let between = last.node + 1; between < node; between += 1) {
      pieces.push({ node: between, start: 0, end: nodes[between].length, owner });
    }
    pieces.push({ node, start: 0, end, owner });
  });
  for (const piece of pieces) {
    const [before, after] = edges(spans[piece.owner].text);
    const { data } = nodes[piece.node];
    if (before && data.slice(0, piece.start).endsWith(before)) piece.start -= before.length;
    if (after && data.slice(piece.end).startsWith(after)) piece.end += after.length;
  }
  // Neighbours may both have claimed what stands between them.
  pieces.forEach((piece, at) => {
    const next = pieces[at + 1];
    if (next?.node === piece.node && next.start < piece.end) next.start = piece.end;
  });
  return pieces.filter((piece) => piece.start < piece.end);
}

/** What stands before the first letter of a text and behind its last, but white space. */
function edges(text) {
  const letters = [...text];
  const first = letters.findIndex((each) => sign.test(each));
  const last = letters.findLastIndex((each) => sign.test(each));
  return [letters.slice(0, first).join("").trimStart(), letters.slice(last + 1).join("").trimEnd()];
}
