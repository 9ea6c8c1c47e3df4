
"use strict";
(() => {
const read = id => JSON.parse(document.getElementById(id).textContent);
const get = id => document.getElementById(id);
const rows = read("row-data").slice(1);
const {tasks, texts, stats, cut, version} = read("data");
const [NAME, POINTS, MAX, SECONDS, TIER, REASONS, CELLS] = [0, 1, 2, 3, 4, 5, 6];
const STATUS = ["passed", "failed", "in error", "not handed in"];
const HEIGHT = 24;
const collator = new Intl.Collator(undefined, {numeric: true});
const state = {sort: "name", down: false, current: 0, view: rows};

// Every text goes in as text: nothing of a submission is ever markup.
function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}
const text = number => number < 0 ? "(see results.jsonl)" : texts[number];
const status = cell => cell === null ? null : cell === 0 ? 0 : cell[0];
const points = (cell, task) => cell === null ? null : cell === 0 ? tasks[task][3] : cell[1];
const number = value => String(Math.round(value * 100) / 100);
const folder = task => tasks[task][0].split("/")[0];
const begins = task => task > 0 && folder(task) !== folder(task - 1) ? " begins" : "";

// Sorting and filtering
function compare(a, b) {
  const by = state.sort;
  let order = 0;
  if (by === "points") order = a[POINTS] - b[POINTS];
  else if (by !== "name") order = (points(a[CELLS][by], by) ?? -1) - (points(b[CELLS][by], by) ?? -1);
  if (state.down) order = -order;
  return order || (by === "name" && state.down ? -1 : 1) * collator.compare(a[NAME], b[NAME]);
}
const SHOWS = {
  all: () => true,
  look: row => row[REASONS].length > 0,
  error: row => row[CELLS].some(cell => status(cell) === 2),
  full: row => row[POINTS] === row[MAX],
  zero: row => row[POINTS] === 0,
};
function refresh() {
  const wanted = get("find").value.trim().toLowerCase();
  const show = SHOWS[get("show").value];
  const task = get("task").value;
  const wantedStatus = Number(get("status").value);
  state.view = rows.filter(row => show(row)
    && (!wanted || row[NAME].toLowerCase().includes(wanted))
    && (task === "" || status(row[CELLS][task]) === wantedStatus)).sort(compare);
  state.current = 0;
  get("body").scrollTop = 0;
  get("shown").textContent = `${state.view.length} of ${rows.length}`;
  get("grid").setAttribute("aria-rowcount", state.view.length + 1);
  head();
  draw();
}
function sortBy(key) {
  state.down = state.sort === key ? !state.down : key === "points";
  state.sort = key;
  refresh();
}

// The grid: only the rows in sight are in the document
function head() {
  const heading = (key, label, attributes) => {
    const sorted = state.sort === key;
    const cell = make("button", {type: "button", role: "columnheader",
      "aria-sort": sorted ? (state.down ? "descending" : "ascending") : "none",
      "data-key": key, onclick: () => sortBy(key), ...attributes}, label);
    if (sorted) cell.classList.add("sorted");
    return cell;
  };
  const focused = document.activeElement?.dataset?.key;
  get("head").replaceChildren(
    heading("name", "Learner", {class: "name"}),
    heading("points", "Points", {class: "points"}),
    ...tasks.map(([id, file, title], task) => heading(task, id.split("/")[1], {
      class: "column" + begins(task), "aria-label": id, title: `${id} ${file}: ${title}`})));
  if (focused !== undefined) get("head").querySelector(`[data-key="${focused}"]`)?.focus();
}
function groups() {
  const names = [...new Set(tasks.map((_, task) => folder(task)))];
  get("groups").replaceChildren(...names.map(name => {
    const element = make("span", {title: name}, name.replace(/^python-/, ""));
    element.style.width = `${20 * tasks.filter((_, task) => folder(task) === name).length}px`;
    return element;
  }));
}
function draw() {
  const body = get("body");
  const first = Math.max(0, Math.floor(body.scrollTop / HEIGHT) - 5);
  const last = Math.min(state.view.length, first + Math.ceil(body.clientHeight / HEIGHT) + 10);
  get("rows").style.height = `${state.view.length * HEIGHT}px`;
  const drawn = [];
  for (let index = first; index < last; index++) drawn.push(rowElement(index));
  get("rows").replaceChildren(...drawn);
  get("grid").setAttribute("aria-activedescendant", `row-${state.current}`);
}
function rowElement(index) {
  const row = state.view[index];
  const element = make("div", {role: "row", class: "row", id: `row-${index}`,
      "aria-rowindex": index + 2, "aria-selected": index === state.current,
      onclick: () => { state.current = index; draw(); open(row); }},
    make("span", {role: "gridcell", class: "name", title: row[NAME]}, make("bdi", {}, row[NAME])),
    make("span", {role: "gridcell", class: "points"}, `${number(row[POINTS])}/${number(row[MAX])}`),
    ...row[CELLS].map((cell, task) => cellElement(cell, task)));
  if (index === state.current) element.classList.add("current");
  element.style.top = `${index * HEIGHT}px`;
  return element;
}
function cellElement(cell, task) {
  const said = cell === null ? "not graded" : `${STATUS[status(cell)]}, ${number(points(cell, task))} of ${number(tasks[task][3])}`;
  const label = `${tasks[task][0]} ${said}`;
  const part = cell && cell[1] > 0 ? " part" : "";
  return make("span", {role: "gridcell", "aria-label": label, title: label,
    class: `cell s${status(cell)}${part}${begins(task)}`});
}
function move(to) {
  const body = get("body");
  state.current = Math.max(0, Math.min(state.view.length - 1, to));
  const top = state.current * HEIGHT;
  if (top < body.scrollTop) body.scrollTop = top;
  if (top + HEIGHT > body.scrollTop + body.clientHeight) body.scrollTop = top + HEIGHT - body.clientHeight;
  draw();
}
get("grid").addEventListener("keydown", event => {
  if (event.target.closest("#head")) return;
  const page = Math.max(1, Math.floor(get("body").clientHeight / HEIGHT) - 1);
  const steps = {ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -Infinity, End: Infinity};
  if (event.key in steps) move(state.current + steps[event.key]);
  else if (event.key === "Enter" && state.view.length) open(state.view[state.current]);
  else return;
  event.preventDefault();
});
get("body").addEventListener("scroll", () => requestAnimationFrame(draw));
addEventListener("resize", draw);

// One learner
function open(row) {
  get("learner-name").replaceChildren(make("bdi", {}, row[NAME]));
  const facts = `${number(row[POINTS])} of ${number(row[MAX])} points; isolation ${text(row[TIER])}; ${row[SECONDS].toFixed(1)} s`;
  const list = make("table", {}, make("tbody", {}, ...row[CELLS].flatMap((cell, task) => cell === null ? [] : [taskRow(cell, task)])));
  const reasons = row[REASONS].map(each => make("p", {}, `To look at: ${text(each)}.`));
  get("learner-body").replaceChildren(make("p", {}, facts), ...reasons, list);
  get("learner").showModal();
}
function taskRow(cell, task) {
  const [id, file, title] = tasks[task];
  const said = cell === 0 ? [] : cell.slice(2).map(each => make("pre", {}, text(each)));
  return make("tr", {},
    make("td", {}, cellElement(cell, task), ` ${id}`),
    make("td", {}, `${file}: ${title}`, ...said),
    make("td", {}, `${number(points(cell, task))}/${number(tasks[task][3])}`));
}
function openNamed(name) {
  const row = rows.find(each => each[NAME] === name);
  if (row) open(row);
}

// What the cohort has in common
function bar(label, count, of, onclick, title) {
  const fill = make("div", {class: "bar"});
  fill.style.width = `${100 * count / (of || 1)}%`;
  return make("li", {}, make("button", {type: "button", onclick, title}, label), make("div", {}, fill),
    make("span", {class: "count"}, `${count} of ${of} (${Math.round(100 * count / (of || 1))} %)`));
}
function filterTask(task) {
  get("filters").reset();
  get("task").value = task;
  refresh();
  get("learners-title").scrollIntoView();
  get("grid").focus({preventScroll: true});
}
function overview() {
  const failing = tasks.map(([id, file, title], task) => {
    const counts = stats.tasks[id] || {};
    const count = (counts.fail || 0) + (counts.error || 0);
    return {task, id, file, title, count, of: count + (counts.pass || 0)};
  }).sort((a, b) => b.count / (b.of || 1) - a.count / (a.of || 1)).slice(0, 15).filter(each => each.count);
  get("hard").replaceChildren(...failing.map(each => bar(`${each.id} ${each.file}`, each.count, each.of,
    () => filterTask(each.task), `${each.file}: ${each.title}`)));
  const most = Math.max(1, ...stats.points);
  get("points").setAttribute("aria-label", `Learners by points, from none to the most: ${stats.points.join(", ")}`);
  get("points").replaceChildren(...stats.points.map(count => {
    const column = make("div", {title: `${count} learners`});
    column.style.height = `${100 * count / most}%`;
    return column;
  }));
  const failures = stats.causes.reduce((sum, [, count]) => sum + count, 0);
  get("causes").replaceChildren(...stats.causes.map(([cause, count]) => bar(cause, count, failures)));
  const table = (id, lines) => get(id).querySelector("tbody").replaceChildren(...lines);
  table("wrong", stats.wrong.map(([id, message, count]) => make("tr", {}, make("td", {}, String(count)),
    make("td", {}, make("button", {type: "button", onclick: () => filterTask(tasks.findIndex(each => each[0] === id))}, id)),
    make("td", {}, make("pre", {}, message)))));
  const named = (name, ...rest) => make("tr", {},
    make("td", {}, make("button", {type: "button", onclick: () => openNamed(name)}, make("bdi", {}, name))), make("td", {}, ...rest));
  const look = rows.filter(SHOWS.look);
  table("look", look.length ? look.slice(0, 40).map(row => named(row[NAME], row[REASONS].map(text).join("; "))) : [make("tr", {}, make("td", {}, "Nobody."))]);
  if (look.length > 40) get("look").append(make("caption", {}, `the first 40 of ${look.length}`));
  table("slow", stats.slow.slice(0, 15).map(([name, seconds]) => named(name, `${seconds.toFixed(1)} s`)));
}

const mean = rows.reduce((sum, row) => sum + row[POINTS] / (row[MAX] || 1), 0) / (rows.length || 1);
get("summary").textContent = `${rows.length} submissions, ${tasks.length} tasks, ${Math.round(100 * mean)} % of the points on average; graded by version ${version}.`
  + (cut ? " Some messages are only in results.jsonl." : "");
get("task").append(...tasks.map(([id, file], task) => make("option", {value: task}, `${id} ${file}`)));
get("filters").addEventListener("input", refresh);
get("filters").addEventListener("reset", () => setTimeout(refresh));
get("filters").addEventListener("submit", event => event.preventDefault());
groups();
overview();
refresh();
document.body.dataset.ready = "yes";
})();
