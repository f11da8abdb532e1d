// The import list: tick all at once, and see how many are ticked; to say how a section comes ticks it. Without this script the form works all the same.
for (const form of document.querySelectorAll("[data-ticks]")) {
  const boxes = [...form.querySelectorAll('input[name="section"]:not(:disabled)')];
  const all = form.querySelector("[data-pick-all]");
  const table = all?.closest("table");
  const words = form.querySelector("[data-picked]");

  function count() {
    const ticked = boxes.filter((box) => box.checked);
    const students = ticked.reduce((sum, box) => sum + Number(box.dataset.students), 0);
    const classes = ticked.length === 1 ? "1 class" : `${ticked.length} classes`;
    if (words) words.textContent = ticked.length ? `${classes} ticked, up to ${students} students` : "No classes ticked";
    if (!all) return;
    const mine = boxes.filter((box) => table.contains(box));
    all.checked = mine.every((box) => box.checked);
    all.indeterminate = !all.checked && mine.some((box) => box.checked);
  }

  form.addEventListener("change", (event) => {
    if (event.target === all) {
      for (const box of boxes) if (table.contains(box)) box.checked = all.checked;
    }
    if (event.target.type === "radio") {
      event.target.closest("tr").querySelector('[name="section"]').checked = true;
    }
    count();
  });
  if (words) words.hidden = false;
  if (all) all.closest("label").hidden = false;
  count();
}
