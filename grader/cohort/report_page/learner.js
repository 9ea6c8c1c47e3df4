// One learner: every task, with what was said of it.
function open(learner) {
  const more = learner[MORE] ?? {};
  const facts = `${number(learner[POINTS])} of ${number(learner[MAX])} points; ${text(learner[JUDGED])}; ${learner[SECONDS].toFixed(1)} s`;
  const lines = learner[CELLS].flatMap((cell, task) => cell === null ? [] : [taskRow(cell, task)]);
  const reasons = learner[REASONS].map(each => make("p", {class: "reason"}, `To look at: ${text(each)}.`));
  const marks = "mark" in more ? [make("p", {class: "reason"}, `Mark: ${number(more.mark)} of ${number(more.of)}`),
    ...more.notes.map(each => make("p", {}, text(each)))] : [];
  const who = more.facts ? [make("p", {}, make("bdi", {}, more.facts))] : [];
  get("learner-name").replaceChildren(make("bdi", {}, called(learner)));
  get("learner-body").replaceChildren(...who, ...marks, make("p", {}, facts), ...reasons,
    make("table", {}, make("tbody", {}, ...lines)));
  get("learner").showModal();
  get("learner").scrollTop = 0;
  history.replaceState(null, "", `#${encodeURIComponent(learner[NAME])}`);
}
// An address that ends in #NAME opens that learner.
function openNamed() {
  const learner = location.hash && rows.find(row => `#${encodeURIComponent(row[NAME])}` === location.hash);
  if (learner) open(learner);
}
get("learner").addEventListener("close", () => {
  // It comes late: another learner may be open by then.
  if (!get("learner").open) history.replaceState(null, "", location.pathname + location.search);
});
addEventListener("hashchange", openNamed);
function taskRow(cell, task) {
  const said = cell === 0 ? [] : cell.slice(2).map(each => make("pre", {}, text(each)));
  return row(
    [cellElement(cell, task, "img"), ` ${brief(tasks[task][ID])}`],
    [`${tasks[task][FILE]}: ${tasks[task][TITLE]}`, ...said],
    `${number(points(cell, task))}/${number(tasks[task][POSSIBLE])}`);
}
const person = learner => button(make("bdi", {}, called(learner)), () => open(learner), {class: "link"});
