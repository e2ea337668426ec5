// What makes the pages better where scripts run; without it every page works all the same.

document.documentElement.classList.add("js");

// What went wrong is heard and seen first.
document.querySelector("[data-focus]")?.focus();

// A form that was changed is not left by accident.
const guarded = [...document.querySelectorAll("form[data-guard]")];
const state = (form) => new URLSearchParams(new FormData(form)).toString();
const shown = new Map(guarded.map((form) => [form, state(form)]));
const conflicting = document.querySelector(".conflict, .notice.bad") !== null;
let leaving = false;
for (const form of guarded) form.addEventListener("submit", () => { leaving = true; });
addEventListener("pageshow", () => { leaving = false; });
addEventListener("beforeunload", (event) => {
  const changed = guarded.some((form) => (conflicting && form.elements.length > 3) || state(form) !== shown.get(form));
  if (!leaving && changed) event.preventDefault();
});

// Ctrl+Enter saves from within a text.
addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  const form = event.target.closest?.("form");
  if (form?.matches("[data-guard]")) {
    event.preventDefault();
    form.requestSubmit();
  }
});

// A list shrinks to the names that hold what is typed.
for (const input of document.querySelectorAll("[data-filter]")) {
  const list = document.getElementById(input.dataset.filter);
  input.addEventListener("input", () => {
    const wanted = input.value.trim().toLocaleLowerCase();
    for (const item of list.children) item.hidden = !item.dataset.name.toLocaleLowerCase().includes(wanted);
  });
}

// On a conflict, what is on the board can be taken field by field.
for (const button of document.querySelectorAll("[data-take]")) {
  button.addEventListener("click", () => {
    const field = document.getElementById(button.dataset.take);
    field.value = button.dataset.value;
    field.dispatchEvent(new Event("change", { bubbles: true }));
    field.focus();
    button.closest(".theirs").hidden = true;
  });
}

// The week: texts follow the grid, and Ctrl with an arrow goes from lesson to lesson.
for (const week of document.querySelectorAll("[data-week]")) {
  const cells = [...week.querySelectorAll("select[data-day]")];
  const cell = (day, row) => cells.find((one) => Number(one.dataset.day) === day && Number(one.dataset.row) === row);
  const text = (day) => week.querySelector(`[data-text="${day}"]`);
  const follows = (day) => week.querySelector(`[data-mode="${day}"]:checked`)?.value === "grid";

  // A narrow column may cut a long name short.
  const name = (one) => { one.title = one.selectedOptions[0].text; };
  cells.forEach(name);
  week.addEventListener("change", ({ target }) => { if (target.matches("select[data-day]")) name(target); });

  const write = (day) => {
    const area = text(day);
    area.readOnly = follows(day);
    if (!area.readOnly) return;
    const lessons = cells.filter((one) => one.dataset.day === String(day));
    area.value = lessons
      .filter((one) => one.value && !one.selectedOptions[0].hasAttribute("data-gone"))
      .map((one) => `${Number(one.dataset.row) + 1}. ${one.selectedOptions[0].text}\n`)
      .join("");
  };

  const days = [...new Set(cells.map((one) => Number(one.dataset.day)))];
  days.forEach(write);
  // What the script wrote by itself is not a change of whoever reads the page.
  shown.set(week, state(week));
  week.addEventListener("change", (event) => {
    const { day, mode } = event.target.dataset;
    if (day ?? mode) write(Number(day ?? mode));
  });

  const steps = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  week.addEventListener("keydown", (event) => {
    const step = event.ctrlKey && event.target.matches("select[data-day]") && steps[event.key];
    if (!step) return;
    event.preventDefault();
    const { day, row } = event.target.dataset;
    cell(Number(day) + step[0], Number(row) + step[1])?.focus();
  });
}
