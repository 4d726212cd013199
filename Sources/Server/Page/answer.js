// An answer in the conversation: Markdown that grows, folded reasoning, what it took, and what can be done with it.

import { copyText, h, icon, iconButton } from "./dom.js";
import { MarkdownView } from "./markdown.js";
import { explained, notice } from "./notice.js";
import { RatingView } from "./rating.js";
import { t, language } from "./strings.js";
import { TraceButton } from "./trace-button.js";
import { versionSwitch } from "./versions.js";

/** An answer that the server has not begun. */
const pending = { id: null, role: "assistant", content: "", status: "streaming", siblings: [] };

export class AnswerView {
  /**
   * @param {object|null} record null for an answer that has been asked for
   * @param {{regenerate: Function, showVersion: Function, failed: (error: Error) => void, grown: () => void}} actions
   */
  constructor(record, actions) {
    this.actions = actions;
    this.waitingText = "";
    this.waitingReasoning = "";
    this.frame = 0;
    this.body = h("div", { class: "prose" });
    this.markdown = new MarkdownView(this.body);
    this.below = h("div", { class: "below" });
    this.element = h("article", { class: "message answer", "aria-label": t("answer") }, this.body, this.below);
    this.update(record ?? pending);
  }

  get isStreaming() { return this.record.status === "streaming"; }

  /** Shows a record as the server has it, in place of everything shown before. */
  update(record) {
    this.drop();
    this.record = record;
    if (record.id) this.element.dataset.id = record.id;
    this.element.setAttribute("aria-busy", String(this.isStreaming));
    this.showReasoning(record.reasoning ?? "");
    if (this.isStreaming) {
      this.markdown.set("");
      this.markdown.append(record.content);
      this.showProgress();
    } else {
      this.markdown.set(record.content);
      this.showEnd();
    }
  }

  append(text) {
    this.waitingText += text;
    this.schedule();
  }

  appendReasoning(text) {
    this.waitingReasoning += text;
    this.schedule();
  }

  /** The answer's end. What is shown stays, so that nothing jumps; a different text is shown anew. */
  finish(record) {
    this.flush();
    if (this.markdown.text !== record.content || (record.reasoning ?? "") !== this.reasoningText) {
      this.update(record);
      return;
    }
    this.record = record;
    this.element.setAttribute("aria-busy", "false");
    this.markdown.finish();
    this.showReasoning(this.reasoningText);
    this.showEnd();
  }

  /** An answer that could not begin or go on. */
  fail(error, onRetry) {
    this.flush();
    this.record = { ...this.record, status: "failed" };
    this.element.setAttribute("aria-busy", "false");
    this.markdown.finish();
    this.below.replaceChildren(notice(explained(error), onRetry));
  }

  /** Many tokens can come between two frames: they are shown together. */
  schedule() {
    if (this.frame) return;
    this.frame = requestAnimationFrame(() => {
      this.flush();
      this.actions.grown();
    });
  }

  drop() {
    cancelAnimationFrame(this.frame);
    Object.assign(this, { frame: 0, waitingText: "", waitingReasoning: "" });
  }

  flush() {
    const [text, reasoning] = [this.waitingText, this.waitingReasoning];
    this.drop();
    if (reasoning) this.showReasoning(this.reasoningText + reasoning);
    if (!text) return;
    const isFirst = this.markdown.text === "";
    this.markdown.append(text);
    if (!isFirst) return;
    this.showProgress();
    if (this.reasoningText) this.showReasoning(this.reasoningText);
  }

  showReasoning(text) {
    this.reasoningText = text;
    if (!text) {
      this.reasoning?.remove();
      this.reasoning = null;
      return;
    }
    if (!this.reasoning) {
      this.reasoningBody = h("div", { class: "prose" });
      this.reasoningMarkdown = new MarkdownView(this.reasoningBody);
      this.reasoningTitle = h("span", {});
      this.reasoning = h("details", { class: "reasoning" },
        h("summary", {}, icon("thought"), this.reasoningTitle), this.reasoningBody);
      this.body.before(this.reasoning);
    }
    this.reasoningTitle.textContent = t(this.isStreaming && !this.markdown.text ? "reasoningNow" : "reasoning");
    const shown = this.reasoningMarkdown.text;
    if (text.startsWith(shown)) this.reasoningMarkdown.append(text.slice(shown.length));
    else this.reasoningMarkdown.set(text);
    if (!this.isStreaming) this.reasoningMarkdown.finish();
  }

  showProgress() {
    const hasText = this.markdown.text !== "";
    this.below.replaceChildren(h("p", { class: hasText ? "progress writing" : "progress" },
      h("span", { class: "ember", "aria-hidden": "true" }), hasText ? null : h("span", { text: t("waiting") })));
  }

  showEnd() {
    const { record } = this;
    const parts = [];
    if (record.status === "failed") parts.push(notice(record.error ? `${t("failed")} (${record.error})` : t("failed")));
    if (record.status === "interrupted") parts.push(notice(t("interrupted")));
    if (["stopped", "limited"].includes(record.status)) parts.push(h("p", { class: "remark", text: t(record.status) }));
    const rating = new RatingView(record, this.actions.failed);
    const bar = h("div", { class: "actions" });
    const versions = versionSwitch(record, (id) => this.actions.showVersion(this, id));
    if (versions) bar.append(versions);
    const copy = iconButton("copy", t("copy"), async () => {
      if (await copyText(record.content)) copy.replaceChildren(icon("check"));
      setTimeout(() => copy.replaceChildren(icon("copy")), 1500);
    });
    bar.append(copy, iconButton("again", t("regenerate"), () => this.actions.regenerate(this)),
      rating.buttons.up, rating.buttons.down);
    const trace = new TraceButton(record, this.body, this.actions.failed);
    bar.append(trace.button, usageText(record));
    this.below.replaceChildren(...parts, bar, rating.form, trace.panel);
  }
}

/** Tokens, speed and model of an answer. */
function usageText(record) {
  const parts = [];
  if (record.completion_tokens !== undefined) {
    const number = new Intl.NumberFormat(language());
    const fixed = (value, digits) => value.toLocaleString(language(), { maximumFractionDigits: digits });
    parts.push(t("tokens", { count: number.format(record.completion_tokens) }));
    if (record.tokens_per_second > 0) parts.push(t("speed", { rate: fixed(record.tokens_per_second, 1) }));
    if (record.time_to_first_token_ms > 0) {
      parts.push(t("firstToken", { seconds: fixed(record.time_to_first_token_ms / 1000, 2) }));
    }
  }
  if (record.model) parts.push(record.model);
  const detail = record.prompt_tokens === undefined ? null : t("usageDetail", {
    prompt: record.prompt_tokens, cached: record.cached_tokens ?? 0, completion: record.completion_tokens,
  });
  return h("span", { class: "usage", title: detail, text: parts.join(" · ") });
}
