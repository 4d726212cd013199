// Where an answer comes from: its parts that stand word for word in the training text.

import { api } from "./api.js";
import { h, iconButton } from "./dom.js";
import { language, t } from "./strings.js";

const sourcesShown = 3;

export class TraceView {
  /**
   * @param {{id: string}} message
   * @param {(error: Error) => void} onError
   */
  constructor(message, onError) {
    this.message = message;
    this.onError = onError;
    this.panel = h("section", { class: "trace", hidden: true, "aria-label": t("trace") });
    this.button = iconButton("trace", t("trace"), () => this.toggle(), {
      class: "icon-button trace-button", "aria-expanded": "false",
    });
  }

  async toggle() {
    if (this.panel.hidden && !this.panel.hasChildNodes()) {
      this.button.disabled = true;
      try {
        this.show(await api.trace(this.message.id));
      } catch (error) {
        this.onError(error);
        return;
      } finally {
        this.button.disabled = false;
      }
    }
    this.panel.hidden = !this.panel.hidden;
    this.button.setAttribute("aria-expanded", String(!this.panel.hidden));
  }

  show(trace) {
    if (trace.spans.length === 0) {
      this.panel.replaceChildren(h("p", { text: t("traceNone") }));
      return;
    }
    const share = trace.covered_share.toLocaleString(language(), { style: "percent" });
    const washing = trace.washing
      ? h("p", { text: t("traceWashed", { recipe: trace.washing.recipe, steps: trace.washing.steps.join(", ") }) }) : null;
    this.panel.replaceChildren(
      h("p", { text: t("traceShare", { share }) }), ...(washing ? [washing] : []), ...trace.spans.map(spanView));
  }
}

/** A part of the answer, folded; inside, the documents that have it. */
function spanView(span) {
  const sources = span.sources.slice(0, sourcesShown).map((source) => `${source.name} ×${source.count}`).join(", ");
  const times = t("traceTimes", { count: span.count.toLocaleString(language()), sources });
  return h("details", {},
    h("summary", {}, h("q", { text: span.text }), h("span", { class: "trace-times", text: times })),
    ...span.documents.map((place) => h("p", {},
      h("span", { class: "trace-place", text: `${place.source} · ${place.file.split("/").pop()}:${place.line}` }),
      h("span", { text: place.before }), h("mark", { text: place.text }), h("span", { text: place.after }))));
}
