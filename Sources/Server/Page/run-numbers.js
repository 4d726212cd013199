// Numbers as the pages of training runs write them.

/** Four digits, or so many. */
export function number(value, digits = 4) {
  if (value !== 0 && Math.abs(value) < 1e-4) return String(Number(value.toPrecision(digits)));
  return Number(value.toPrecision(digits)).toLocaleString("en-US", { maximumFractionDigits: 20 });
}

/** 12.3k, 4.56M. */
export function short(value) {
  for (const [unit, size] of [["B", 1e9], ["M", 1e6], ["k", 1e4]]) {
    if (Math.abs(value) >= size) return number(value / Math.min(size, unit === "k" ? 1e3 : size), 3) + unit;
  }
  return number(value, 4);
}

/** Three digits, however small. */
export const tiny = (value) => number(value, 3);

const units = [["d", 86_400, 3], ["h", 3600, 3], ["min", 60, 3], ["s", 1, 0]];

/**
 * The unit in which a time is readable: its name and its seconds.
 *
 * @returns {[name: string, seconds: number]}
 */
export function unitOf(seconds) {
  const [name, size] = units.find(([, unit, least]) => seconds >= unit * least) ?? units.at(-1);
  return [name, size];
}

/** 5 s, 12 min, 3 h 20 min, 2 d 4 h; a dash for what is not known. */
export function duration(seconds) {
  if (seconds === null || !Number.isFinite(seconds)) return "–";
  if (seconds < 90) return `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ${minutes % 60} min` : `${Math.floor(hours / 24)} d ${hours % 24} h`;
}
