// The open conversation: its messages page by page, and what is done with them.

import { AnswerView } from "./answer.js";
import { Answering } from "./answering.js";
import { api, ApiError } from "./api.js";
import { explained, notice } from "./notice.js";
import { preferences } from "./preferences.js";
import { QuestionView } from "./question.js";

const pageMessages = 30;
/** How near to the top, in pixels, the messages before are loaded. */
const loadDistance = 800;
/** How near to the bottom counts as reading the latest. */
const pinDistance = 60;

/**
 * @typedef {object} ConversationHooks
 * @property {(record: object|null) => void} opened null: a conversation that has no record yet
 * @property {(isBusy: boolean) => void} busy an answer is being written
 * @property {(id: string, title: string) => void} titled
 * @property {() => void} changed the list of conversations is out of date
 * @property {(error: Error) => void} failed
 * @property {(text: string) => void} giveBack a question that was not kept
 * @property {(event: "started"|"done") => void} announce
 */

export class ConversationView {
  /**
   * @param {{scroller: HTMLElement, log: HTMLElement, welcome: HTMLElement, older: HTMLElement, toBottom: HTMLElement}}
   *   elements
   * @param {ConversationHooks} hooks
   */
  constructor(elements, hooks) {
    Object.assign(this, elements);
    this.hooks = hooks;
    /** @type {object|null} */
    this.record = null;
    /** The conversation is not there yet, or could not be loaded: nothing can be asked in it. */
    this.isOpening = false;
    /** @type {(QuestionView|AnswerView)[]} the messages shown, oldest first */
    this.views = [];
    this.hasMore = false;
    this.isLoading = false;
    this.isPinned = true;
    /** @type {Answering|null} */
    this.answering = null;
    this.opening = new AbortController();
    this.actions = {
      edit: (view, text) => this.edit(view, text), regenerate: (view) => this.regenerate(view),
      showVersion: (view, id) => this.attempt(() => this.showVersion(view, id)), failed: hooks.failed,
      grown: () => this.followBottom(),
    };
    this.scroller.addEventListener("scroll", () => this.scrolled(), { passive: true });
    this.toBottom.addEventListener("click", () => this.scrollToBottom());
  }

  /** A conversation without messages; it gets a record with its first question. */
  startNew() {
    this.clear();
    this.welcome.hidden = false;
    this.hooks.opened(null);
  }

  /**
   * Throws only when there is no such conversation.
   *
   * @param {string} id
   */
  async open(id) {
    this.clear();
    this.isOpening = true;
    const { signal } = this.opening;
    try {
      const [record, page] = await Promise.all([
        api.conversation(id, signal), api.messages(id, { limit: pageMessages }, signal),
      ]);
      if (!signal.aborted) this.show(record, page);
    } catch (error) {
      if (signal.aborted) return;
      if (error.code === "not_found") throw error;
      this.log.replaceChildren(notice(explained(error), () => this.attempt(() => this.open(id))));
    }
  }

  show(record, page) {
    this.isOpening = false;
    this.record = record;
    this.welcome.hidden = page.messages.length > 0;
    this.hooks.opened(record);
    this.hasMore = page.has_more;
    this.add(...page.messages);
    this.scrollToBottom();
    this.joinRunning();
  }

  clear() {
    this.opening.abort();
    this.opening = new AbortController();
    this.detach();
    this.record = null;
    this.isOpening = false;
    this.views = [];
    this.hasMore = false;
    this.isPinned = true;
    this.log.replaceChildren();
    this.older.hidden = true;
    this.welcome.hidden = true;
  }

  detach() {
    this.answering?.detach();
    this.setAnswering(null);
  }

  setAnswering(answering) {
    this.answering = answering;
    this.hooks.busy(answering !== null);
  }

  add(...records) {
    const views = records.map((record) => this.view(record));
    this.views.push(...views);
    this.log.append(...views.map((view) => view.element));
    return views;
  }

  view(record) {
    return record.role === "user" ? new QuestionView(record, this.actions) : new AnswerView(record, this.actions);
  }

  /** Takes away the messages from a place on. */
  cut(place) { for (const view of this.views.splice(place)) view.element.remove(); }

  // Asking

  /** @param {string} text */
  async ask(text) {
    if (this.answering) return;
    if (this.isOpening) {
      this.hooks.giveBack(text);
      return;
    }
    // A question that got no answer is replaced: it stays as another version.
    while (this.views.length > 0 && !this.isAnswered(this.views.at(-1))) this.cut(this.views.length - 1);
    await this.put(text, this.views.at(-1)?.record.id ?? null);
  }

  isAnswered(view) { return view instanceof AnswerView && view.record.id !== null; }

  async edit(view, text) {
    if (this.answering) return;
    this.cut(this.views.indexOf(view));
    await this.put(text, view.record.parent);
  }

  async put(text, parent) {
    const isNew = !this.record;
    this.welcome.hidden = true;
    const [question] = this.add({ id: null, role: "user", content: text, parent, siblings: [] });
    this.scrollToBottom();
    let isKept = false;
    await this.follow(async (signal) => {
      if (!this.record) await this.create(signal);
      return api.ask(this.record.id, parent, text, signal);
    }, {
      user: (record) => {
        isKept = true;
        question.update(record);
        this.hooks.changed();
      },
      title: ({ title }) => {
        this.record.title = title;
        this.hooks.titled(this.record.id, title);
      },
      notStarted: (error, answer) => {
        if (isKept) {
          answer.fail(error, () => this.regenerateFrom(answer, question.record.id));
          return;
        }
        this.cut(this.views.indexOf(question));
        if (isNew && this.views.length === 0) this.welcome.hidden = false;
        this.hooks.giveBack(text);
        this.hooks.failed(error);
      },
    });
  }

  async create(signal) {
    const { system, sampling, model } = preferences;
    const fields = { system, sampling };
    let record;
    try {
      record = await api.createConversation(model ? { ...fields, model } : fields);
    } catch (error) {
      if (!model || error.code !== "model_not_found") throw error;
      // The model chosen some other day is gone: the server's default answers.
      record = await api.createConversation(fields);
    }
    signal.throwIfAborted();
    this.record = record;
    this.hooks.opened(record);
  }

  regenerate(view) {
    if (!this.answering) this.regenerateFrom(view, view.record.id);
  }

  /** Writes the answer at a view's place again; `id` is the answer's, or that of its question. */
  regenerateFrom(view, id) {
    this.cut(this.views.indexOf(view));
    this.follow((signal) => api.regenerate(id, signal), {
      notStarted: (error, answer) => answer.fail(error, () => this.regenerateFrom(answer, id)),
    });
  }

  joinRunning() {
    const last = this.views.at(-1);
    if (last instanceof QuestionView) this.offerAnswer(last);
    else if (last?.isStreaming) {
      this.cut(this.views.length - 1);
      this.follow((signal) => api.join(last.record.id, signal), {
        notStarted: (error, answer) => answer.fail(error, () => this.attempt(() => this.reload())),
      }, last.record);
    }
  }

  /** A question whose answer never began, because the server was busy or went down. */
  offerAnswer(question) {
    const answer = this.appendAnswer(null);
    answer.fail(new ApiError(0, "unanswered", ""), () => this.regenerateFrom(answer, question.record.id));
  }

  appendAnswer(record) {
    const view = new AnswerView(record, this.actions);
    this.views.push(view);
    this.log.append(view.element);
    this.followBottom();
    return view;
  }

  /** Runs an answer from its request to its end, in a view at the end of the conversation. */
  async follow(open, { user, title, notStarted }, record = null) {
    const answer = this.appendAnswer(record);
    const answering = new Answering({
      user, title,
      start: (message) => {
        answer.update(message);
        this.hooks.announce("started");
        this.followBottom();
      },
      delta: (text) => answer.append(text),
      reasoning: (text) => answer.appendReasoning(text),
      end: (message) => {
        answer.finish(message);
        this.hooks.announce("done");
        this.hooks.changed();
      },
      error: (error) => {
        if (answering.id) answer.fail(error, () => this.regenerateFrom(answer, answering.id));
        else notStarted(error, answer);
      },
    });
    this.setAnswering(answering);
    await answering.run(open);
    if (this.answering !== answering) return;
    this.setAnswering(null);
    this.followBottom();
  }

  stop() { this.answering?.stop(); }

  // Versions and pages

  async showVersion(view, id) {
    if (this.answering) this.detach();
    await api.showBranch(id);
    const page = await api.messages(this.record.id, { limit: pageMessages }, this.opening.signal);
    const place = page.messages.findIndex((message) => message.id === id);
    if (place < 0) {
      await this.reload();
      return;
    }
    this.cut(this.views.indexOf(view));
    const [first] = this.add(...page.messages.slice(place));
    first.element.querySelector(".versions button:not(:disabled)")?.focus({ preventScroll: true });
    this.joinRunning();
  }

  async reload() { if (this.record) await this.open(this.record.id); }

  async attempt(work) {
    try {
      await work();
    } catch (error) {
      if (error.name !== "AbortError") this.hooks.failed(error);
    }
  }

  scrolled() {
    const { scrollTop, scrollHeight, clientHeight } = this.scroller;
    this.isPinned = scrollHeight - scrollTop - clientHeight < pinDistance;
    this.toBottom.hidden = this.isPinned;
    if (scrollTop < loadDistance) this.attempt(() => this.loadOlder());
  }

  async loadOlder() {
    if (!this.hasMore || this.isLoading) return;
    this.isLoading = true;
    this.older.hidden = false;
    const { signal } = this.opening;
    try {
      const page = await api.messages(this.record.id, { before: this.views[0].record.id, limit: pageMessages }, signal);
      if (signal.aborted) return;
      this.hasMore = page.has_more;
      const views = page.messages.map((record) => this.view(record));
      const fromBottom = this.scroller.scrollHeight - this.scroller.scrollTop;
      this.views.unshift(...views);
      this.log.prepend(...views.map((view) => view.element));
      this.older.hidden = true;
      this.scroller.scrollTop = this.scroller.scrollHeight - fromBottom;
    } finally {
      this.isLoading = false;
      this.older.hidden = true;
    }
  }

  /** Keeps the latest in sight for a reader who is there. */
  followBottom() { if (this.isPinned) this.scroller.scrollTop = this.scroller.scrollHeight; }

  scrollToBottom() {
    this.isPinned = true;
    this.followBottom();
    this.toBottom.hidden = true;
  }
}
