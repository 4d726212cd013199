// Elements from code. Text always becomes a text node: nothing here parses HTML.

/**
 * @param {string} tag
 * @param {Record<string, unknown>} [properties] attributes; `class`, `on` (listeners) and `text` are special,
 *   false, null and undefined leave an attribute out
 * @param {...(Node|string|null|undefined)} children
 * @returns {HTMLElement}
 */
export function h(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === false || value === null || value === undefined) continue;
    if (name === "on") {
      for (const [event, listener] of Object.entries(value)) element.addEventListener(event, listener);
    } else if (name === "text") element.textContent = String(value);
    else if (name === "class") element.className = String(value);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  for (const child of children) if (child !== null && child !== undefined) element.append(child);
  return element;
}

const svgSpace = "http://www.w3.org/2000/svg";

/** Line drawings on a 24 by 24 field. */
const drawings = {
  copy: "M9 9h10v11H9zM5 15V4h10",
  check: "M5 12.5l4.5 4.5L19 7.5",
  again: "M20 11a8 8 0 1 0-2 6.3M20 5v6h-6",
  edit: "M4 20h4L19 9l-4-4L4 16zM13 7l4 4",
  up: "M7 11v9H4v-9zM7 11l4-8c2 0 2.6 1.3 2.3 3L12.6 10H19a1.5 1.5 0 0 1 1.5 1.8l-1.2 6.5A2 2 0 0 1 17.3 20H7",
  down: "M7 13V4H4v9zM7 13l4 8c2 0 2.6-1.3 2.3-3L12.6 14H19a1.5 1.5 0 0 0 1.5-1.8l-1.2-6.5A2 2 0 0 0 17.3 4H7",
  left: "M14.5 6l-6 6 6 6",
  right: "M9.5 6l6 6-6 6",
  more: "M6 12h.01M12 12h.01M18 12h.01",
  trash: "M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13M10 11v5M14 11v5",
  save: "M12 4v11M7.5 11l4.5 4.5 4.5-4.500M5 20h14",
  trace: "M4 6h9M4 11h6M4 16h5M15.5 18a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM18 17l3 3",
  close: "M6 6l12 12M18 6L6 18",
  warning: "M12 4l9 16H3zM12 10v4.500M12 17.200h.01",
  thought: "M9 18h6M10 21h4M8.5 15c-2-1.3-3-3-3-5.200A6.5 6.5 0 0 1 18.5 9.800c0 2.2-1 3.9-3 5.200z",
};

/** @param {keyof typeof drawings} name */
export function icon(name) {
  const svg = document.createElementNS(svgSpace, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", `icon icon-${name}`);
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(svgSpace, "path");
  path.setAttribute("d", drawings[name]);
  svg.append(path);
  return svg;
}

/**
 * A button that shows a drawing and says its name.
 *
 * @param {keyof typeof drawings} name
 * @param {string} label
 * @param {(event: Event) => void} onClick
 */
export function iconButton(name, label, onClick, properties = {}) {
  const button = h("button", {
    type: "button", class: "icon-button", "aria-label": label, title: label, on: { click: onClick }, ...properties,
  });
  button.append(icon(name));
  return button;
}

/** Puts text on the clipboard; false where the browser refuses. */
export async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyBySelection(text);
  }
}

/** Pages served over plain HTTP to another machine have no clipboard API. */
function copyBySelection(text) {
  const area = h("textarea", { class: "off-screen", "aria-hidden": "true" });
  area.value = text;
  document.body.append(area);
  area.select();
  const isCopied = document.execCommand("copy");
  area.remove();
  return isCopied;
}
