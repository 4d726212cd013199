// Small questions to the reader. The browser's own dialog element keeps the focus and closes on Escape.

import { h } from "./dom.js";
import { t } from "./strings.js";

/**
 * @param {{title: string, note?: string, action: string, isDangerous?: boolean}} question
 * @returns {Promise<boolean>}
 */
export async function confirm({ title, note, action, isDangerous }) {
  return (await show({ title, note, action, isDangerous })) !== null;
}

/**
 * @param {{title: string, note?: string, warning?: string, action: string, value?: string, type?: string,
 *   lengthMax?: number}} question
 * @returns {Promise<string|null>} what was typed; null when closed
 */
export async function ask(question) {
  const field = h("input", {
    type: question.type ?? "text", "aria-label": question.title, maxlength: question.lengthMax, autocomplete: "off",
  });
  field.value = question.value ?? "";
  return show(question, field);
}

function show({ title, note, warning, action, isDangerous }, field) {
  return new Promise((resolve) => {
    const dialog = h("dialog", { class: "question", "aria-label": title });
    const form = h("form", { method: "dialog" },
      h("h2", { text: title }),
      note ? h("p", { text: note }) : null,
      warning ? h("p", { class: "warning", role: "alert", text: warning }) : null,
      field,
      h("div", { class: "buttons" },
        h("button", { type: "button", class: "plain", text: t("cancel"), on: { click: () => dialog.close("") } }),
        h("button", { value: "yes", class: isDangerous ? "danger" : "primary", text: action })));
    dialog.append(form);
    dialog.addEventListener("close", () => {
      resolve(dialog.returnValue === "yes" ? field?.value.trim() ?? "" : null);
      dialog.remove();
    });
    document.body.append(dialog);
    dialog.showModal();
    field?.select();
  });
}
