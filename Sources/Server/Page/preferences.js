// What this browser remembers: language, theme, key, and the settings of new conversations.

const storageKey = "danlu.preferences";

/**
 * @typedef {object} Preferences
 * @property {"zh"|"en"|null} language null follows the browser
 * @property {"dark"|"light"|null} theme null follows the system
 * @property {string|null} key the API key, where the server asks for one
 * @property {string|null} model
 * @property {string} system
 * @property {Record<string, number>} sampling
 */

/** @type {Preferences} */
const defaults = {
  language: null, theme: null, key: null, model: null, system: "",
  sampling: { temperature: 0.7, top_p: 0.9 },
};

/** @type {Preferences} */
export const preferences = { ...defaults, ...load() };

function load() {
  try {
    const value = JSON.parse(localStorage.getItem(storageKey) ?? "{}");
    return value && typeof value === "object" ? value : {};
  } catch {
    return {};
  }
}

/** @param {Partial<Preferences>} change */
export function remember(change) {
  Object.assign(preferences, change);
  try {
    localStorage.setItem(storageKey, JSON.stringify(preferences));
  } catch {
    // Storage is full or forbidden: the choice holds until the page is closed.
  }
}

/** @param {"dark"|"light"|null} theme */
export function applyTheme(theme) {
  if (theme) document.documentElement.dataset.theme = theme;
  else delete document.documentElement.dataset.theme;
}
