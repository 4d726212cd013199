// Puts the page together: what the parts do to each other stands here, and nothing else does.

import { api, whenKeyIsNeeded } from "./api.js";
import { Composer } from "./composer.js";
import { ConversationView } from "./conversation.js";
import { ask } from "./dialogs.js";
import { h, iconButton } from "./dom.js";
import { command } from "./keys.js";
import { ConversationList } from "./list.js";
import { explained } from "./notice.js";
import { applyTheme, preferences, remember } from "./preferences.js";
import { language, t, translate } from "./strings.js";

const toastMilliseconds = 8000;
const refreshDelay = 200;
const $ = (id) => document.getElementById(id);

/** @type {object|null} what the server says of itself */
let about = null;
/** @type {import("./settings.js").SettingsView|null} */
let settings = null;
let refreshTimer = 0;

const list = new ConversationList({ root: $("list"), search: $("search"), clear: $("clear-search") }, {
  deleted: (id) => { if (conversation.record?.id === id) go(null); },
  renamed: (id, title) => { if (conversation.record?.id === id) showTitle(title); },
  failed: showError,
});
const composer = new Composer({ form: $("composer"), field: $("question"), button: $("send") }, {
  send: (text) => conversation.ask(text),
  stop: () => conversation.stop(),
});
const conversation = new ConversationView({
  scroller: $("scroller"), log: $("log"), welcome: $("welcome"), older: $("older"), toBottom: $("to-bottom"),
}, {
  opened,
  busy: (isBusy) => composer.setBusy(isBusy),
  titled: (id, title) => {
    showTitle(title);
    list.setTitle(id, title);
  },
  changed: refreshSoon,
  failed: showError,
  giveBack: (text) => composer.giveBack(text),
  announce: (event) => { $("status").textContent = t(event === "done" ? "answerDone" : "answerStarted"); },
});
/** The conversation that the address names. */
function addressed() { return /^#\/c\/([\w-]+)$/.exec(location.hash)?.[1] ?? null; }

async function showAddressed() {
  const id = addressed();
  setDrawer(false);
  if (id && id === conversation.record?.id) return;
  composer.show(id);
  if (!id) {
    conversation.startNew();
    composer.focus();
    return;
  }
  await conversation.attempt(async () => {
    try {
      await conversation.open(id);
      composer.focus();
    } catch (error) {
      if (error.code === "not_found") go(null);
      throw error;
    }
  });
}

function go(id) {
  const hash = id ? `#/c/${id}` : "#/";
  if (location.hash === hash) showAddressed();
  else location.hash = hash;
}

/** A conversation is shown, or the one begun here has got its record. */
function opened(record) {
  if (record && record.id !== addressed()) {
    history.replaceState(null, "", `#/c/${record.id}`);
    composer.continueIn(record.id);
  }
  showTitle(record?.title ?? "");
  list.select(record?.id ?? null);
  showModel();
}

function showTitle(title) {
  $("title").textContent = title;
  document.title = title ? `${title} · ${t("brand")}` : t("brand");
}

function showModel() {
  const chosen = conversation.record?.model ?? preferences.model ?? about?.default_model;
  const names = (about?.models ?? []).map((model) => model.id);
  const parents = new Map((about?.models ?? []).map((model) => [model.id, model.parent]));
  if (chosen && !names.includes(chosen)) names.unshift(chosen);
  $("model").replaceChildren(...names.map((name) => {
    const parent = parents.get(name);
    const option = h("option", { value: name, text: parent ? `${name} · ${parent}` : name });
    option.selected = name === chosen;
    return option;
  }));
}

async function chooseModel() {
  const model = $("model").value;
  remember({ model });
  if (!conversation.record) return;
  await conversation.attempt(async () => {
    conversation.record = await api.changeConversation(conversation.record.id, { model });
  });
  showModel();
}

function refreshSoon() {
  clearTimeout(refreshTimer);
  refreshTimer = setTimeout(() => list.refresh(), refreshDelay);
}

function showError(error) {
  const toast = h("div", { class: "toast", role: "alert" },
    h("span", { text: explained(error) }),
    iconButton("close", t("close"), () => toast.remove()));
  if (error.detail && !toast.textContent.includes(error.detail)) toast.title = error.detail;
  $("toasts").append(toast);
  setTimeout(() => toast.remove(), toastMilliseconds);
}

/** Says everything anew; resolves when the conversation does too. */
async function showLanguage() {
  translate();
  showSuggestions();
  list.render();
  composer.setBusy(composer.isBusy);
  showTitle(conversation.record?.title ?? "");
  await conversation.attempt(() => conversation.reload());
}

function showSuggestions() {
  const names = ["suggestion1", "suggestion2", "suggestion3", "suggestion4"];
  $("suggestions").replaceChildren(...names.map((name) => h("button", {
    type: "button", text: t(name), on: { click: () => conversation.ask(t(name)) },
  })));
}

/** On a narrow screen the list is a drawer over the conversation. */
function setDrawer(isOpen) {
  document.body.classList.toggle("drawer", isOpen);
  $("menu").setAttribute("aria-expanded", String(isOpen));
}

function onKey(event) {
  switch (command(event)) {
    case "search":
      setDrawer(true);
      $("search").focus();
      $("search").select();
      break;
    case "new":
      go(null);
      break;
    case "escape":
      if (document.querySelector("dialog[open], .menu")) return;
      if (document.body.classList.contains("drawer")) setDrawer(false);
      else if (conversation.answering) conversation.stop();
      else return;
      break;
    default: return;
  }
  event.preventDefault();
}

/** The settings' code is loaded when they are opened. */
async function openSettings() {
  const { SettingsView } = await import("./settings.js");
  settings ??= new SettingsView($("settings"), {
    conversation: () => conversation.record,
    changed: (record) => { conversation.record = record; },
    languageChanged: showLanguage,
    keyChanged: start,
    failed: showError,
    about: () => about,
  });
  settings.open();
}

function switchTheme() {
  const isDark = matchMedia("(prefers-color-scheme: dark)").matches;
  const theme = (preferences.theme ?? (isDark ? "dark" : "light")) === "dark" ? "light" : "dark";
  remember({ theme });
  applyTheme(theme);
}

async function start() {
  conversation.attempt(async () => {
    about = await api.about();
    // Buttons that ask for an answer's origin are shown where there is an index to ask.
    document.body.toggleAttribute("data-traces", about.traces);
    showModel();
  });
  list.refresh();
  await showAddressed();
}

whenKeyIsNeeded((wasWrong) => ask({
  title: t("keyAsk"), note: t("keyAskNote"), warning: wasWrong ? t("keyWrong") : "", action: t("save"),
  type: "password",
}));
translate();
showSuggestions();
composer.setBusy(false);
addEventListener("hashchange", showAddressed);
addEventListener("keydown", onKey);
$("new").addEventListener("click", () => go(null));
$("menu").addEventListener("click", () => setDrawer(true));
$("list").addEventListener("click", (event) => { if (event.target.closest("a")) setDrawer(false); });
$("curtain").addEventListener("click", () => setDrawer(false));
$("open-settings").addEventListener("click", openSettings);
$("switch-theme").addEventListener("click", switchTheme);
$("switch-language").addEventListener("click", () => {
  remember({ language: language() === "zh" ? "en" : "zh" });
  showLanguage();
});
$("model").addEventListener("change", chooseModel);
start();
