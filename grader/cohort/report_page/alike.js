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
// Of two files, side by side, what is the same but for layout and case.
const plain = line => line.replace(/\s+/g, "").replace(/"/g, "'").toLowerCase();
function common(some, other) {
  const [a, b] = [some.map(plain), other.map(plain)];
  const long = Array.from({length: a.length + 1}, () => new Uint16Array(b.length + 1));
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      long[i][j] = a[i] === b[j] ? long[i + 1][j + 1] + 1 : Math.max(long[i + 1][j], long[i][j + 1]);
  const same = [new Set(), new Set()];
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    if (a[i] === b[j]) { same[0].add(i++); same[1].add(j++); } else if (long[i + 1][j] >= long[i][j + 1]) i++; else j++;
  }
  return same;
}
const whose = who => who in others ? others[who] : called(rows[who]);
const someone = who => who in others ? make("bdi", {}, others[who]) : person(rows[who]);
const MOST_LINES = 2000;
function compareFiles(one, two, file) {
  const found = [one, two].map(who => (codes[`${who}/${file}`] ?? "").split(/\r?\n/).slice(0, MOST_LINES));
  const same = common(...found);
  get("compare-title").textContent = label(file);
  get("compare-body").replaceChildren(...found.map((lines, side) => make("div", {class: "side"},
    make("h3", {}, make("bdi", {}, whose([one, two][side]))),
    lines.length === 1 && !lines[0] ? make("p", {}, "The file is not at hand: grade the class again where it lies.")
      : make("ol", {}, ...lines.map((line, number) => make("li", {class: plain(line) && same[side].has(number) ? "same" : ""},
        make("code", {}, line)))))));
  get("compare").showModal();
  get("compare").scrollTop = 0;
}
function groupRow([members, pairs]) {
  const most = 12;
  const names = members.slice(0, most).flatMap((who, index) => [index ? ", " : "", someone(who)]);
  if (members.length > most) names.push(` and ${members.length - most} more`);
  return row(String(members.length), names, pairs.slice(0, 15).map(([one, two, files]) => make("div", {},
    make("bdi", {}, whose(one)), " and ", make("bdi", {}, whose(two)), ": ", ...files.flatMap(([file, share], index) => [
      index ? ", " : "", button(`${label(file)} ${percent(share, 1)}`, () => compareFiles(one, two, file), {class: "link", title: "Show both"})]))));
}
function alike() {
  fillSome("groups-alike", copied.map(groupRow), "None.");
  const present = [...new Set(clusters.map(each => each[TASK]))].sort((a, b) => a - b);
  get("cluster-task").append(...present.map(task => make("option", {value: task}, label(task))));
  get("cluster-filters").addEventListener("input", showClusters);
  get("cluster-filters").addEventListener("submit", event => event.preventDefault());
  showClusters();
  fillSome("pairs", pairs.map(pairRow), "None, or there are too few to tell: of fewer than ten files no passage is rare.");
}
