// Where an answer comes from: its parts that stand word for word in the training text light up, and below it stand the
// documents that have them, with the rules that let these into the corpus.

import { h } from "./dom.js";
import { language, t } from "./strings.js";
import { light, unlight } from "./traced-text.js";

const sourcesShown = 3;
const rulesShown = 3;
/** Rules further from their limits than this share say nothing; only the nearest is named then. */
const marginMax = 0.75;

// Loaded with this module: a page whose answers nobody traces does without.
await new Promise((loaded) => {
  const on = { load: loaded, error: loaded };
  document.head.append(h("link", { rel: "stylesheet", href: "/page/trace.css", on }));
});

export class TraceView {
  /**
   * @param {{button: HTMLElement, panel: HTMLElement, body: HTMLElement}} place its body is the shown answer
   * @param {object} trace as the server tells it
   */
  constructor({ button, panel, body }, trace) {
    Object.assign(this, { button, panel, body, spans: trace.spans, details: [] });
    panel.addEventListener("keydown", (event) => this.onKey(event));
    this.show(trace);
  }

  setOpen(isOpen) {
    this.panel.hidden = !isOpen;
    this.button.setAttribute("aria-expanded", String(isOpen));
    unlight(this.body);
    if (!isOpen) return;
    light(this.body, this.spans, (place) => ({
      title: timesText(this.spans[place]),
      on: {
        click: () => this.pick(place),
        keydown: (event) => this.onMarkKey(event, place),
        mouseenter: () => this.point(place, true), mouseleave: () => this.point(place, false),
      },
    }));
  }

  show(trace) {
    if (trace.spans.length === 0) {
      this.panel.replaceChildren(h("p", { text: t("traceNone") }));
      return;
    }
    const share = trace.covered_share.toLocaleString(language(), { style: "percent" });
    this.details = trace.spans.map((span, place) => this.spanView(span, place));
    this.panel.replaceChildren(
      h("p", {}, h("strong", { text: t("traceShare", { share }) }), " ", h("span", { text: t("traceHint") })),
      ...this.details);
    if (!trace.washing) return;
    const { recipe, steps } = trace.washing;
    this.panel.append(h("p", { class: "trace-washed", text: t("traceWashed", { recipe, steps: steps.join(", ") }) }));
  }

  /** A part of the answer, folded; inside, the documents that have it. */
  spanView(span, place) {
    const point = (isOn) => () => this.point(place, isOn);
    const on = { mouseenter: point(true), mouseleave: point(false), focusin: point(true), focusout: point(false) };
    return h("details", { on },
      h("summary", {}, h("q", { text: span.text.trim() }), h("span", { class: "trace-times", text: timesText(span) })),
      ...span.documents.map(documentView));
  }

  /** Opens the documents of a span, and folds the others. */
  pick(place) {
    this.details.forEach((details, each) => { details.open = each === place; });
    const summary = this.details[place].querySelector("summary");
    summary.focus({ preventScroll: true });
    const isCalm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.details[place].scrollIntoView({ block: "nearest", behavior: isCalm ? "auto" : "smooth" });
  }

  /** Shows which mark and which documents belong together. */
  point(place, isOn) {
    this.details[place].classList.toggle("pointed", isOn);
    for (const mark of this.body.querySelectorAll(`mark.traced[data-span="${place}"]`)) {
      mark.classList.toggle("pointed", isOn);
    }
  }

  onMarkKey(event, place) {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    this.pick(place);
  }

  onKey(event) {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    this.setOpen(false);
    this.button.focus();
  }
}

function timesText(span) {
  const sources = span.sources.slice(0, sourcesShown).map((source) => `${source.name} ×${source.count}`).join(", ");
  return t("traceTimes", { count: span.count.toLocaleString(language()), sources });
}

function documentView(place) {
  const { metadata = {} } = place;
  const title = typeof metadata.title === "string" ? metadata.title : "";
  const name = `${place.source} · ${place.file.split("/").pop()}:${place.line}`;
  return h("article", { class: "trace-document" },
    h("p", { class: "trace-place" }, addressed(title ? `${title} · ${name}` : name, metadata.url)),
    h("p", { class: "trace-text" },
      h("span", { text: place.before }), h("mark", { text: place.text }), h("span", { text: place.after })),
    rulesView(place.rules ?? []), changesView(place.changes));
}

/** A name, and a link where the text came from the web: addresses in a corpus are anybody's. */
function addressed(text, url) {
  if (typeof url !== "string" || !/^https?:\/\//i.test(url)) return h("span", { text });
  return h("a", { href: url, target: "_blank", rel: "noopener noreferrer nofollow", text });
}

/** Why washing let a document through: the rules that were nearest to dropping it. */
function rulesView(rules) {
  if (rules.length === 0) return null;
  const near = rules.slice(0, rulesShown).filter((rule, place) => place === 0 || rule.margin <= marginMax);
  return h("div", { class: "trace-rules" },
    h("span", { text: t("traceRules") }),
    h("ul", {}, ...near.map((rule) => {
      const [value, limit] = [number(rule.value), number(rule.limit)];
      const isBeyond = rule.kept ? "" : ` · ${t("traceBeyond")}`;
      return h("li", {},
        h("code", { text: `${rule.step}.${rule.rule}` }),
        h("span", { text: t(rule.at_least ? "traceAtLeast" : "traceAtMost", { value, limit }) + isBeyond }));
    })));
}

function changesView(changes) {
  if (!changes) return null;
  const list = Object.entries(changes).map(([name, parts]) => `${name} ×${parts}`).join(", ");
  return h("p", { class: "trace-place", text: t("traceChanges", { changes: list }) });
}

function number(value) { return value.toLocaleString(language(), { maximumSignificantDigits: 3 }); }
