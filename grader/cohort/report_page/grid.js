// Learners by task: sorted, filtered, and only those in sight drawn.
const HEIGHT = 24;
const MOST_PRINTED = 1000;
const collator = new Intl.Collator(undefined, {numeric: true});
const state = {down: false, current: 0, view: rows, some: null, why: "", printing: false};

const places = new Map(rows.map((row, index) => [row, index]));
function compare(a, b) {
  const by = get("sort").value;
  let order = 0;
  if (by === "order") order = places.get(a) - places.get(b);
  else if (by === "points") order = (a[POINTS] ?? -1) - (b[POINTS] ?? -1);
  else if (by === "mark") order = (mark(a) ?? -1) - (mark(b) ?? -1);
  else if (by !== "name") order = (points(a[CELLS][by], by) ?? -1) - (points(b[CELLS][by], by) ?? -1);
  if (state.down) order = -order;
  return order || (by === "name" && state.down ? -1 : 1) * collator.compare(called(a), called(b));
}
const SHOWS = {
  all: () => true,
  look: row => row[REASONS].length > 0,
  absent: row => row[MORE]?.absent === true,
  error: row => row[CELLS].some(cell => status(cell) === 2),
  full: row => row[POINTS] === row[MAX],
  zero: row => row[POINTS] === 0 && !row[MORE]?.absent,
};
function refresh() {
  const wanted = get("find").value.trim().toLowerCase();
  const show = SHOWS[get("show").value];
  const task = get("task").value;
  const wantedStatus = Number(get("status").value);
  state.view = rows.filter(row => show(row)
    && (!state.some || state.some.has(row))
    && (!wanted || [row[NAME], called(row), row[MORE]?.facts ?? ""].some(each => each.toLowerCase().includes(wanted)))
    && (task === "" || status(row[CELLS][task]) === wantedStatus)).sort(compare);
  state.current = 0;
  get("grid").scrollTop = 0;
  get("shown").textContent = `${state.view.length} of ${rows.length}${state.some ? `: ${state.why}` : ""}`;
  get("grid").setAttribute("aria-rowcount", state.view.length + 1);
  get("direction").textContent = state.down ? "descending" : "ascending";
  head();
  draw();
}
function sortBy(key) {
  state.down = get("sort").value === String(key) ? !state.down : key === "points" || key === "mark";
  get("sort").value = key;
  refresh();
}
function clear() {
  get("filters").reset();
  state.some = null;
  state.down = false;
}
function showGrid() {
  refresh();
  get("learners-title").scrollIntoView();
  get("grid").focus({preventScroll: true});
}
function showTask(task) {
  clear();
  get("task").value = task;
  showGrid();
}
function showSome(numbers, why) {
  clear();
  state.some = new Set(numbers.map(number => rows[number]));
  state.why = why;
  showGrid();
}

function head() {
  const heading = (key, words, attributes) => {
    const sorted = get("sort").value === String(key);
    const cell = button(words, () => sortBy(key), {role: "columnheader", tabindex: -1,
      "aria-sort": sorted ? (state.down ? "descending" : "ascending") : "none", "data-key": key, ...attributes});
    if (sorted) cell.classList.add("sorted");
    return cell;
  };
  get("head").replaceChildren(
    heading("name", "Learner", {class: "name"}),
    heading("points", "Points", {class: "points"}),
    ...(marked ? [heading("mark", "Mark", {class: "mark"})] : []),
    ...tasks.map(([id], task) => heading(task, id.split("/")[1], {
      class: `column${begins(task)}`, "aria-label": id, title: about(task)})));
}
const begins = task => task > 0 && folder(task) !== folder(task - 1) ? " begins" : "";
function groups() {
  const names = [...new Set(tasks.map((_, task) => folder(task)))];
  get("groups").replaceChildren(
    make("span", {class: "name"}), make("span", {class: "points"}),
    ...(marked ? [make("span", {class: "mark"})] : []), ...names.map(name => {
    const element = make("span", {title: name}, brief(name));
    element.style.width = `${20 * tasks.filter((_, task) => folder(task) === name).length}px`;
    return element;
  }));
}
function draw() {
  const grid = get("grid");
  get("rows").style.height = `${state.view.length * HEIGHT}px`;
  const room = state.printing ? MOST_PRINTED : Math.ceil(grid.clientHeight / HEIGHT);
  const first = state.printing ? 0 : Math.max(0, Math.floor(grid.scrollTop / HEIGHT) - 5);
  const last = Math.min(state.view.length, first + room + 10);
  const drawn = [];
  for (let index = first; index < last; index++) drawn.push(rowElement(index));
  get("rows").replaceChildren(...drawn);
  grid.setAttribute("aria-activedescendant", `row-${state.current}`);
}
function rowElement(index) {
  const learner = state.view[index];
  const element = make("div", {role: "row", class: "row", id: `row-${index}`,
      "aria-rowindex": index + 2, "aria-selected": index === state.current,
      onclick: () => { state.current = index; draw(); open(learner); }},
    make("span", {role: "rowheader", class: "name", title: learner[NAME]}, make("bdi", {}, called(learner))),
    make("span", {role: "gridcell", class: "points", title: `of ${number(learner[MAX])}`}, number(learner[POINTS]),
      learner[POINTS] === null ? "" : make("small", {}, ` ${percent(learner[POINTS], learner[MAX])}`)),
    ...(marked ? [make("span", {role: "gridcell", class: "mark", title: `of ${number(learner[MORE]?.of ?? null)}`},
      number(mark(learner)))] : []),
    ...learner[CELLS].map((cell, task) => cellElement(cell, task)));
  if (index === state.current) element.classList.add("current");
  element.style.top = `${index * HEIGHT}px`;
  return element;
}
function cellElement(cell, task, role = "gridcell") {
  const said = cell === null ? "not graded" : `${STATUS[status(cell)]}, ${number(points(cell, task))} of ${number(tasks[task][POSSIBLE])}`;
  const words = `${tasks[task][ID]} ${said}`;
  const part = cell && cell[1] > 0 ? " part" : "";
  return make("span", {role, "aria-label": words, title: words, class: `cell s${status(cell)}${part}${begins(task)}`});
}
function move(to) {
  const grid = get("grid");
  const room = grid.clientHeight - get("top").offsetHeight;
  state.current = Math.max(0, Math.min(state.view.length - 1, to));
  const top = state.current * HEIGHT;
  if (top < grid.scrollTop) grid.scrollTop = top;
  if (top + HEIGHT > grid.scrollTop + room) grid.scrollTop = top + HEIGHT - room;
  draw();
}
get("grid").addEventListener("keydown", event => {
  const page = Math.max(1, Math.floor(get("grid").clientHeight / HEIGHT) - 3);
  const steps = {ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -Infinity, End: Infinity};
  if (event.key in steps) move(state.current + steps[event.key]);
  else if (event.key === "Enter" && state.view.length) open(state.view[state.current]);
  else return;
  event.preventDefault();
});
get("grid").addEventListener("scroll", () => requestAnimationFrame(draw));
addEventListener("resize", draw);
for (const [event, printing] of [["beforeprint", true], ["afterprint", false]])
  addEventListener(event, () => { state.printing = printing; draw(); });
get("filters").addEventListener("input", refresh);
get("filters").addEventListener("submit", event => event.preventDefault());
get("clear").addEventListener("click", () => { clear(); refresh(); });
get("direction").addEventListener("click", () => { state.down = !state.down; refresh(); });
if (ordered) {
  get("sort").prepend(make("option", {value: "order"}, "order of the class"));
  get("sort").value = "order";
  get("sort").firstElementChild.defaultSelected = true;
}
if (marked) get("sort").append(make("option", {value: "mark"}, "mark"));
if (!rows.some(SHOWS.absent)) get("show").querySelector("[value=absent]").remove();
const choices = () => tasks.map((_, task) => make("option", {value: task}, label(task)));
get("task").append(...choices());
get("sort").append(...choices());
