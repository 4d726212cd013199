// The button that asks where an answer comes from; what shows it is loaded when it is first pressed.

import { api } from "./api.js";
import { h, iconButton } from "./dom.js";
import { t } from "./strings.js";

export class TraceButton {
  /**
   * @param {{id: string}} message
   * @param {HTMLElement} body shows the answer's text, which lights up
   * @param {(error: Error) => void} onError
   */
  constructor(message, body, onError) {
    Object.assign(this, { message, body, onError });
    /** @type {import("./trace.js").TraceView|null} */
    this.view = null;
    this.panel = h("section", { class: "trace", hidden: true, "aria-label": t("trace") });
    this.button = iconButton("trace", t("trace"), () => this.toggle(), {
      class: "icon-button trace-button", "aria-expanded": "false",
    });
  }

  async toggle() {
    if (!this.view) {
      this.button.disabled = true;
      try {
        const [trace, { TraceView }] = await Promise.all([api.trace(this.message.id), import("./trace.js")]);
        this.view = new TraceView(this, trace);
      } catch (error) {
        this.onError(error);
        return;
      } finally {
        this.button.disabled = false;
        this.button.focus();
      }
    }
    this.view.setOpen(this.panel.hidden);
  }
}
