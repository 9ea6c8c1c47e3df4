// What the page holds, and how it puts it into words and elements.
const get = id => document.getElementById(id);
const read = id => JSON.parse(get(id).textContent);
const rows = read("row-data").slice(1);
const {tasks, texts, stats, clusters, pairs, groups: copied, codes, others, cut, version, ordered} = read("data");
const [NAME, POINTS, MAX, SECONDS, JUDGED, REASONS, CELLS, MORE] = [0, 1, 2, 3, 4, 5, 6, 7];
const [ID, FILE, TITLE, POSSIBLE] = [0, 1, 2, 3];
const STATUS = ["passed", "failed", "in error", "not handed in"];

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
const button = (label, onclick, attributes = {}) => make("button", {type: "button", onclick, ...attributes}, label);
const row = (...cells) => make("tr", {}, ...cells.map(cell => make("td", {}, ...[cell].flat())));
const fill = (id, lines) => get(id).querySelector("tbody").replaceChildren(...lines);

// Shows the first lines of a table, and more of them on demand.
function fillSome(id, lines, empty) {
  const step = 15;
  const show = count => {
    const shown = lines.slice(0, count);
    if (count < lines.length) {
      shown.push(make("tr", {class: "more"}, make("td", {colspan: 9},
        button(`Show more of ${lines.length}`, () => show(count + 3 * step)))));
    }
    fill(id, shown.length ? shown : [row(empty)]);
  };
  show(step);
}

const text = number => number < 0 ? "(see results.jsonl)" : texts[number];
const status = cell => cell === null ? null : cell === 0 ? 0 : cell[0];
const points = (cell, task) => cell === null ? null : cell === 0 ? tasks[task][POSSIBLE] : cell[1];
// What could not be judged has no points, which is not the same as 0.
const number = value => value === null ? "\u2013" : String(Math.round(value * 100) / 100);
const percent = (part, whole) => {
  const share = 100 * part / (whole || 1);
  return share > 0 && share < 1 ? "<1 %" : `${Math.round(share)} %`;
};
// What the class adds: a name for the submission, and a mark.
const called = row => row[MORE]?.name ?? row[NAME];
const mark = row => row[MORE]?.mark ?? null;
const marked = rows.some(row => row[MORE] && "mark" in row[MORE]);
const folder = task => tasks[task][ID].split("/")[0];
// "python-generators-0x00/2" is "generators/2" where room is scarce.
const brief = name => name.replace(/^python-([a-z]+)[^/]*/, "$1");
const label = task => `${brief(tasks[task][ID])} ${tasks[task][FILE]}`;
const about = task => `${tasks[task][ID]} ${tasks[task][FILE]}: ${tasks[task][TITLE]}`;
