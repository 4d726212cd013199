// A line that says what went wrong, with what can be done about it.

import { h, icon } from "./dom.js";
import { t } from "./strings.js";

/**
 * @param {string} text
 * @param {() => void} [onRetry] adds a button that tries again
 */
export function notice(text, onRetry) {
  const retry = onRetry
    ? h("button", { type: "button", class: "plain", text: t("retry"), on: { click: onRetry } }) : null;
  return h("div", { class: "notice", role: "alert" }, icon("warning"), h("span", { text }), retry);
}

/** What an error means to a reader. */
export function explained(error) { return error.advice ?? t("errorOther", { message: error.message }); }
