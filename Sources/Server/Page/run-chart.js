// A line chart: curves over one axis, drawn as SVG. Pointer and arrow keys move a cursor; the values there are text.
// Dragging, + and - choose the part that is shown; a double click or 0 shows all again.

import { h } from "./dom.js";
import { valueAt } from "./run-history.js";

const space = "http://www.w3.org/2000/svg";
const margin = { left: 52, right: 10, top: 8, bottom: 20 };
/** Colours of runs.css. */
export const colours = 6;
/** A drag of fewer pixels is a click. */
const dragPixels = 8;

/**
 * @typedef {object} Curve
 * @property {string} name
 * @property {number} colour
 * @property {[number, number][]} points of rising x
 * @property {boolean} [isFaint] behind the others, without a value in the text
 */

export class RunChart {
  /**
   * @param {object} options
   * @param {() => string} options.title
   * @param {(value: number) => string} options.format
   * @param {boolean} [options.isLogarithmic]
   * @param {boolean} [options.isFromZero] the axis begins at 0, so that heights compare
   * @param {(x: number|null) => void} options.onCursor the reader points at a place, or no longer
   * @param {(part: [number, number]|null) => void} options.onPart the reader chose a part, or all
   */
  constructor(options) {
    this.options = options;
    this.curves = [];
    this.marks = [];
    this.cursor = null;
    this.part = [0, 1];
    this.dragFrom = null;
    this.heading = h("h2");
    this.svg = svg("svg", { role: "img", tabindex: "0" });
    this.caption = h("figcaption");
    this.element = h("figure", { hidden: true }, this.heading, this.svg, this.caption);
    this.svg.addEventListener("pointermove", (event) => this.#point(event));
    this.svg.addEventListener("pointerleave", () => this.options.onCursor(null));
    this.svg.addEventListener("pointerdown", (event) => this.#press(event));
    this.svg.addEventListener("pointerup", (event) => this.#release(event));
    this.svg.addEventListener("pointercancel", () => this.#drag(null));
    this.svg.addEventListener("dblclick", () => this.options.onPart(null));
    this.svg.addEventListener("keydown", (event) => this.#key(event));
    this.svg.addEventListener("blur", () => this.options.onCursor(null));
    new ResizeObserver(() => this.draw()).observe(this.svg);
  }

  /**
   * @param {Curve[]} curves
   * @param {number[]} marks places of skips and roll-backs
   * @param {(x: number) => string} formatX
   * @param {[number, number]} part of the axis that is shown: the same for all charts, so that they stand in line
   */
  show(curves, marks, formatX, part) {
    this.curves = curves.filter((curve) => curve.points.length > 0);
    this.marks = marks;
    this.formatX = formatX;
    this.part = part;
    this.element.hidden = this.curves.length === 0;
    this.draw();
  }

  draw() {
    const title = this.options.title();
    this.heading.textContent = title;
    this.svg.setAttribute("aria-label", title);
    this.svg.replaceChildren();
    const { clientWidth: width, clientHeight: height } = this.svg;
    if (this.element.hidden || width < 80 || height < 60) return;
    this.svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    this.frame = this.#frame(width, height);
    this.#grid(width, height);
    this.plot = this.#plot(width, height);
    for (const x of this.marks) this.plot.append(this.#vertical(x, "chart-mark"));
    for (const curve of this.curves) {
      const kind = curve.isFaint ? "chart-faint" : "chart-line";
      this.plot.append(svg("path", { d: this.#path(curve.points), class: `${kind} series-${curve.colour % colours}` }));
    }
    this.band = svg("rect", { y: margin.top, height: height - margin.top - margin.bottom, class: "chart-band" });
    this.line = this.#vertical(0, "chart-cursor");
    this.plot.append(this.band, this.line);
    this.#drag(this.dragFrom === null ? null : this.frame.x(this.cursor ?? this.dragFrom));
    this.point(this.cursor);
  }

  /** What lies outside of the axes is cut off. */
  #plot(width, height) {
    const box = { x: margin.left, y: 0, width: width - margin.left - margin.right, height: height - margin.bottom };
    const plot = svg("svg", { ...box, viewBox: Object.values(box).join(" ") });
    this.svg.append(plot);
    return plot;
  }

  #frame(width, height) {
    let [left, right] = this.part;
    let [low, high] = [Infinity, -Infinity];
    for (const { points } of this.curves) {
      for (const [index, [, y]] of points.entries()) {
        const value = this.#scaled(y);
        // The neighbours of what is seen count too: lines go to them.
        const isSeen = !(points[index + 1]?.[0] < left || points[index - 1]?.[0] > right);
        if (!isSeen || !Number.isFinite(value)) continue;
        low = Math.min(low, value);
        high = Math.max(high, value);
      }
    }
    if (low > high) [low, high] = [0, 1];
    if (this.options.isFromZero) low = Math.min(0, low);
    if (!(high > low)) [low, high] = [low - 0.5, low + 0.5];
    if (!(right > left)) right = left + 1;
    const pad = (high - low) * 0.05;
    const foot = this.options.isFromZero && low === 0 ? 0 : pad;
    const inner = { x: width - margin.left - margin.right, y: height - margin.top - margin.bottom };
    return {
      left, right, low: low - foot, high: high + pad,
      x: (value) => margin.left + (value - left) / (right - left) * inner.x,
      y: (value) => margin.top + (high + pad - this.#scaled(value)) / (high - low + foot + pad) * inner.y,
      at: (pixel) => left + (pixel - margin.left) / inner.x * (right - left),
    };
  }

  #scaled(value) { return this.options.isLogarithmic ? Math.log10(Math.max(value, 1e-12)) : value; }

  #grid(width, height) {
    const { low, high, left, right } = this.frame;
    for (const tick of this.options.isLogarithmic ? logarithmicTicks(10 ** low, 10 ** high) : ticks(low, high, 5)) {
      const y = this.frame.y(tick);
      this.svg.append(svg("line", { x1: margin.left, x2: width - margin.right, y1: y, y2: y, class: "chart-grid" }));
      this.#text(margin.left - 6, y + 4, "end", this.options.format(tick));
    }
    for (const tick of ticks(left, right, Math.max(2, Math.floor(width / 110)))) {
      this.#text(this.frame.x(tick), height - 5, "middle", this.formatX(tick));
    }
  }

  #text(x, y, anchor, text) {
    const element = svg("text", { x, y, "text-anchor": anchor, class: "chart-text" });
    element.textContent = text;
    this.svg.append(element);
  }

  #vertical(x, name) {
    const place = this.frame.x(x);
    const bottom = this.svg.clientHeight - margin.bottom;
    return svg("line", { x1: place, x2: place, y1: margin.top, y2: bottom, class: name });
  }

  /** Of many points in one pixel the lowest and the highest are drawn. */
  #path(points) {
    const parts = [];
    let column = null;
    const flush = () => {
      if (!column) return;
      const [first, second] = column.low[0] <= column.high[0] ? [column.low, column.high] : [column.high, column.low];
      for (const [x, y] of first === second ? [first] : [first, second]) {
        parts.push(`${parts.length ? "L" : "M"}${this.frame.x(x).toFixed(1)} ${this.frame.y(y).toFixed(1)}`);
      }
    };
    for (const point of points) {
      if (!Number.isFinite(this.#scaled(point[1]))) continue;
      const pixel = Math.round(this.frame.x(point[0]));
      if (column?.pixel === pixel) {
        if (point[1] < column.low[1]) column.low = point;
        if (point[1] > column.high[1]) column.high = point;
      } else {
        flush();
        column = { pixel, low: point, high: point };
      }
    }
    flush();
    return parts.join("") || "M0 0";
  }

  // The cursor and the part that is shown

  #at(event) { return this.frame.at(event.clientX - this.svg.getBoundingClientRect().left); }

  #point(event) {
    if (!this.frame) return;
    if (this.dragFrom !== null) this.#drag(event.clientX - this.svg.getBoundingClientRect().left);
    this.options.onCursor(this.#at(event));
  }

  #press(event) {
    // A finger's drag moves the cursor, or the page.
    if (!this.frame || event.pointerType !== "mouse" || event.button !== 0) return;
    this.dragFrom = this.#at(event);
    this.svg.setPointerCapture(event.pointerId);
  }

  #release(event) {
    if (this.dragFrom === null) return;
    const [from, to] = [this.dragFrom, this.#at(event)].sort((a, b) => a - b);
    this.#drag(null);
    if (this.frame.x(to) - this.frame.x(from) >= dragPixels) this.#choose(from, to);
  }

  /** Shows what a drag has gone over so far; null ends it. */
  #drag(pixel) {
    if (pixel === null) this.dragFrom = null;
    const [from, to] = pixel === null ? [0, 0] : [this.frame.x(this.dragFrom), pixel].sort((a, b) => a - b);
    this.band?.setAttribute("x", from);
    this.band?.setAttribute("width", to - from);
  }

  #choose(from, to) {
    const { left, right } = this.frame;
    this.options.onPart([Math.max(from, left), Math.min(to, right)]);
  }

  #key(event) {
    if (!this.frame || event.ctrlKey || event.metaKey || event.altKey) return;
    const { left, right } = this.frame;
    const middle = this.cursor ?? (left + right) / 2;
    const quarter = (right - left) / 4;
    const action = {
      ArrowLeft: () => this.#step(-1), ArrowRight: () => this.#step(1),
      Home: () => this.options.onCursor(left), End: () => this.options.onCursor(right),
      Escape: () => this.options.onCursor(null),
      "+": () => this.#choose(middle - quarter, middle + quarter),
      "=": () => this.#choose(middle - quarter, middle + quarter),
      "-": () => this.options.onPart(null), "0": () => this.options.onPart(null),
    }[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  }

  #step(direction) {
    const { left, right } = this.frame;
    this.options.onCursor((this.cursor ?? right) + direction * (right - left) / 50);
  }

  /** Puts the cursor somewhere, or takes it away: every chart of the page does at once. */
  point(x) {
    if (!this.frame || this.element.hidden) return;
    this.cursor = x === null ? null : Math.min(Math.max(x, this.frame.left), this.frame.right);
    this.line.setAttribute("visibility", this.cursor === null ? "hidden" : "visible");
    if (this.cursor !== null) {
      for (const side of ["x1", "x2"]) this.line.setAttribute(side, this.frame.x(this.cursor));
    }
    this.#say();
  }

  /** The values at the cursor, or the last ones. */
  #say() {
    const x = this.cursor ?? this.frame.right;
    const parts = [h("span", { text: this.formatX(x) })];
    for (const curve of this.curves) {
      const value = valueAt(curve.points, x);
      if (curve.isFaint || value === null) continue;
      parts.push(h("span", {}, h("i", { class: `swatch-${curve.colour % colours}` }),
        `${curve.name} ${this.options.format(value)}`));
    }
    this.caption.replaceChildren(...parts);
  }
}

function svg(tag, attributes) {
  const element = document.createElementNS(space, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  return element;
}

/** Powers of ten between two, and twice and five times them where these are few. */
export function logarithmicTicks(low, high) {
  const decades = Math.log10(high / low);
  if (!Number.isFinite(decades) || decades > 40) return [];
  const factors = decades > 4 ? [1] : decades > 1.5 ? [1, 3] : decades > 0.5 ? [1, 2, 5] : [];
  if (!factors.length) return ticks(low, high, 5);
  const found = [];
  for (let power = Math.floor(Math.log10(low)); power <= Math.log10(high); power += 1) {
    found.push(...factors.map((factor) => Number(`${factor}e${power}`)));
  }
  return found.filter((tick) => tick >= low && tick <= high);
}

/** Round numbers between two, about so many. */
export function ticks(low, high, count) {
  const rough = (high - low) / count;
  if (!(rough > 0) || !Number.isFinite(rough)) return [];
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((candidate) => candidate >= rough) ?? 10 * power;
  const found = [];
  for (let tick = Math.ceil(low / step) * step; tick <= high + step * 1e-9; tick += step) {
    found.push(Math.abs(tick) < step * 1e-9 ? 0 : tick);
  }
  return found;
}
