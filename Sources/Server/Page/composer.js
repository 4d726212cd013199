// Where questions are written. A draft is kept for each conversation while the page is open in its tab.

import { isSendKey } from "./keys.js";
import { t } from "./strings.js";

const heightMax = 240;

export class Composer {
  /**
   * @param {{form: HTMLFormElement, field: HTMLTextAreaElement, button: HTMLButtonElement}} elements
   * @param {{send: (text: string) => void, stop: () => void}} hooks
   */
  constructor({ form, field, button }, hooks) {
    Object.assign(this, { form, field, button, hooks });
    this.isBusy = false;
    this.draftKey = "new";
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (this.isBusy) hooks.stop();
      else this.send();
    });
    field.addEventListener("keydown", (event) => {
      if (!isSendKey(event)) return;
      event.preventDefault();
      this.send();
    });
    field.addEventListener("input", () => {
      this.keepDraft();
      this.fit();
    });
  }

  send() {
    const text = this.field.value.trim();
    if (!text || this.isBusy) return;
    this.setText("");
    this.hooks.send(text);
  }

  setText(text) {
    this.field.value = text;
    this.keepDraft();
    this.fit();
  }

  /** Puts back a question that could not be sent, unless another has been begun. */
  giveBack(text) { if (!this.field.value) this.setText(text); }

  /** @param {string|null} id the conversation that is written to; null for a new one */
  show(id) {
    this.draftKey = id ?? "new";
    this.field.value = this.draft();
    this.fit();
  }

  /** The new conversation that is written to has got its id; what has been typed meanwhile stays. */
  continueIn(id) {
    this.draftKey = id;
    this.keepDraft();
  }

  draft() {
    try {
      return sessionStorage.getItem(`danlu.draft.${this.draftKey}`) ?? "";
    } catch {
      return "";
    }
  }

  keepDraft() {
    try {
      const key = `danlu.draft.${this.draftKey}`;
      if (this.field.value) sessionStorage.setItem(key, this.field.value);
      else sessionStorage.removeItem(key);
    } catch {
      // Without storage a draft lasts as long as its conversation is shown.
    }
  }

  setBusy(isBusy) {
    this.isBusy = isBusy;
    this.form.classList.toggle("busy", isBusy);
    this.button.setAttribute("aria-label", t(isBusy ? "stop" : "send"));
    this.button.title = t(isBusy ? "stop" : "send");
    this.fit();
  }

  /** As high as its text, up to a limit. */
  fit() {
    this.field.style.height = "auto";
    this.field.style.height = `${Math.min(this.field.scrollHeight, heightMax)}px`;
    this.button.disabled = !this.isBusy && this.field.value.trim() === "";
  }

  focus() {
    // On a phone, focus would open the keyboard over the conversation.
    if (matchMedia("(hover: hover)").matches) this.field.focus();
  }
}
