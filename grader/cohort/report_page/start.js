const nothing = stats.count - stats.handed_in;
const shares = stats.median === null ? "" : `; of the points ${percent(stats.median, 1)} in the median and ${percent(stats.mean, 1)} on average`;
get("summary").textContent = `${stats.handed_in} submission${stats.handed_in === 1 ? "" : "s"}, ${nothing ? `${nothing} who handed in nothing, ` : ""}${tasks.length} tasks${shares}; graded by version ${version}.`
  + (cut ? " Some messages are only in results.jsonl." : "")
  + stats.cautions.map(([caution, count]) => ` Of ${count}: ${caution}.`).join("");
groups();
overview();
alike();
refresh();
openNamed();
document.body.dataset.ready = "yes";
