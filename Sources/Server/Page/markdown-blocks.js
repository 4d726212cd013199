// Markdown cut into blocks: the part of CommonMark and GitHub's tables that models write, and maths.
//
// Pure functions on text: no DOM. HTML is not a kind of block; it stays text.

/**
 * @typedef {object} Block
 * @property {"paragraph"|"heading"|"code"|"rule"|"quote"|"list"|"item"|"table"|"maths"} type
 * @property {number} from first line
 * @property {number} to line after the last
 * @property {string} [raw] its source; equal sources of one type are equal blocks
 * @property {string} [text] paragraph, heading, code, maths
 * @property {number} [level] heading
 * @property {string} [language] code
 * @property {boolean} [isOpen] code or maths whose end has not been written yet
 * @property {boolean} [isLoose] list with blank lines between its items
 * @property {boolean} [isOrdered]
 * @property {number} [start]
 * @property {boolean|null} [isDone] item of a task list
 * @property {Block[]} [children] quote, list, item
 * @property {string[]} [header] table
 * @property {string[][]} [rows]
 * @property {("left"|"right"|"center"|null)[]} [align]
 */

/** Quotes and lists nested deeper than this stay text. */
export const depthMax = 12;
/** Display maths whose end is further away is text; the search for it stays short. */
const mathsLinesMax = 200;

const blank = /^\s*$/;
const fenceStart = /^( {0,3})(`{3,}|~{3,})[ \t]*(.*)$/;
const headingLine = /^ {0,3}(#{1,6})(?:[ \t]+(.*?))?(?:[ \t]+#+)?[ \t]*$/;
const ruleLine = /^ {0,3}(?:(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,})$/;
const underline = /^ {0,3}(=+|-+)[ \t]*$/;
const quoteLine = /^ {0,3}> ?/;
const itemStart = /^( *)([-*+]|\d{1,9}[.)])(?:( +)(.*)|)$/;
const taskStart = /^\[([ xX])\][ \t]+/;
const tableRule = /^ {0,3}\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$/;
const mathsEnvironment = /^\s*\\begin\{((?:align|aligned|equation|gather|gathered|multline|cases|[pbBvV]?matrix)\*?)\}/;

/**
 * @param {string} text
 * @param {{isWhole?: boolean}} [options] isWhole: nothing follows, so maths without an end is text
 * @returns {Block[]}
 */
export function parseBlocks(text, { isWhole = true } = {}) {
  const lines = text.replace(/\r\n?/g, "\n").replace(/^\t+/gm, (tabs) => "    ".repeat(tabs.length)).split("\n");
  return blocksOf(lines, 0, isWhole);
}

function blocksOf(lines, depth, isWhole) {
  const blocks = [];
  for (let place = 0; place < lines.length;) {
    if (blank.test(lines[place])) {
      place += 1;
      continue;
    }
    const block = fenced(lines, place, isWhole) ?? heading(lines, place) ?? rule(lines, place)
      ?? displayMaths(lines, place, isWhole) ?? (depth < depthMax ? nested(lines, place, depth, isWhole) : null)
      ?? table(lines, place) ?? indented(lines, place) ?? paragraph(lines, place, depth);
    block.from = place;
    block.raw = lines.slice(place, block.to).join("\n");
    blocks.push(block);
    place = block.to;
  }
  return blocks;
}

function nested(lines, place, depth, isWhole) {
  return quote(lines, place, depth, isWhole) ?? list(lines, place, depth, isWhole);
}

function fenced(lines, place, isWhole) {
  const start = fenceStart.exec(lines[place]);
  if (!start || (start[2][0] === "`" && start[3].includes("`"))) return null;
  const end = new RegExp(`^ {0,3}${start[2][0]}{${start[2].length},}[ \\t]*$`);
  const margin = new RegExp(`^ {0,${start[1].length}}`);
  const body = [];
  let next = place + 1;
  while (next < lines.length && !end.test(lines[next])) body.push(lines[next++].replace(margin, ""));
  const hasEnd = next < lines.length;
  const language = start[3].trim().split(/\s+/)[0].replace(/^\{?\.?|\}$/g, "").slice(0, 40);
  return { type: "code", language, text: body.join("\n"), isOpen: !hasEnd && !isWhole, to: hasEnd ? next + 1 : next };
}

function heading(lines, place) {
  const found = headingLine.exec(lines[place]);
  return found ? { type: "heading", level: found[1].length, text: found[2] ?? "", to: place + 1 } : null;
}

function rule(lines, place) {
  return ruleLine.test(lines[place]) ? { type: "rule", to: place + 1 } : null;
}

/** `$$ … $$`, `\[ … \]` or a TeX environment that begins a line. */
function displayMaths(lines, place, isWhole) {
  const line = lines[place].trim();
  const environment = mathsEnvironment.exec(line);
  const end = environment ? `\\end{${environment[1]}}`
    : line.startsWith("$$") ? "$$" : line.startsWith("\\[") ? "\\]" : null;
  if (!end) return null;
  const start = environment ? 0 : 2;
  const body = [];
  for (let next = place; next < Math.min(lines.length, place + mathsLinesMax); next += 1) {
    const rest = next === place ? line.slice(start) : lines[next];
    const stop = rest.indexOf(end);
    if (stop < 0) {
      if (blank.test(rest) && next > place && next < lines.length - 1) break;
      body.push(rest);
      continue;
    }
    // Text after the end: the whole is a paragraph with maths inside it.
    if (!/^[\s.,;:，。；：]*$/.test(rest.slice(stop + end.length))) return null;
    body.push(rest.slice(0, environment ? stop + end.length : stop));
    return { type: "maths", text: body.join("\n"), isOpen: false, to: next + 1 };
  }
  if (isWhole || place + body.length < lines.length) return null;
  return { type: "maths", text: body.join("\n"), isOpen: true, to: lines.length };
}

function quote(lines, place, depth, isWhole) {
  if (!quoteLine.test(lines[place])) return null;
  const body = [];
  let next = place;
  let isFenced = false;
  for (; next < lines.length; next += 1) {
    if (quoteLine.test(lines[next])) body.push(lines[next].replace(quoteLine, ""));
    else if (!isFenced && continuesLazily(lines[next], body[body.length - 1])) body.push(lines[next]);
    else break;
    if (fenceStart.test(body[body.length - 1])) isFenced = !isFenced;
  }
  return { type: "quote", children: blocksOf(body, depth + 1, isWhole || isEnded(lines, next)), to: next };
}

/** More than an unfinished line follows a container that ended here, so it does not go on. */
function isEnded(lines, to) { return to < lines.length - 1 || (to < lines.length && !blank.test(lines[to])); }

/** A line without the container's mark still belongs to the paragraph that the container ends in. */
function continuesLazily(line, last) {
  const isParagraph = !blank.test(last) && !fenceStart.test(last) && !headingLine.test(last);
  return isParagraph && !blank.test(line) && !startsBlock(line);
}

function startsBlock(line) {
  const item = itemStart.exec(line);
  return fenceStart.test(line) || headingLine.test(line) || ruleLine.test(line) || quoteLine.test(line)
    || (item !== null && item[4] !== undefined && (item[1].length < 4) && /^([-*+]|1[.)])$/.test(item[2]));
}

function list(lines, place, depth, isWhole) {
  const first = itemStart.exec(lines[place]);
  if (!first || first[1].length > 3) return null;
  const kind = first[2].slice(-1);
  const items = [];
  let next = place;
  let isLoose = false;
  while (next < lines.length) {
    const found = itemStart.exec(lines[next]);
    if (!found || found[2].slice(-1) !== kind || found[1].length > 3 || ruleLine.test(lines[next])) break;
    const item = itemLines(lines, next, found);
    items.push(listItem(item.body, depth, isWhole || isEnded(lines, item.to), next, item.to));
    next = item.to;
    let after = next;
    while (after < lines.length && blank.test(lines[after])) after += 1;
    const isMore = after < lines.length && itemStart.exec(lines[after])?.[2].slice(-1) === kind;
    if (item.hasGap || (isMore && after > next)) isLoose = true;
    if (!isMore) break;
    next = after;
  }
  const isOrdered = /\d/.test(first[2]);
  return { type: "list", isOrdered, start: isOrdered ? parseInt(first[2], 10) : 1, isLoose, children: items, to: next };
}

/** The lines of one item without its margin. Nested items may be indented less than the margin, as models do. */
function itemLines(lines, place, found) {
  const spaces = found[3]?.length ?? 1;
  const outer = found[1].length;
  const margin = outer + found[2].length + (spaces > 4 ? 1 : spaces);
  const body = [" ".repeat(spaces > 4 ? spaces - 1 : 0) + (found[4] ?? "")];
  let hasGap = false;
  let isFenced = fenceStart.test(body[0]);
  let to = place + 1;
  for (let next = place + 1; next < lines.length; next += 1) {
    const line = lines[next];
    if (blank.test(line)) {
      body.push("");
      continue;
    }
    const indent = line.length - line.trimStart().length;
    const isInside = indent >= margin || (indent >= outer + 2 && itemStart.test(line));
    const goesOn = !isFenced && to === next && !itemStart.test(line) && continuesLazily(line, body[body.length - 1]);
    if (!isInside && !goesOn) break;
    if (to < next && !isFenced && !itemStart.test(line)) hasGap = true;
    body.push(line.slice(Math.min(indent, margin)));
    if (fenceStart.test(body[body.length - 1])) isFenced = !isFenced;
    to = next + 1;
  }
  return { body: body.slice(0, to - place), to, hasGap };
}

function listItem(body, depth, isWhole, from, to) {
  const task = taskStart.exec(body[0]);
  if (task) body[0] = body[0].slice(task[0].length);
  return {
    type: "item", children: blocksOf(body, depth + 1, isWhole), isDone: task ? task[1] !== " " : null, from, to,
    raw: `${task?.[1] ?? ""}\u0000${body.join("\n")}`,
  };
}

function table(lines, place) {
  if (!startsTable(lines, place)) return null;
  const align = cells(lines[place + 1]).map((cell) => {
    const [left, right] = [cell.startsWith(":"), cell.endsWith(":")];
    return left && right ? "center" : right ? "right" : left ? "left" : null;
  });
  const rows = [];
  let next = place + 2;
  for (; next < lines.length && !blank.test(lines[next]) && !startsBlock(lines[next]); next += 1) {
    const row = cells(lines[next]).slice(0, align.length);
    while (row.length < align.length) row.push("");
    rows.push(row);
  }
  return { type: "table", header: cells(lines[place]), align, rows, to: next };
}

function startsTable(lines, place) {
  const [header, divider] = [lines[place], lines[place + 1]];
  return divider !== undefined && header.includes("|") && tableRule.test(divider)
    && cells(header).length === cells(divider).length;
}

function cells(line) {
  const inner = line.trim().replace(/^\|/, "").replace(/(^|[^\\])\|$/, "$1");
  return inner.split(/(?<!\\)\|/).map((cell) => cell.trim().replaceAll("\\|", "|"));
}

function indented(lines, place) {
  if (!/^ {4}/.test(lines[place])) return null;
  const body = [];
  let to = place;
  for (let next = place; next < lines.length; next += 1) {
    if (/^ {4}/.test(lines[next])) to = next + 1;
    else if (!blank.test(lines[next])) break;
    body.push(lines[next].slice(4));
  }
  return { type: "code", language: "", text: body.slice(0, to - place).join("\n"), isOpen: false, to };
}

function paragraph(lines, place, depth) {
  const body = [lines[place].trim()];
  let next = place + 1;
  for (; next < lines.length && !blank.test(lines[next]); next += 1) {
    const line = lines[next];
    const mark = underline.exec(line);
    if (mark) return { type: "heading", level: mark[1][0] === "=" ? 1 : 2, text: body.join("\n"), to: next + 1 };
    if ((depth < depthMax && startsBlock(line)) || startsTable(lines, next) || /^\s*(\$\$|\\\[)/.test(line)) break;
    body.push(line.trimStart());
  }
  return { type: "paragraph", text: body.join("\n").trimEnd(), to: next };
}
