// What the cohort has in common.
function bar(words, count, of, onclick, title) {
  const line = make("div", {class: "bar"});
  line.style.width = `${100 * count / (of || 1)}%`;
  return make("li", {}, onclick ? button(words, onclick, {title}) : make("span", {}, words), make("div", {}, line),
    make("span", {class: "count"}, `${count} of ${of} (${percent(count, of)})`));
}
function hardest() {
  const failing = tasks.map(([id], task) => {
    const counts = stats.tasks[id] || {};
    const count = counts.fail || 0;
    return {task, count, of: count + (counts.pass || 0)};
  }).filter(each => each.count).sort((a, b) => b.count / b.of - a.count / a.of);
  get("hard").replaceChildren(...failing.slice(0, 15).map(each =>
    bar(label(each.task), each.count, each.of, () => showTask(each.task), about(each.task))));
}
function distribution() {
  const most = Math.max(1, ...stats.shares);
  const step = 100 / stats.shares.length;
  get("points").setAttribute("aria-label", `Learners by their share of the points, from none to all: ${stats.shares.join(", ")}`);
  get("points").replaceChildren(...stats.shares.map((count, part) => {
    const column = make("div", {title: `${number(part * step)} to ${number((part + 1) * step)} %: ${count} learners`},
      make("span", {}, count ? String(count) : ""));
    column.style.height = `${100 * count / most}%`;
    return column;
  }));
  get("median").textContent = stats.median === null ? "" : `median ${percent(stats.median, 1)}, mean ${percent(stats.mean, 1)}`;
}
function undecided() {
  const some = rows.filter(SHOWS.error);
  const more = some.length - 10;
  const rest = more > 0 ? [", ", button(`and ${more} more`, () => {
    clear();
    get("show").value = "error";
    showGrid();
  }, {class: "link"})] : [];
  get("undecided").hidden = !some.length;
  get("undecided").replaceChildren(`${some.length} could not be judged and have no score: `,
    ...some.slice(0, 10).flatMap((each, index) => [index ? ", " : "", person(each)]), ...rest,
    ". Run the same command again.");
}
function overview() {
  undecided();
  hardest();
  distribution();
  const failures = stats.causes.reduce((sum, [, count]) => sum + count, 0);
  get("causes").replaceChildren(...stats.causes.map(([cause, count]) => bar(cause, count, failures)));
  const task = id => tasks.findIndex(each => each[ID] === id);
  fillSome("wrong", stats.wrong.map(([id, message, count]) => row(String(count),
    button(brief(id), () => showTask(task(id)), {class: "link task", title: about(task(id))}),
    make("pre", {}, message))), "Nothing was wrong.");
  fillSome("look", rows.filter(SHOWS.look).map(each =>
    row(person(each), each[REASONS].map(text).join("; "))), "Nobody.");
  fillSome("slow", stats.slow.map(([index, seconds]) =>
    row(person(rows[index]), `${seconds.toFixed(1)} s`)), "Nobody.");
}
