// Thumbs under an answer, and the comment that may follow one.

import { api } from "./api.js";
import { h, iconButton } from "./dom.js";
import { t } from "./strings.js";

const commentCharactersMax = 2000;

export class RatingView {
  /**
   * @param {object} message
   * @param {(error: Error) => void} onError
   */
  constructor(message, onError) {
    this.message = message;
    this.onError = onError;
    this.buttons = { up: this.button("up"), down: this.button("down") };
    this.form = h("form", { class: "comment", hidden: true, on: { submit: (event) => this.submit(event) } });
    this.show(message.rating ?? null);
  }

  button(thumb) { return iconButton(thumb, t(thumb), () => this.choose(thumb), { "aria-pressed": "false" }); }

  show(rating) {
    this.rating = rating;
    for (const [thumb, button] of Object.entries(this.buttons)) {
      button.setAttribute("aria-pressed", String(rating?.thumb === thumb));
    }
  }

  async choose(thumb) {
    try {
      if (this.rating?.thumb === thumb) {
        this.show((await api.unrate(this.message.id)).rating ?? null);
        this.form.hidden = true;
      } else {
        this.show((await api.rate(this.message.id, thumb, "")).rating);
        this.openForm();
      }
    } catch (error) {
      this.onError(error);
    }
  }

  openForm() {
    const label = t(this.rating.thumb === "up" ? "commentUp" : "commentDown");
    this.field = h("textarea", { rows: "2", maxlength: commentCharactersMax, placeholder: label, "aria-label": label });
    this.field.value = this.rating.comment;
    const close = () => { this.form.hidden = true; };
    this.form.replaceChildren(this.field, h("div", { class: "buttons" },
      h("button", { type: "button", class: "plain", text: t("close"), on: { click: close } }),
      h("button", { class: "primary", text: t("sendComment") })));
    this.form.hidden = false;
    this.field.focus();
  }

  async submit(event) {
    event.preventDefault();
    try {
      this.show((await api.rate(this.message.id, this.rating.thumb, this.field.value.trim())).rating);
      this.form.replaceChildren(h("p", { role: "status", text: t("thanks") }));
      setTimeout(() => { this.form.hidden = true; }, 1800);
    } catch (error) {
      this.onError(error);
    }
  }
}
