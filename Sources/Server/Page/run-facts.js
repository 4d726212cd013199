// What a run has come to: a row of tiles for one, a table with a column each for several, and their settings.

import { h } from "./dom.js";
import { smoothed } from "./run-history.js";
import { duration, number, short } from "./run-numbers.js";
import { t } from "./strings.js";

/** Of a curve that is told as one number. */
const smoothing = 0.9;
const languages = ["zh", "en"];

/** @returns {[label: string, value: string][]} */
function facts(run) {
  const { last, bits } = run;
  const mean = (name, format) => {
    const value = smoothed(run.steps.map((line) => [line.step, line[name]]), smoothing).at(-1)?.[1];
    return Number.isFinite(value) ? format(value) : "–";
  };
  return [
    [t("runsState"), t(run.state())],
    [t("runsProgress"), last ? `${short(last.step)} / ${short(run.stepsWanted)}` : "–"],
    run.ended || !last ? [t("runsTook"), duration(last?.seconds ?? null)] : [t("runsLeft"), duration(run.secondsLeft)],
    [t("runsLoss"), mean("loss", number)],
    ...languages.map((name) => [`${t("runsBitsShort")} · ${t(name)}`, name in bits ? number(bits[name]) : "–"]),
    [t("runsSpeed"), mean("tokens_per_second", short)],
    [t("runsTokensSeen"), last ? short(last.tokens) : "–"],
    [t("runsSize"), run.begun ? short(run.begun.parameters) : "–"],
    [t("runsSkips"), `${run.count("skip")} / ${run.count("rollback")}`],
  ];
}

/** A tile a number. */
export function tiles(run) {
  const share = run.last ? Math.min(1, run.last.step / Math.max(1, run.stepsWanted)) : 0;
  return h("div", { class: "tile-row" }, ...facts(run).map(([label, value], place) => h("div", { class: "tile" },
    h("span", { text: label }), h("b", { text: value }),
    place === 1 ? h("progress", { value: share, max: 1, "aria-label": label }) : null)));
}

/** A column a run: numbers, then the settings in which they differ. */
export function comparison(runs, swatch) {
  const columns = runs.map(facts);
  const settings = runs.map((run) => flat(run.configuration));
  const names = [...new Set(settings.flatMap((map) => [...map.keys()]))].sort();
  const different = names.filter((name) => new Set(settings.map((map) => map.get(name))).size > 1);
  // Each run has its own words for time: left, or taken.
  const labels = columns[0].map((_, place) => [...new Set(columns.map((column) => column[place][0]))].join(" / "));
  return h("div", { class: "table-box" }, h("table", {},
    h("thead", {}, h("tr", {}, h("td"), ...runs.map((run) => h("th", { scope: "col" }, swatch(run), run.name)))),
    h("tbody", {}, ...labels.map((label, place) => row(label, columns.map((column) => column[place][1])))),
    h("tbody", {}, ...different.map((name) => row(name, settings.map((map) => map.get(name) ?? "–"))))));
}

/** All settings of one run, folded away. */
export function settings(run) {
  return h("details", {}, h("summary", { text: t("runsSettings") }), h("div", { class: "table-box" }, h("table", {},
    h("tbody", {}, ...[...flat(run.configuration)].map(([name, value]) => row(name, [value]))))));
}

function row(label, values) {
  return h("tr", {}, h("th", { scope: "row", text: label }), ...values.map((text) => h("td", { text })));
}

/** Members of members as `schedule.peak`. */
function flat(value, path = "", found = new Map()) {
  for (const [name, member] of Object.entries(value ?? {})) {
    const place = path ? `${path}.${name}` : name;
    if (member && typeof member === "object" && !Array.isArray(member)) flat(member, place, found);
    else found.set(place, typeof member === "string" ? member : JSON.stringify(member));
  }
  return found;
}
