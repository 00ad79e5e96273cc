/**
 * Shows tasks as list items. `onComplete(row, isCompleted)` and `onDelete(row)` are called for clicks; `row.task` is what is
 * shown. Both return a promise that is resolved when the write has ended, well or not.
 */
export const createTaskList = (list, { onComplete, onDelete }) => {
  /** The row of each task. Rows are kept, so that the focus stays where it is when the list changes. */
  const rows = new Map();

  const createRow = () => {
    const [item, label, box, title, button] = ['li', 'label', 'input', 'span', 'button'].map((name) =>
      document.createElement(name),
    );
    box.type = 'checkbox';
    button.type = 'button';
    button.textContent = 'Delete';
    label.append(box, ' ', title);
    item.append(label, button);
    const row = { item, box, title, button, task: null, writes: 0, isDeleting: false };
    box.addEventListener('change', async () => {
      row.writes += 1;
      await onComplete(row, box.checked);
      row.writes -= 1;
      showCompleted(row);
    });
    button.addEventListener('click', async () => {
      if (row.isDeleting) return; // the second of a double click
      row.isDeleting = true;
      await onDelete(row);
      row.isDeleting = false;
    });
    return row;
  };

  /** While a click is being written, the box shows the click, and not what other changes bring. */
  const showCompleted = ({ box, task, writes }) => {
    if (writes === 0) box.checked = task.completed;
  };

  const rowOf = (task) => {
    const row = rows.get(task.id) ?? createRow();
    row.task = task; // with its revision
    showCompleted(row);
    row.title.textContent = task.title;
    row.button.setAttribute('aria-label', `Delete ${task.title}`);
    return row;
  };

  return {
    show(tasks) {
      const shown = new Map(tasks.map((task) => [task.id, rowOf(task)]));
      for (const [id, { item }] of rows) if (!shown.has(id)) item.remove();
      [...shown.values()].forEach(({ item }, index) => {
        if (list.children[index] !== item) list.insertBefore(item, list.children[index] ?? null);
      });
      rows.clear();
      for (const [id, row] of shown) rows.set(id, row);
    },
    focus: (id) => rows.get(id)?.box.focus(),
  };
};
