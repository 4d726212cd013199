// What a run's log says, as curves. Lines come as docs/DATA.md describes them; what is not JSON is passed over.

/** Steps that curves are drawn of; a longer log is asked for with every so manieth step only. */
const pointsMax = 4000;
const lineBytes = 200;

export class RunHistory {
  /** @param {{name: string, bytes: number, configuration: object}} run as the list has it */
  constructor(run) {
    this.name = run.name;
    this.configuration = run.configuration ?? {};
    this.stride = Math.max(1, Math.floor(run.bytes / lineBytes / pointsMax));
    this.clear();
  }

  clear() {
    /** where the next part of the log begins */
    this.next = 0;
    this.steps = [];
    this.validations = [];
    this.samples = [];
    this.events = [];
    this.begun = null;
    this.ended = null;
    this.time = null;
  }

  /** @param {string} text whole lines of the log */
  add(text) {
    for (const line of text.split("\n")) {
      if (!line) continue;
      let value;
      try {
        value = JSON.parse(line);
      } catch {
        continue;
      }
      if (value && typeof value === "object") this.#take(value);
    }
  }

  #take(line) {
    this.time = line.time ?? this.time;
    switch (line.event) {
      case "step": this.#replace(this.steps, line); break;
      case "validation": this.#replace(this.validations, line); break;
      case "sample": this.samples.push(line); break;
      case "begin": this.begun = line; this.ended = null; break;
      case "end": this.ended = line; break;
      case "skip": case "rollback": case "save_failed": case "rejected": case "extend": case "notice":
        this.events.push(line); break;
    }
  }

  /** Steps that are trained again, after a crash or going back, take the place of what was there. */
  #replace(list, line) {
    while (list.length && list.at(-1).step >= line.step) list.pop();
    list.push(line);
  }

  get last() { return this.steps.at(-1) ?? null; }
  get bits() { return this.validations.at(-1)?.bits_per_byte ?? {}; }
  get stepsWanted() { return this.begun?.steps ?? this.configuration.steps ?? 0; }

  /** Tokens and seconds at a step: curves of validations have neither of their own. */
  place(step) {
    let low = 0;
    let high = this.steps.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.steps[middle].step < step) low = middle + 1; else high = middle;
    }
    const found = this.steps[low];
    return { step, tokens: found?.tokens ?? 0, seconds: found?.seconds ?? 0 };
  }

  /** How many lines tell of an event. */
  count(event) { return this.events.filter((line) => line.event === event).length; }

  /** Seconds of training that are left. */
  get secondsLeft() {
    const last = this.last;
    if (!last || this.ended || !last.step) return null;
    return Math.max(0, this.stepsWanted - last.step) * (last.seconds / last.step);
  }

  /** @returns {"finished"|"stopped"|"running"|"silent"} silent: no line for longer than a step should take */
  state(now = Date.now() / 1000) {
    if (this.ended) return this.ended.finished ? "finished" : "stopped";
    const usual = this.last?.step ? this.last.seconds / this.last.step : 0;
    return this.time !== null && now - this.time < Math.max(120, 20 * usual) ? "running" : "silent";
  }
}

/**
 * The last value at or before a place of a curve of rising x.
 *
 * @param {[number, number][]} points
 */
export function valueAt(points, x) {
  let low = 0;
  let high = points.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (points[middle][0] <= x) low = middle + 1; else high = middle;
  }
  return low > 0 ? points[low - 1][1] : null;
}

/**
 * Means of a curve that forget: each value keeps `share` of what came before it. The first values are not taken for
 * more than they are: the weights of those that are there add up to 1.
 *
 * @param {[number, number][]} points
 * @param {number} share from 0, the curve itself, to below 1
 * @returns {[number, number][]}
 */
export function smoothed(points, share) {
  if (share === 0) return points;
  let [sum, weight] = [0, 0];
  return points.map(([x, y]) => {
    if (Number.isFinite(y)) [sum, weight] = [sum * share + y * (1 - share), weight * share + 1 - share];
    return [x, weight > 0 ? sum / weight : y];
  });
}
