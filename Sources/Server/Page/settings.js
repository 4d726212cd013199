// The settings: of the open conversation or of new ones, and of this browser.

import { api } from "./api.js";
import { h, iconButton } from "./dom.js";
import { applyTheme, preferences, remember } from "./preferences.js";
import { t } from "./strings.js";

/** Name, least, greatest, step and the server's default of each; those after the first four are folded away. */
const settings = [
  ["temperature", 0, 2, 0.05, 1], ["top_p", 0, 1, 0.01, 1], ["max_tokens", 1, 1_000_000, 1], ["seed", 0, 2 ** 53 - 1, 1],
  ["top_k", 0, 1000, 1, 0], ["min_p", 0, 1, 0.01, 0], ["repetition_penalty", 0.01, 10, 0.01, 1],
  ["presence_penalty", -2, 2, 0.1, 0], ["frequency_penalty", -2, 2, 0.1, 0],
];
const firstSettings = 4;

export class SettingsView {
  /**
   * @param {HTMLDialogElement} dialog
   * @param {{conversation: () => object|null, changed: (record: object) => void, languageChanged: () => Promise<void>,
   *   keyChanged: () => void, failed: (error: Error) => void, about: () => object|null}} hooks
   */
  constructor(dialog, hooks) {
    this.dialog = dialog;
    this.hooks = hooks;
    dialog.addEventListener("close", () => dialog.replaceChildren());
    // A click on the darkened page beside the settings closes them.
    dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
  }

  open() {
    this.render();
    this.dialog.showModal();
    this.dialog.scrollTop = 0;
  }

  render() {
    const record = this.hooks.conversation();
    const source = record ?? preferences;
    const about = this.hooks.about();
    this.dialog.replaceChildren(h("div", { class: "panel" },
      h("header", {}, h("h2", { text: t("settings") }), iconButton("close", t("close"), () => this.dialog.close())),
      h("section", {}, h("h3", { text: t(record ? "thisChat" : "newChats") }),
        ...this.conversationFields(source, record)),
      h("section", {}, h("h3", { text: t("appearance") }), this.themeField(), this.languageField()),
      h("section", {}, h("h3", { text: t("key") }), this.keyField()),
      h("section", {}, h("h3", { text: t("keys") }), shortcuts()),
      about ? h("footer", { text: t("about", { version: about.version }) }) : null));
  }

  conversationFields(source, record) {
    const system = h("textarea", { rows: "3", id: "setting-system", placeholder: t("systemHint") });
    system.value = source.system ?? "";
    system.addEventListener("change", () => this.change({ system: system.value.trim() }));
    const fields = settings.map((setting) => this.samplingField(setting, source.sampling ?? {}));
    const forNew = record && h("button", {
      type: "button", class: "plain", text: t("useForNew"),
      on: { click: (event) => {
        const { system: text, sampling } = this.hooks.conversation();
        remember({ system: text, sampling });
        event.target.textContent = `✓ ${t("useForNew")}`;
      } },
    });
    return [
      h("label", { for: "setting-system", text: t("system") }), system,
      h("p", { class: "hint", text: `${t("sampling")} · ${t("samplingNote")}` }),
      ...fields.slice(0, firstSettings),
      h("details", {}, h("summary", { text: t("moreSampling") }), ...fields.slice(firstSettings)),
      forNew,
    ].filter(Boolean);
  }

  samplingField([name, least, greatest, step, usual], values) {
    const id = `setting-${name}`;
    const field = h("input", {
      type: "number", id, min: least, max: greatest, step: "any", inputmode: "decimal",
      placeholder: usual, "aria-describedby": `${id}-note`,
    });
    field.value = values[name] ?? "";
    const slider = greatest <= 2 ? h("input", {
      type: "range", min: least, max: greatest, step, "aria-label": t(name), tabindex: "-1",
    }) : null;
    if (slider) {
      slider.value = values[name] ?? usual;
      slider.addEventListener("input", () => { field.value = slider.value; });
      slider.addEventListener("change", () => field.dispatchEvent(new Event("change")));
    }
    field.addEventListener("change", () => {
      if (!field.checkValidity()) {
        field.reportValidity();
        return;
      }
      if (slider) slider.value = field.value === "" ? usual : field.value;
      this.changeSampling(name, field.value === "" ? null : Number(field.value));
    });
    return h("div", { class: "setting" }, h("label", { for: id, text: t(name) }), field, slider,
      h("p", { class: "hint", id: `${id}-note`, text: t(`${name}Note`) }));
  }

  changeSampling(name, value) {
    const sampling = { ...(this.hooks.conversation() ?? preferences).sampling };
    if (value === null) delete sampling[name];
    else sampling[name] = value;
    return this.change({ sampling });
  }

  /** Writes a change to the open conversation, or to what new ones begin with. */
  async change(fields) {
    const record = this.hooks.conversation();
    if (!record) {
      remember(fields);
      return;
    }
    try {
      this.hooks.changed(await api.changeConversation(record.id, fields));
    } catch (error) {
      this.hooks.failed(error);
    }
  }

  themeField() {
    const choices = [[null, "themeSystem"], ["light", "themeLight"], ["dark", "themeDark"]];
    return choiceField("theme", t("themeLabel"), choices, preferences.theme, (theme) => {
      remember({ theme });
      applyTheme(theme);
    });
  }

  languageField() {
    const choices = [[null, t("languageBrowser")], ["zh", "中文"], ["en", "English"]];
    return choiceField("language", t("languageLabel"), choices, preferences.language, async (language) => {
      remember({ language });
      await this.hooks.languageChanged();
      this.render();
    });
  }

  keyField() {
    const field = h("input", { type: "password", id: "setting-key", autocomplete: "off", "aria-label": t("key") });
    field.value = preferences.key ?? "";
    field.addEventListener("change", () => {
      remember({ key: field.value.trim() || null });
      this.hooks.keyChanged();
    });
    return h("div", {}, field, h("p", { class: "hint", text: t("keyNote") }));
  }
}

function choiceField(name, label, choices, chosen, onChoose) {
  const options = choices.map(([value, text]) => {
    const radio = h("input", { type: "radio", name, checked: value === chosen, on: { change: () => onChoose(value) } });
    return h("label", {}, radio, h("span", { text: t(text) }));
  });
  return h("fieldset", { class: "choice" }, h("legend", { text: label }), h("div", {}, ...options));
}

function shortcuts() {
  const mod = /Mac|iPhone|iPad/.test(navigator.platform) ? "⌘" : "Ctrl";
  const lines = [
    [[mod, "K"], "keysSearch"], [[mod, "Shift", "O"], "keysNew"], [["Esc"], "keysStop"],
    [["Shift", "Enter"], "keysLine"],
  ];
  return h("dl", { class: "shortcuts" }, ...lines.flatMap(([keys, name]) => [
    h("dt", {}, ...keys.map((key) => h("kbd", { text: key }))), h("dd", { text: t(name) }),
  ]));
}
