// The page of training runs: chooses runs, follows their logs, draws them side by side.

import { api, whenKeyIsNeeded } from "./api.js";
import { ask } from "./dialogs.js";
import { h } from "./dom.js";
import { applyTheme, preferences, remember } from "./preferences.js";
import { RunChart } from "./run-chart.js";
import { RunHistory } from "./run-history.js";
import { runStrings } from "./run-strings.js";
import { addStrings, language, t, translate } from "./strings.js";

const pollMilliseconds = 2000;
const listEvery = 5;
const samplesShown = 40;

const $ = (id) => document.getElementById(id);
/** @type {Map<string, RunHistory>} those that are shown, in the order of the list */
const shown = new Map();
let runs = [];
let beats = 0;

addStrings(runStrings);

const number = (value, digits = 4) => Number(value.toPrecision(digits)).toLocaleString("en-US", { maximumFractionDigits: 20 });
const short = (value) => Math.abs(value) >= 1e9 ? `${number(value / 1e9, 3)}B` : Math.abs(value) >= 1e6 ? `${number(value / 1e6, 3)}M`
  : Math.abs(value) >= 1e4 ? `${number(value / 1e3, 3)}k` : number(value, 4);
const tiny = (value) => (value !== 0 && Math.abs(value) < 1e-2 ? value.toExponential(1) : number(value, 3));

const charts = {
  loss: new RunChart({ title: () => t("runsLoss"), format: (value) => number(value, 4) }),
  bits: new RunChart({ title: () => t("runsBits"), format: (value) => number(value, 4) }),
  rate: new RunChart({ title: () => t("runsRate"), format: tiny }),
  norm: new RunChart({ title: () => t("runsNorm"), format: tiny, isLogarithmic: true }),
  speed: new RunChart({ title: () => t("runsSpeed"), format: short }),
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
  showChoices();
  show();
}

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
    return h("label", {}, box, h("b", { text: run.name }), h("small", { text: describe(run.configuration) }));
  }));
  if (focused) $("choices").querySelector(`input[value="${CSS.escape(focused)}"]`)?.focus();
}

function describe({ model, steps, precision } = {}) {
  if (!model) return "";
  return `${model.layers} × ${model.dim} · ${short(steps ?? 0)} ${t("runsStep")} · ${precision ?? ""}`;
}

// Following

async function refreshList() {
  const found = (await api.runs()).runs;
  const isNew = found.map((run) => run.name).join("/") !== runs.map((run) => run.name).join("/");
  runs = found;
  if (!isNew && beats > 0) return;
  const wanted = shown.size ? new Set(shown.keys()) : chosenInAddress();
  if (!wanted.size && runs.length) wanted.add(runs.toSorted((a, b) => b.modified - a.modified)[0].name);
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
  $("title").textContent = names.join(" · ") || t("runs");
  document.title = `${names.join(" · ") || t("runs")} · ${t("brand")}`;
  $("tiles").replaceChildren(...[...shown.values()].map(tiles));
  showCharts();
  showEvents();
  showSamples();
  const last = [...shown.values()].at(-1)?.last;
  if (last) $("status").textContent = t("runsUpdated", { step: last.step });
}

function tiles(run) {
  const { last } = run;
  const bits = run.validations.at(-1)?.bits_per_byte ?? {};
  const count = (event) => run.events.filter((line) => line.event === event).length;
  const values = [
    ["runsState", t(run.state())],
    ["runsProgress", last ? `${short(last.step)} / ${short(run.stepsWanted)}` : "–"],
    ["runsLeft", time(run.secondsLeft)],
    ["runsLoss", last ? number(last.smooth) : "–"],
    ...["zh", "en"].filter((name) => name in bits).map((name) => [null, number(bits[name]), `${t("runsBits")}, ${t(name)}`]),
    ["runsSpeed", last ? short(last.tokens_per_second) : "–"],
    ["runsTokens", last ? short(last.tokens) : "–"],
    ["runsSize", run.begun ? short(run.begun.parameters) : "–"],
    ["runsSkips", `${count("skip")} / ${count("rollback")}`],
  ];
  return h("div", { class: "tile-row" }, h("h2", { text: run.name }),
    ...values.map(([name, value, label]) => h("div", { class: "tile" }, h("span", { text: label ?? t(name) }),
      h("b", { text: value }))));
}

function time(seconds) {
  if (seconds === null) return "–";
  const minutes = Math.round(seconds / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

function showCharts() {
  const axis = $("axis").value;
  const x = (line) => axis === "hours" ? line.seconds / 3600 : line[axis];
  const formatX = (value) => t({ step: "runsAtStep", tokens: "runsAtTokens", hours: "runsAtHours" }[axis],
    { value: axis === "hours" ? number(value, 3) : short(Math.round(value)) });
  const several = shown.size > 1;
  const curves = { loss: [], bits: [], rate: [], norm: [], speed: [] };
  const marks = [];
  [...shown.values()].forEach((run, colour) => {
    const points = (value) => run.steps.map((line) => [x(line), line[value]]);
    curves.loss.push({ name: run.name, colour, points: points("loss"), isFaint: true });
    curves.loss.push({ name: run.name, colour, points: points("smooth") });
    curves.rate.push({ name: run.name, colour, points: points("learning_rate") });
    curves.norm.push({ name: run.name, colour, points: points("gradient_norm") });
    curves.speed.push({ name: run.name, colour, points: points("tokens_per_second") });
    const names = ["zh", "en", "all"].filter((name) => run.validations.some((line) => name in line.bits_per_byte));
    names.forEach((name, place) => {
      curves.bits.push({
        name: several ? `${run.name} ${t(name)}` : t(name), colour: several ? colour : place, isDashed: name !== "zh" && several,
        points: run.validations.filter((line) => name in line.bits_per_byte)
          .map((line) => [run.place(line.step)[axis], line.bits_per_byte[name]]),
      });
    });
    for (const line of run.events) {
      if (line.event === "skip" || line.event === "rollback") marks.push(run.place(line.step)[axis]);
    }
  });
  for (const [name, chart] of Object.entries(charts)) chart.show(curves[name], marks, formatX);
}

function showEvents() {
  const lines = [...shown.values()].flatMap((run) => run.events.map((line) => [run, line]));
  lines.sort((a, b) => b[1].time - a[1].time);
  $("events").hidden = lines.length === 0;
  $("events").querySelector("ul").replaceChildren(...lines.slice(0, 200).map(([run, line]) => h("li", {},
    h("small", { text: `${new Date(line.time * 1000).toLocaleString()} · ${run.name} ` }), t(`event_${line.event}`, line))));
}

function showSamples() {
  const lines = [...shown.values()].flatMap((run) => run.samples.map((line) => [run, line]));
  $("samples").hidden = lines.length === 0;
  const prompts = [...new Set(lines.map(([, line]) => line.prompt))];
  const chosen = prompts.includes($("prompt").value) ? $("prompt").value : prompts[0];
  $("prompt").replaceChildren(...prompts.map((prompt) => h("option", { value: prompt, text: prompt || "∅" })));
  $("prompt").value = chosen ?? "";
  const wanted = lines.filter(([, line]) => line.prompt === chosen).sort((a, b) => b[1].step - a[1].step);
  $("samples").querySelector("ol").replaceChildren(...wanted.slice(0, samplesShown).map(([run, line]) => h("li", {},
    h("small", { text: `${run.name} · ${t("runsAtStep", { value: line.step })}` }),
    h("p", {}, h("mark", { text: line.prompt }), line.text))));
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
$("axis").addEventListener("change", showCharts);
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
