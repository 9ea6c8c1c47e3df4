// One learner: every task, with what was said of it.
function open(learner) {
  const facts = `${number(learner[POINTS])} of ${number(learner[MAX])} points; ${text(learner[JUDGED])}; ${learner[SECONDS].toFixed(1)} s`;
  const lines = learner[CELLS].flatMap((cell, task) => cell === null ? [] : [taskRow(cell, task)]);
  const reasons = learner[REASONS].map(each => make("p", {class: "reason"}, `To look at: ${text(each)}.`));
  get("learner-name").replaceChildren(make("bdi", {}, learner[NAME]));
  get("learner-body").replaceChildren(make("p", {}, facts), ...reasons,
    make("table", {}, make("tbody", {}, ...lines)));
  get("learner").showModal();
  get("learner").scrollTop = 0;
}
function taskRow(cell, task) {
  const said = cell === 0 ? [] : cell.slice(2).map(each => make("pre", {}, text(each)));
  return row(
    [cellElement(cell, task, "img"), ` ${brief(tasks[task][ID])}`],
    [`${tasks[task][FILE]}: ${tasks[task][TITLE]}`, ...said],
    `${number(points(cell, task))}/${number(tasks[task][POSSIBLE])}`);
}
const person = learner => button(make("bdi", {}, learner[NAME]), () => open(learner), {class: "link"});
