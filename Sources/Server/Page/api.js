// The server's page API (docs/page-api.md): one function a call, and errors that a reader can act on.

import { preferences, remember } from "./preferences.js";
import { t } from "./strings.js";

export class ApiError extends Error {
  /**
   * @param {number} status 0 when the server could not be reached
   * @param {string|null} code
   * @param {string} detail what the server said
   * @param {number|null} retryAfter seconds
   */
  constructor(status, code, detail, retryAfter = null) {
    super(detail);
    Object.assign(this, { status, code, detail, retryAfter });
  }

  /** What happened and what to do, in the reader's language. */
  get advice() {
    const byCode = {
      context_length_exceeded: "errorContext", prompt_too_long: "errorContext", draining: "errorDraining",
      model_not_found: "errorModel", not_saved: "errorNotSaved", disk_full: "errorNotSaved", timeout: "errorTimeout",
      not_found: "errorNotFound",
      invalid_api_key: "errorKey", too_large: "errorTooLarge", request_too_large: "errorTooLarge",
      unanswered: "unanswered",
    };
    if (this.status === 0 && !this.code) return t("errorNetwork");
    if (this.code === "overloaded" || this.status === 429) {
      return this.retryAfter ? t("errorBusy", { seconds: this.retryAfter }) : t("errorBusySoon");
    }
    if (byCode[this.code]) return t(byCode[this.code]);
    if (this.status === 413) return t("errorTooLarge");
    if (this.status >= 500 || this.code === "engine_error") return t("errorServer");
    return t("errorOther", { message: this.detail });
  }
}

/** @type {(wasWrong: boolean) => Promise<string|null>} */
let askKey = async () => null;
/** @type {Promise<string|null>|null} one question at a time, however many requests need the key */
let asking = null;

/** @param {typeof askKey} ask asks the reader for a key; null when they give none */
export function whenKeyIsNeeded(ask) { askKey = ask; }

/**
 * @param {string} method
 * @param {string} path below /api/
 * @param {object} [body]
 * @param {AbortSignal} [signal]
 * @returns {Promise<Response>} of a status below 400; otherwise throws ApiError
 */
async function request(method, path, body, signal) {
  for (;;) {
    const key = preferences.key;
    const response = await send(method, path, body, signal, key);
    if (response.ok) return response;
    const error = await errorOf(response);
    if (response.status !== 401 || !(await newKey(key))) throw error;
  }
}

async function send(method, path, body, signal, key) {
  const headers = {};
  if (body) headers["Content-Type"] = "application/json";
  if (key) headers.Authorization = `Bearer ${key}`;
  try {
    return await fetch(`/api/${path}`, { method, headers, signal, body: body ? JSON.stringify(body) : undefined });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new ApiError(0, null, String(error.message));
  }
}

async function errorOf(response) {
  const retryAfter = parseInt(response.headers.get("Retry-After") ?? "", 10) || null;
  try {
    const { error } = await response.json();
    return new ApiError(response.status, error.code, error.message, retryAfter);
  } catch {
    return new ApiError(response.status, null, response.statusText, retryAfter);
  }
}

/** A key other than the one that failed; asks unless another request has asked meanwhile. */
async function newKey(failed) {
  if (preferences.key !== failed) return preferences.key;
  asking ??= askKey(Boolean(failed)).finally(() => { asking = null; });
  const key = await asking;
  if (key) remember({ key });
  return key;
}

const json = async (...parts) => (await request(...parts)).json();
const query = (values) => new URLSearchParams(
  Object.entries(values).filter(([, value]) => value !== null && value !== undefined && value !== "")).toString();

export const api = {
  about: () => json("GET", "about"),
  conversations: ({ search, before, limit }, signal) =>
    json("GET", `conversations?${query({ q: search, before, limit })}`, undefined, signal),
  createConversation: (fields) => json("POST", "conversations", fields),
  conversation: (id, signal) => json("GET", `conversations/${id}`, undefined, signal),
  changeConversation: (id, fields) => json("PATCH", `conversations/${id}`, fields),
  deleteConversation: (id) => request("DELETE", `conversations/${id}`),
  messages: (id, { before, limit }, signal) =>
    json("GET", `conversations/${id}/messages?${query({ before, limit })}`, undefined, signal),
  export: (id, format) => request("GET", `conversations/${id}/export?${query({ format })}`),
  rate: (id, thumb, comment) => json("PUT", `messages/${id}/rating`, { thumb, comment }),
  unrate: (id) => json("DELETE", `messages/${id}/rating`),
  trace: (id) => json("GET", `messages/${id}/trace`),
  showBranch: (id) => json("PATCH", `messages/${id}/branch`),
  stop: (id) => request("POST", `messages/${id}/stop`),
  runs: () => json("GET", "runs"),
  /** The lines of a log from a byte on; `isRestarted` when the log has become shorter than that. */
  runLog: async (name, from, every) => {
    const reply = await request("GET", `runs/${encodeURIComponent(name)}/log?${query({ from, every })}`);
    return {
      text: await reply.text(), next: Number(reply.headers.get("Danlu-Next")),
      isRestarted: Number(reply.headers.get("Danlu-From")) !== from,
    };
  },
  // These answer with server-sent events.
  ask: (id, parent, content, signal) => request("POST", `conversations/${id}/messages`, { content, parent }, signal),
  regenerate: (id, signal) => request("POST", `messages/${id}/regenerate`, undefined, signal),
  join: (id, signal) => request("GET", `messages/${id}/stream`, undefined, signal),
};
