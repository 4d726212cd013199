// What keys mean, in one place.

/**
 * True when this press of Enter sends. While an input method composes (Chinese pinyin, Japanese kana), Enter chooses
 * a candidate: `isComposing` says so, and keyCode 229 does where the composition ended just before (Safari).
 *
 * @param {KeyboardEvent} event
 */
export function isSendKey(event) {
  return event.key === "Enter" && !event.shiftKey && !event.altKey && !event.isComposing && event.keyCode !== 229;
}

/**
 * The page's command for a key, if it has one.
 *
 * @param {KeyboardEvent} event
 * @returns {"search"|"new"|"escape"|null}
 */
export function command(event) {
  const isCommand = event.ctrlKey || event.metaKey;
  if (isCommand && !event.shiftKey && event.key.toLowerCase() === "k") return "search";
  if (isCommand && event.shiftKey && event.key.toLowerCase() === "o") return "new";
  if (event.key === "Escape" && !event.isComposing && event.keyCode !== 229) return "escape";
  return null;
}
