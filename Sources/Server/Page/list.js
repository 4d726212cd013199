// The list of conversations: by day, or what a search found.

import { api } from "./api.js";
import { ask, confirm } from "./dialogs.js";
import { h, iconButton } from "./dom.js";
import { openMenu } from "./menu.js";
import { t } from "./strings.js";

const pageConversations = 50;
/** The most that the server gives at once. */
const conversationsMax = 500;
const searchDelay = 150;
const titleCharactersMax = 200;
const day = 86_400_000;

export class ConversationList {
  /**
   * @param {{root: HTMLElement, search: HTMLInputElement, clear: HTMLElement}} elements
   * @param {{deleted: (id: string) => void, renamed: (id: string, title: string) => void,
   *   failed: (error: Error) => void}} hooks
   */
  constructor({ root, search, clear }, hooks) {
    Object.assign(this, { root, search, clear, hooks });
    this.items = [];
    this.next = null;
    this.selected = null;
    this.loading = new AbortController();
    this.timer = 0;
    this.shown = "";
    search.addEventListener("input", () => this.searchSoon());
    search.addEventListener("keydown", (event) => this.searchKey(event));
    clear.addEventListener("click", () => this.clearSearch());
    root.addEventListener("scroll", () => this.scrolled(), { passive: true });
    root.addEventListener("keydown", (event) => this.move(event));
  }

  get query() { return this.search.value.trim(); }

  /** Loads the list anew, keeping what is shown until it is there. */
  async refresh() {
    this.loading.abort();
    const loading = this.loading = new AbortController();
    const limit = Math.min(conversationsMax, Math.max(pageConversations, this.items.length));
    try {
      const found = await api.conversations({ search: this.query, limit }, loading.signal);
      this.items = found.conversations.filter(hasMessages);
      this.next = found.next;
      this.render();
    } catch (error) {
      if (error.name !== "AbortError") this.hooks.failed(error);
    }
  }

  async scrolled() {
    const { scrollTop, scrollHeight, clientHeight } = this.root;
    if (!this.next || scrollHeight - scrollTop - clientHeight > 400) return;
    const before = this.next;
    this.next = null;
    try {
      const wanted = { search: this.query, before, limit: pageConversations };
      const found = await api.conversations(wanted, this.loading.signal);
      this.items.push(...found.conversations.filter(hasMessages));
      this.next = found.next;
      this.render();
    } catch (error) {
      if (error.name !== "AbortError") this.hooks.failed(error);
    }
  }

  searchSoon() {
    this.clear.hidden = this.search.value === "";
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.refresh(), searchDelay);
  }

  searchKey(event) {
    if (event.isComposing) return;
    if (event.key === "ArrowDown" || event.key === "Enter") this.root.querySelector("a")?.focus();
    else if (event.key === "Escape" && this.search.value) this.clearSearch();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  clearSearch() {
    this.search.value = "";
    this.clear.hidden = true;
    this.search.focus();
    this.refresh();
  }

  move(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const links = [...this.root.querySelectorAll("a")];
    const place = links.indexOf(document.activeElement);
    if (!step || place < 0) return;
    event.preventDefault();
    (links[place + step] ?? (step < 0 ? this.search : links[place])).focus();
  }

  /** @param {string|null} id the open conversation */
  select(id) {
    this.selected = id;
    for (const link of this.root.querySelectorAll("a")) {
      if (link.dataset.id === id) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
  }

  setTitle(id, title) {
    const item = this.items.find((each) => each.id === id);
    if (!item) return;
    item.title = title;
    this.render();
  }

  render() {
    const groups = this.groups();
    // A list that looks the same stays as it is, with its focus and open menu.
    const shown = JSON.stringify([this.query, t("today"), groups.map(({ label, items }) => [
      label, items.map(({ id, title, snippet }) => [id, title, snippet]),
    ])]);
    if (shown === this.shown) return;
    this.shown = shown;
    const focused = this.root.contains(document.activeElement) ? document.activeElement.dataset.id : null;
    this.root.replaceChildren(...groups.flatMap(({ label, items }) => [
      label ? h("h2", { text: label }) : null, h("ul", {}, ...items.map((item) => this.line(item))),
    ].filter(Boolean)));
    if (this.items.length === 0) {
      const text = this.query ? t("noHits", { query: this.query }) : t("noChats");
      this.root.append(h("p", { class: "empty", text }));
    }
    if (focused) this.root.querySelector(`a[data-id="${focused}"]`)?.focus();
  }

  groups() {
    const groups = [];
    for (const item of this.items) {
      const label = this.query ? "" : dayLabel(item.updated_at);
      if (groups.at(-1)?.label !== label) groups.push({ label, items: [] });
      groups.at(-1).items.push(item);
    }
    return groups;
  }

  line(item) {
    const title = item.title || t("untitled");
    const link = h("a", {
      href: `#/c/${item.id}`, "data-id": item.id, title, "aria-current": item.id === this.selected ? "page" : null,
    }, h("span", { class: "title" }, ...this.marked(title)));
    if (item.snippet && this.query) link.append(h("span", { class: "snippet" }, ...this.marked(plain(item.snippet))));
    const more = iconButton("more", `${t("more")}: ${title}`, () => this.openCommands(more, item), {
      "aria-haspopup": "menu", "aria-expanded": "false",
    });
    return h("li", {}, link, more);
  }

  /** The text with the words of the search marked in it. */
  marked(text) {
    const words = this.query.split(/[\s\p{P}]+/u).filter(Boolean)
      .map((word) => word.replace(/[$^*+?.()|[\]{}\\]/g, "\\$&"));
    if (words.length === 0) return [text];
    return text.split(new RegExp(`(${words.join("|")})`, "iu"))
      .map((part, place) => (place % 2 === 1 ? h("mark", { text: part }) : part));
  }

  openCommands(button, item) {
    openMenu(button, [
      { icon: "edit", label: t("rename"), run: () => this.rename(item) },
      { icon: "save", label: t("exportMarkdown"), run: () => this.export(item, "markdown") },
      { icon: "save", label: t("exportJSON"), run: () => this.export(item, "json") },
      { icon: "trash", label: t("delete"), isDangerous: true, run: () => this.delete(item) },
    ]);
  }

  async rename(item) {
    const title = await ask({
      title: t("rename"), action: t("save"), value: item.title, lengthMax: titleCharactersMax,
    });
    if (!title || title === item.title) return;
    await this.attempt(async () => {
      await api.changeConversation(item.id, { title });
      this.setTitle(item.id, title);
      this.hooks.renamed(item.id, title);
    });
  }

  async delete(item) {
    const isSure = await confirm({
      title: t("deleteAsk", { title: item.title || t("untitled") }), note: t("deleteNote"), action: t("delete"),
      isDangerous: true,
    });
    if (!isSure) return;
    await this.attempt(async () => {
      await api.deleteConversation(item.id);
      this.items = this.items.filter((each) => each.id !== item.id);
      this.render();
      this.hooks.deleted(item.id);
    });
  }

  /** Downloads by way of a request, as a plain link could not carry the key. */
  async export(item, format) {
    await this.attempt(async () => {
      const response = await api.export(item.id, format);
      const address = URL.createObjectURL(await response.blob());
      const name = (item.title || t("untitled")).replace(/[\\/:*?"<>|\u0000-\u001f]/g, "_").slice(0, 80);
      h("a", { href: address, download: `${name}.${format === "json" ? "json" : "md"}` }).click();
      setTimeout(() => URL.revokeObjectURL(address), 10_000);
    });
  }

  async attempt(work) {
    try {
      await work();
    } catch (error) {
      this.hooks.failed(error);
    }
  }
}

/** One without messages is left of a first question that was refused. */
function hasMessages(item) { return item.message_count > 0; }

/** A piece of Markdown without its marks. */
function plain(text) { return text.replace(/[#*`$|>\\]+ ?/g, ""); }

/** @param {number} time Unix milliseconds */
function dayLabel(time) {
  const today = new Date().setHours(0, 0, 0, 0);
  if (time >= today) return t("today");
  if (time >= today - day) return t("yesterday");
  return time >= today - 7 * day ? t("week") : t("earlier");
}
