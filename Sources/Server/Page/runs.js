// The page of training runs: chooses runs, follows their logs, draws them side by side.

import { api, whenKeyIsNeeded } from "./api.js";
import { ask } from "./dialogs.js";
import { h } from "./dom.js";
import { applyTheme, preferences, remember } from "./preferences.js";
import { colours, RunChart } from "./run-chart.js";
import { comparison, settings, tiles } from "./run-facts.js";
import { RunHistory, smoothed } from "./run-history.js";
import { number, short, tiny, unitOf } from "./run-numbers.js";
import { runStrings } from "./run-strings.js";
import { addStrings, language, t, translate } from "./strings.js";

const pollMilliseconds = 2000;
const listEvery = 5;
const samplesShown = 40;
const eventsShown = 200;
/** A log to which something was added so lately belongs to a run that goes on. */
const liveSeconds = 60;
/** Values of step lines that jump about: their curves are smoothed, the values themselves faint behind. */
const restless = {
  loss: "loss", norm: "gradient_norm", speed: "tokens_per_second", accuracy: "accuracy", margin: "margin",
  reward: "reward", variance: "reward_variance", distance: "kl", length: "length", degenerate: "degenerate_groups",
};

const $ = (id) => document.getElementById(id);
/** @type {Map<string, RunHistory>} those that are shown, in the order of the list */
const shown = new Map();
let runs = [];
let beats = 0;

addStrings(runStrings);

/** The part of the axis that is shown; null for all of it. */
let part = null;

const onCursor = (x) => { for (const chart of Object.values(charts)) chart.point(x); };
const onPart = (chosen) => { part = chosen; showCharts(); };
const chart = (title, format, more = {}) => new RunChart({ title, format, onCursor, onPart, ...more });
const bits = (name) => () => t("runsBits", { language: t(name) });
const charts = {
  loss: chart(() => t("runsLoss"), number),
  zh: chart(bits("zh"), number),
  en: chart(bits("en"), number),
  all: chart(bits("all"), number),
  rate: chart(() => t("runsRate"), tiny, { isFromZero: true }),
  norm: chart(() => t("runsNorm"), tiny, { isLogarithmic: true }),
  speed: chart(() => t("runsSpeed"), short, { isFromZero: true }),
  // Of stages that learn from preferences or rewards.
  accuracy: chart(() => t("runsAccuracy"), number),
  margin: chart(() => t("runsMargin"), number),
  reward: chart(() => t("runsReward"), number),
  variance: chart(() => t("runsVariance"), number),
  distance: chart(() => t("runsDistance"), number),
  length: chart(() => t("runsLength"), short),
  degenerate: chart(() => t("runsDegenerate"), number),
};

// Choosing

function chosenInAddress() {
  return new Set(decodeURIComponent(location.hash.slice(1)).split("/").filter(Boolean));
}

function choose(names) {
  const list = runs.map((run) => run.name).filter((name) => names.has(name));
  history.replaceState(null, "", `#${list.map(encodeURIComponent).join("/")}`);
  for (const name of [...shown.keys()]) if (!names.has(name)) shown.delete(name);
  const kept = new Map(shown);
  shown.clear();
  for (const run of runs) if (names.has(run.name)) shown.set(run.name, kept.get(run.name) ?? new RunHistory(run));
  for (const run of shown.values()) run.colour ??= freeColour();
  showChoices();
  show();
}

/** The first that no other run has, as long as there are any. */
function freeColour() {
  const taken = [...shown.values()].map((run) => run.colour);
  const all = [...Array(colours).keys()];
  return all.find((colour) => !taken.includes(colour)) ?? shown.size % colours;
}

const swatch = (run) => h("i", { class: run ? `swatch swatch-${run.colour}` : "swatch" });

function showChoices() {
  const legend = $("choices").querySelector("legend");
  const focused = document.activeElement?.closest?.("#choices") ? document.activeElement.value : null;
  $("choices").replaceChildren(legend, ...runs.map((run) => {
    const box = h("input", { type: "checkbox", value: run.name, on: { change: () => {
      const names = new Set(shown.keys());
      if (box.checked) names.add(run.name); else names.delete(run.name);
      choose(names);
      poll();
    } } });
    box.checked = shown.has(run.name);
    const isLive = Date.now() / 1000 - run.modified < liveSeconds;
    return h("label", { class: isLive ? "live" : "" }, box,
      h("b", {}, swatch(shown.get(run.name)), run.name), h("small", { text: describe(run) }));
  }));
  if (focused) $("choices").querySelector(`input[value="${CSS.escape(focused)}"]`)?.focus();
}

function describe({ configuration: { model, steps, precision } = {}, modified }) {
  const shape = model ? [`${model.layers} × ${model.dim}`, `${short(steps ?? 0)} ${t("runsStep")}`, precision] : [];
  const day = modified
    ? [new Date(modified * 1000).toLocaleDateString(language(), { month: "numeric", day: "numeric" })]
    : [];
  return [...shape, ...day].filter(Boolean).join(" · ");
}

// Following

async function refreshList() {
  const found = (await api.runs()).runs;
  found.sort((a, b) => b.modified - a.modified || (a.name < b.name ? -1 : 1));
  const names = (list) => list.map((run) => run.name).toSorted().join("/");
  const isNew = names(found) !== names(runs);
  // In their places while they are the same: a list that moves under the pointer is none to choose from.
  runs = isNew ? found : runs.map((run) => found.find(({ name }) => name === run.name));
  if (!isNew && beats > 0) return showChoices();
  const wanted = shown.size ? new Set(shown.keys()) : chosenInAddress();
  if (!wanted.size && runs.length) wanted.add(runs[0].name);
  choose(wanted);
}

/** Reads what has been added to a log; true when there was something. */
async function follow(run) {
  let isChanged = false;
  for (;;) {
    const { text, next, isRestarted } = await api.runLog(run.name, run.next, run.stride);
    if (isRestarted) run.clear();
    if (next === run.next) return isChanged;
    run.add(text);
    run.next = next;
    isChanged = true;
  }
}

let polling = null;

function poll() {
  polling ??= beat().finally(() => { polling = null; });
  return polling;
}

async function beat() {
  try {
    if (beats % listEvery === 0) await refreshList();
    beats += 1;
    const changes = await Promise.all([...shown.values()].map(follow));
    if (changes.some(Boolean)) show();
    $("empty").hidden = shown.size > 0;
    $("empty").textContent = t(runs.length ? "runsNoneChosen" : "runsNone");
  } catch (error) {
    $("empty").hidden = false;
    $("empty").textContent = error.advice ?? String(error);
  }
}

// Showing

function show() {
  const names = [...shown.keys()];
  const list = [...shown.values()];
  $("title").textContent = names.join(" · ") || t("runs");
  document.title = `${names.join(" · ") || t("runs")} · ${t("brand")}`;
  $("facts").replaceChildren(...(list.length > 1 ? [comparison(list, swatch)] : list.map(tiles)));
  showCharts();
  showEvents();
  showSamples();
  showSettings();
  const last = list.at(-1)?.last;
  if (last) $("status").textContent = t("runsUpdated", { step: last.step });
}

function showCharts() {
  const axis = $("axis").value;
  const share = Number($("smoothing").value);
  const runs = [...shown.values()];
  const [unit, size] = axis === "seconds"
    ? unitOf(Math.max(0, ...runs.map((run) => run.last?.seconds ?? 0))) : ["", 1];
  const formatX = (value) => axis === "seconds" ? `${number(value, 3)} ${unit}`
    : t(axis === "step" ? "runsAtStep" : "runsAtTokens", { value: short(Math.round(value)) });
  const curves = Object.fromEntries(Object.keys(charts).map((name) => [name, []]));
  const marks = [];
  for (const run of runs) {
    const { name, colour } = run;
    const points = (value) => run.steps.filter((line) => Number.isFinite(line[value]))
      .map((line) => [line[axis] / size, line[value]]);
    for (const [place, value] of Object.entries(restless)) {
      if (share > 0) curves[place].push({ name, colour, points: points(value), isFaint: true });
      curves[place].push({ name, colour, points: smoothed(points(value), share) });
    }
    curves.rate.push({ name, colour, points: points("learning_rate") });
    const place = (step) => run.place(step)[axis] / size;
    for (const language of ["zh", "en", "all"]) {
      const lines = run.validations.filter((line) => language in line.bits_per_byte);
      curves[language].push({
        name, colour, points: lines.map((line) => [place(line.step), line.bits_per_byte[language]]),
      });
    }
    for (const line of run.events) {
      if (line.event === "skip" || line.event === "rollback") marks.push(place(line.step));
    }
  }
  // Where languages are told apart, their mean says nothing more.
  if ([...curves.zh, ...curves.en].some(({ points }) => points.length > 0)) curves.all = [];
  const places = curves.loss.flatMap(({ points }) => [points[0]?.[0], points.at(-1)?.[0]]).filter(Number.isFinite);
  const whole = places.length ? [Math.min(...places), Math.max(...places)] : [0, 1];
  for (const [name, chart] of Object.entries(charts)) chart.show(curves[name], marks, formatX, part ?? whole);
  $("show-all").hidden = part === null;
  $("hint").hidden = places.length === 0;
}

function showEvents() {
  const lines = [...shown.values()].flatMap((run) => run.events.map((line) => [run, line]));
  lines.sort((a, b) => b[1].time - a[1].time);
  $("events").hidden = lines.length === 0;
  $("events").querySelector("ul").replaceChildren(...lines.slice(0, eventsShown).map(([run, line]) => h("li", {},
    h("small", { text: `${new Date(line.time * 1000).toLocaleString(language())} · ${run.name} ` }),
    t(`event_${line.event}`, line))));
}

/** What the samples were shown of, so that nothing is made anew while somebody reads or chooses. */
let samplesOf = "";

function showSamples() {
  const lines = [...shown.values()].flatMap((run) => run.samples.map((line) => ({ run, ...line })));
  const state = JSON.stringify([language(), lines.length, [...shown.keys()], $("prompt").value]);
  if (state === samplesOf) return;
  $("samples").hidden = lines.length === 0;
  const prompts = [...new Set(lines.map((line) => line.prompt))];
  const chosen = prompts.includes($("prompt").value) ? $("prompt").value : prompts[0] ?? "";
  $("prompt").replaceChildren(...prompts.map((prompt) => h("option", { value: prompt, text: prompt || "∅" })));
  $("prompt").value = chosen;
  samplesOf = JSON.stringify([language(), lines.length, [...shown.keys()], chosen]);
  const wanted = lines.filter((line) => line.prompt === chosen);
  const steps = [...new Set(wanted.map((line) => line.step))].sort((a, b) => b - a).slice(0, samplesShown);
  // Runs side by side, a row a step.
  $("samples").querySelector("ol").replaceChildren(...steps.map((step) => h("li", {},
    h("small", { text: t("runsAtStep", { value: step }) }),
    ...wanted.filter((line) => line.step === step).map((line) => h("div", {},
      shown.size > 1 ? h("small", {}, swatch(line.run), line.run.name) : null,
      h("p", {}, h("mark", { text: line.prompt }), line.text))))));
}

let settingsOf = null;

function showSettings() {
  const only = shown.size === 1 ? [...shown.values()][0] : null;
  const state = only && `${language()} ${only.name}`;
  if (state === settingsOf) return;
  settingsOf = state;
  $("run-settings").replaceChildren(...(only ? [settings(only)] : []));
}

// Wiring

$("switch-language").addEventListener("click", () => {
  remember({ language: language() === "zh" ? "en" : "zh" });
  translate();
  showChoices();
  show();
});
$("switch-theme").addEventListener("click", () => {
  const isDark = preferences.theme
    ? preferences.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  remember({ theme: isDark ? "light" : "dark" });
  applyTheme(preferences.theme);
});
$("axis").addEventListener("change", () => onPart(null));
$("smoothing").addEventListener("input", showCharts);
$("show-all").addEventListener("click", () => onPart(null));
$("prompt").addEventListener("change", showSamples);
addEventListener("hashchange", () => { choose(chosenInAddress()); poll(); });
whenKeyIsNeeded((wasWrong) => ask({
  title: t("keyAsk"), note: t("keyAskNote"), warning: wasWrong ? t("keyWrong") : "", action: t("save"), type: "password",
}));
translate();
$("charts").append(...Object.values(charts).map((chart) => chart.element));
poll();
setInterval(() => { if (!document.hidden) poll(); }, pollMilliseconds);
document.addEventListener("visibilitychange", () => { if (!document.hidden) poll(); });
