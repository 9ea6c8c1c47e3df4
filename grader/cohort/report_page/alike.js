// Answers that are alike: clusters of one form, and pairs of like files.
const [TASK, VERDICT] = [0, 1];

function clusterRow(cluster) {
  const [task, verdict, size, message, said, members] = cluster;
  const shown = members.length < size ? ` (the first ${members.length})` : "";
  const why = `like answers to ${label(task)}${shown}`;
  const others = size > 3 ? [" ", button(`and ${size - 3} more`, () => showSome(members, why), {class: "link"})] : [];
  const often = message && said < size ? ` (${said} of them)` : "";
  return row(
    button(String(size), () => showSome(members, why), {class: "link", title: "Show these learners"}),
    [button(brief(tasks[task][ID]), () => showTask(task), {class: "link task", title: about(task)}),
      make("div", {class: "verdict"}, verdict)],
    [make("pre", {}, message + often),
      ...members.slice(0, 3).flatMap((each, index) => [index ? ", " : "", person(rows[each])]), ...others]);
}
function showClusters() {
  const task = get("cluster-task").value;
  const verdict = get("cluster-verdict").value;
  fillSome("clusters", clusters.filter(each => (task === "" || each[TASK] === Number(task))
    && (verdict === "" || (verdict === "pass") === (each[VERDICT] === "pass"))).map(clusterRow),
    "No two answers are alike.");
}
function pairRow([one, two, files]) {
  return row([person(rows[one]), " and ", person(rows[two])],
    files.map(([task, share], index) =>
      make("span", {title: about(task)}, `${index ? ", " : ""}${label(task).replace(/\/\d+/, "")} ${percent(share, 1)}`)));
}
function alike() {
  const present = [...new Set(clusters.map(each => each[TASK]))].sort((a, b) => a - b);
  get("cluster-task").append(...present.map(task => make("option", {value: task}, label(task))));
  get("cluster-filters").addEventListener("input", showClusters);
  get("cluster-filters").addEventListener("submit", event => event.preventDefault());
  showClusters();
  fillSome("pairs", pairs.map(pairRow), "No two long files are.");
}
