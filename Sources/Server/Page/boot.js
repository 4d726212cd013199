// Runs before the first paint, so that neither the theme nor the language flickers. The key of the stored
// preferences is that of preferences.js.
(() => {
  const root = document.documentElement;
  let kept = {};
  try {
    kept = JSON.parse(localStorage.getItem("danlu.preferences") ?? "{}");
  } catch {
    // No storage, or not ours: the browser's own settings hold.
  }
  if (kept.theme === "dark" || kept.theme === "light") root.dataset.theme = kept.theme;
  root.lang = (kept.language ?? navigator.language ?? "en").toLowerCase().startsWith("zh") ? "zh-CN" : "en";
})();
