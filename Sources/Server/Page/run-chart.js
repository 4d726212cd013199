// A line chart: curves over one axis, drawn as SVG. Pointer and arrow keys move a cursor; the values there are text.

import { h } from "./dom.js";
import { valueAt } from "./run-history.js";

const space = "http://www.w3.org/2000/svg";
const margin = { left: 52, right: 10, top: 8, bottom: 20 };
const colours = 6;

/**
 * @typedef {object} Curve
 * @property {string} name
 * @property {number} colour
 * @property {[number, number][]} points of rising x
 * @property {boolean} [isFaint] behind the others, without a value in the text
 * @property {boolean} [isDashed]
 */

export class RunChart {
  /** @param {{title: () => string, format: (value: number) => string, isLogarithmic?: boolean}} options */
  constructor(options) {
    this.options = options;
    this.curves = [];
    this.marks = [];
    this.cursor = null;
    this.heading = h("h2");
    this.svg = svg("svg", { role: "img", tabindex: "0" });
    this.caption = h("figcaption");
    this.element = h("figure", {}, this.heading, this.svg, this.caption);
    this.svg.addEventListener("pointermove", (event) => this.#point(event));
    this.svg.addEventListener("pointerleave", () => this.#move(null));
    this.svg.addEventListener("keydown", (event) => this.#key(event));
    this.svg.addEventListener("blur", () => this.#move(null));
    new ResizeObserver(() => this.draw()).observe(this.svg);
  }

  /**
   * @param {Curve[]} curves
   * @param {number[]} marks places of skips and roll-backs
   * @param {(x: number) => string} formatX
   */
  show(curves, marks, formatX) {
    this.curves = curves.filter((curve) => curve.points.length > 0);
    this.marks = marks;
    this.formatX = formatX;
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
    for (const x of this.marks) this.svg.append(this.#vertical(x, "chart-mark"));
    for (const curve of this.curves) {
      const classes = [
        curve.isFaint ? "chart-faint" : "chart-line", `series-${curve.colour % colours}`,
        curve.isDashed ? "chart-dashed" : "",
      ];
      this.svg.append(svg("path", { d: this.#path(curve.points), class: classes.join(" ").trim() }));
    }
    this.line = this.#vertical(0, "chart-cursor");
    this.line.setAttribute("visibility", "hidden");
    this.svg.append(this.line);
    this.#say();
  }

  #frame(width, height) {
    let [left, right, low, high] = [Infinity, -Infinity, Infinity, -Infinity];
    for (const { points } of this.curves) {
      left = Math.min(left, points[0][0]);
      right = Math.max(right, points.at(-1)[0]);
      for (const [, y] of points) {
        const value = this.#scaled(y);
        if (!Number.isFinite(value)) continue;
        low = Math.min(low, value);
        high = Math.max(high, value);
      }
    }
    if (!(high > low)) [low, high] = [low - 0.5, low + 0.5];
    if (!(right > left)) right = left + 1;
    const pad = (high - low) * 0.05;
    const inner = { x: width - margin.left - margin.right, y: height - margin.top - margin.bottom };
    return {
      left, right, low: low - pad, high: high + pad,
      x: (value) => margin.left + (value - left) / (right - left) * inner.x,
      y: (value) => margin.top + (high + pad - this.#scaled(value)) / (high - low + 2 * pad) * inner.y,
      at: (pixel) => left + (pixel - margin.left) / inner.x * (right - left),
    };
  }

  #scaled(value) { return this.options.isLogarithmic ? Math.log10(Math.max(value, 1e-12)) : value; }

  #grid(width, height) {
    const { low, high, left, right } = this.frame;
    const isLog = this.options.isLogarithmic;
    for (const tick of ticks(low, high, 5)) {
      const y = this.frame.y(isLog ? 10 ** tick : tick);
      this.svg.append(svg("line", { x1: margin.left, x2: width - margin.right, y1: y, y2: y, class: "chart-grid" }));
      this.#text(margin.left - 6, y + 4, "end", this.options.format(isLog ? 10 ** tick : tick));
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

  // The cursor

  #point(event) {
    const box = this.svg.getBoundingClientRect();
    this.#move(this.frame ? this.frame.at(event.clientX - box.left) : null);
  }

  #key(event) {
    const direction = { ArrowLeft: -1, ArrowRight: 1, Home: -Infinity, End: Infinity }[event.key];
    if (!this.frame || (!direction && event.key !== "Escape")) return;
    event.preventDefault();
    if (event.key === "Escape") return this.#move(null);
    const from = this.cursor ?? this.frame.right;
    this.#move(from + direction * (this.frame.right - this.frame.left) / 50);
  }

  #move(x) {
    if (!this.frame) return;
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
