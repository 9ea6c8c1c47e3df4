const judged = rows.filter(row => row[POINTS] !== null);
const mean = judged.reduce((sum, row) => sum + row[POINTS] / (row[MAX] || 1), 0);
get("summary").textContent = `${rows.length} submissions, ${tasks.length} tasks, ${percent(mean, judged.length)} of the points on average; graded by version ${version}.`
  + (cut ? " Some messages are only in results.jsonl." : "")
  + stats.cautions.map(([caution, count]) => ` Of ${count}: ${caution}.`).join("");
groups();
overview();
alike();
refresh();
document.body.dataset.ready = "yes";
