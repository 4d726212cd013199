// Follows one answer while it is written: reads its events, joins again when the connection breaks, stops it.

import { api, ApiError } from "./api.js";
import { readEvents } from "./stream.js";

const rejoinsMax = 6;
const rejoinDelay = 300;

/**
 * @typedef {object} AnswerHandlers
 * @property {(message: object) => void} [user] the question was kept
 * @property {(data: {title: string}) => void} [title]
 * @property {(message: object) => void} start the answer exists; its text so far is in it
 * @property {(text: string) => void} delta
 * @property {(text: string) => void} reasoning
 * @property {(message: object) => void} end
 * @property {(error: ApiError) => void} error
 */

export class Answering {
  /** @param {AnswerHandlers} handlers none is called after `detach` */
  constructor(handlers) {
    this.handlers = handlers;
    this.connection = new AbortController();
    /** @type {string|null} the answer's id, once it has one */
    this.id = null;
    this.isStopping = false;
    this.isOver = false;
  }

  /**
   * Runs to the answer's end, or until `detach`.
   *
   * @param {(signal: AbortSignal) => Promise<Response>} open the request that starts or joins the answer
   */
  async run(open) {
    try {
      await this.read(await open(this.connection.signal));
      for (let attempt = 0; !this.isOver; attempt += 1) await this.rejoin(attempt);
    } catch (error) {
      if (!this.connection.signal.aborted) this.take("error", error instanceof ApiError ? error : lost(error));
    }
  }

  async rejoin(attempt) {
    if (!this.id || attempt >= rejoinsMax) throw new ApiError(0, null, "The connection ended.");
    await new Promise((resolve) => { setTimeout(resolve, rejoinDelay * 2 ** attempt); });
    try {
      await this.read(await api.join(this.id, this.connection.signal));
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 0) throw error;
    }
  }

  async read(response) {
    try {
      for await (const { event, data } of readEvents(response)) this.take(event, data);
    } catch (error) {
      // The connection broke in the middle: the answer goes on, and is joined again.
      if (this.connection.signal.aborted || error instanceof ApiError) throw error;
      if (error.name !== "TypeError" && error.name !== "NetworkError") throw error;
    }
  }

  take(event, data) {
    if (this.connection.signal.aborted || this.isOver) return;
    switch (event) {
      case "start": case "snapshot":
        this.id = data.id;
        this.handlers.start(data);
        if (this.isStopping) this.stop();
        break;
      case "delta": case "reasoning": this.handlers[event](data.text); break;
      case "user": case "title": this.handlers[event]?.(data); break;
      case "end":
        this.isOver = true;
        this.handlers.end(data);
        break;
      case "error":
        this.isOver = true;
        this.handlers.error(data instanceof ApiError ? data : new ApiError(0, data.code ?? "failed", data.message));
        break;
      default:
        // An unnamed event carries an error in the shape of the other APIs.
        if (data?.error) this.take("error", data.error);
    }
  }

  /** Asks the server to stop; the answer's end comes as an event. */
  async stop() {
    this.isStopping = true;
    if (!this.id) return;
    try {
      await api.stop(this.id);
    } catch (error) {
      this.take("error", error);
    }
  }

  /** Stops listening; the server goes on writing. */
  detach() { this.connection.abort(); }
}

function lost(error) { return new ApiError(0, null, String(error?.message ?? error)); }
