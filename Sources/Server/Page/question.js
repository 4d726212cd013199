// A question in the conversation: its text as it was written, its versions, and editing it.

import { copyText, h, icon, iconButton } from "./dom.js";
import { isSendKey } from "./keys.js";
import { t } from "./strings.js";
import { versionSwitch } from "./versions.js";

export class QuestionView {
  /**
   * @param {object} record `id` is null until the server has kept it
   * @param {{edit: (view: QuestionView, text: string) => void, showVersion: Function}} actions
   */
  constructor(record, actions) {
    this.actions = actions;
    this.element = h("article", { class: "message question-message", "aria-label": t("you") });
    this.update(record);
  }

  update(record) {
    this.record = record;
    if (record.id) this.element.dataset.id = record.id;
    const buttons = h("div", { class: "actions" });
    if (record.id) {
      const versions = versionSwitch(record, (id) => this.actions.showVersion(this, id));
      if (versions) buttons.append(versions);
      const copy = iconButton("copy", t("copy"), async () => {
        if (await copyText(record.content)) copy.replaceChildren(icon("check"));
        setTimeout(() => copy.replaceChildren(icon("copy")), 1500);
      });
      buttons.append(copy, iconButton("edit", t("edit"), () => this.edit()));
    }
    this.element.replaceChildren(h("div", { class: "bubble", text: record.content }), buttons);
  }

  edit() {
    const field = h("textarea", { rows: "1", "aria-label": t("edit") });
    field.value = this.record.content;
    const cancel = () => this.update(this.record);
    const send = () => {
      const text = field.value.trim();
      if (text && text !== this.record.content) this.actions.edit(this, text);
      else cancel();
    };
    field.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !event.isComposing) {
        event.stopPropagation();
        cancel();
      } else if (isSendKey(event)) {
        event.preventDefault();
        send();
      }
    });
    const submit = (event) => {
      event.preventDefault();
      send();
    };
    this.element.replaceChildren(h("form", { class: "editing", on: { submit } },
      field, h("p", { class: "hint", text: t("editNote") }),
      h("div", { class: "buttons" },
        h("button", { type: "button", class: "plain", text: t("cancel"), on: { click: cancel } }),
        h("button", { class: "primary", text: t("editSend") }))));
    field.style.height = `${Math.min(field.scrollHeight + 2, 400)}px`;
    field.focus();
    field.setSelectionRange(field.value.length, field.value.length);
  }
}
