// ‹2/3›: one of several messages that stand in the same place.

import { h, iconButton } from "./dom.js";
import { t } from "./strings.js";

/**
 * @param {{id: string, siblings: string[]}} record
 * @param {(id: string) => void} onShow
 * @returns {HTMLElement|null} null where there is only one version
 */
export function versionSwitch(record, onShow) {
  const count = record.siblings.length;
  const place = record.siblings.indexOf(record.id);
  if (count < 2 || place < 0) return null;
  const step = (to, drawing, label) =>
    iconButton(drawing, t(label), () => onShow(record.siblings[to]), { disabled: to < 0 || to >= count });
  return h("div", { class: "versions", role: "group", "aria-label": t("version", { place: place + 1, count }) },
    step(place - 1, "left", "previousVersion"),
    h("span", { class: "count", text: `${place + 1}/${count}` }),
    step(place + 1, "right", "nextVersion"));
}
