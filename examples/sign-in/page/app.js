import { createClient } from '/client/taskhold.ts';
import { accessTokenOf, currentUser, signIn, signOut, signUp } from '/session.js';
import { createTaskList } from '/task-list.js';

const find = (id) => document.getElementById(id);
const [signInForm, addForm, findForm, deleted] = ['sign-in', 'add', 'find', 'deleted'].map(find);

/**
 * What belongs to one sign-in. At the sign-out it is ended, so that no write that waits or is repeated is sent with the token of
 * the next user. The client repeats failed requests, under an Idempotency-Key of its own, so that no write is done twice.
 */
const sessionOf = (user) => {
  const ending = new AbortController();
  const { signal } = ending;
  return {
    end: () => ending.abort(),
    signal,
    client: createClient({ url: location.origin, token: accessTokenOf(user, signal), signal }),
    /** All tasks of the user by id, a copy that `follow` keeps up to date. */
    tasks: new Map(),
    /** Whether a copy of `follow` has the last write of this page. */
    hasLastWrite: () => true,
    lastDeleted: undefined,
    lastWrite: Promise.resolve(),
  };
};

/** The session that is shown; null: no user is signed in. */
let session = null;

const show = () => {
  const tasks = session?.tasks ?? new Map();
  const { text, status } = Object.fromEntries(new FormData(findForm));
  const found = [...tasks.values()]
    .filter(({ completed }) => status === 'all' || completed === (status === 'completed'))
    .filter(({ title }) => title.toLowerCase().includes(text.trim().toLowerCase()))
    .sort((a, b) => (a.created_at < b.created_at ? 1 : -1));
  list.show(found);
  find('count').textContent = `${found.length} of ${tasks.size} tasks`;
};

/** Shows the result of a write at once. `follow` brings it too, to this tab and to every other one. */
const apply = (id, task, hasWrite = ({ revision }) => revision >= task.revision) => {
  session.hasLastWrite = hasWrite;
  session.tasks = new Map(session.tasks);
  if (task === null) session.tasks.delete(id);
  else session.tasks.set(id, task);
  show();
};

/** Does something, and says what went wrong, unless it belongs to a session that has ended meanwhile. */
const act = async (work, mine) => {
  find('message').textContent = '';
  try {
    await work();
  } catch (error) {
    if (mine?.signal.aborted) return;
    const { code, current, message } = error;
    // The task has changed since it was shown: the write was refused, and this is the task now.
    if (code === 'revision_mismatch' && current !== null) apply(current.id, current);
    find('message').textContent = message;
    show();
  }
};

/**
 * Does writes one after the other, so that a click on a row whose write is still under way has the revision of that write. When
 * the session ends, the write that is under way is abandoned, and those that wait are never begun. The promise is never rejected.
 */
const write = (work) => {
  const mine = session;
  mine.lastWrite = mine.lastWrite.then(() => {
    if (!mine.signal.aborted) return act(() => work(mine), mine);
  });
  return mine.lastWrite;
};

/** The handler of a button: a click while an earlier one is under way has no effect, such as the second of a double click. */
const onceAtATime = (work) => {
  let running = null;
  return (event) => (running ??= work(event).finally(() => (running = null)));
};

/* Writes of a task send its revision (If-Match), so that they never overwrite what the user has not seen. */
const list = createTaskList(find('list'), {
  onComplete: (row, isCompleted) =>
    write(async ({ client }) => apply(row.task.id, await client.tasks.complete(row.task, isCompleted))),
  onDelete: (row) =>
    write(async (mine) => {
      const { task } = row;
      await mine.client.tasks.delete(task);
      mine.lastDeleted = task;
      const isKnown = ({ revision }) => revision >= task.revision;
      apply(task.id, null, (copy) => isKnown(copy) && copy.tasks.get(task.id)?.revision !== task.revision);
      deleted.hidden = false;
      deleted.querySelector('span').textContent = `Deleted: ${task.title}`;
      find('undo').focus();
    }),
});

const undo = () => {
  const { lastDeleted } = session; // as it is shown now; a deletion that is under way may show another one
  return write(async (mine) => {
    const task = await mine.client.tasks.restore(lastDeleted.id);
    if (mine.lastDeleted === lastDeleted) deleted.hidden = true;
    apply(task.id, task);
    list.focus(task.id);
  });
};
find('undo').addEventListener('click', onceAtATime(undo));

addForm.addEventListener('submit', (event) => {
  event.preventDefault();
  const field = addForm.elements.title;
  const title = field.value;
  field.value = ''; // required, so that a second click adds nothing
  write(async ({ client, signal }) => {
    try {
      const task = await client.tasks.create({ title });
      apply(task.id, task);
    } catch (error) {
      if (!signal.aborted) field.value ||= title;
      throw error;
    }
  });
});

findForm.addEventListener('input', show);
findForm.addEventListener('submit', (event) => event.preventDefault());

/** Follows the tasks of the user until the sign-out: first all of them, then what changes, by whichever client. */
const follow = async (mine) => {
  const onStatus = (status) => (find('connection').textContent = status);
  let lastRevision = 0;
  try {
    for await (const copy of mine.client.follow({ onStatus })) {
      if (copy.revision < lastRevision) mine.hasLastWrite = () => true; // the store went back to an earlier state
      lastRevision = copy.revision;
      // A copy that was read before the last write would show the task as it was; the next one has the write.
      if (!mine.hasLastWrite(copy)) continue;
      mine.tasks = copy.tasks;
      show();
    }
  } catch (error) {
    // Beside the message, which the next action removes: what is shown stays old until the page is loaded again.
    if (!mine.signal.aborted) onStatus(`stopped: ${error.message} Reload the page.`);
    throw error;
  }
};

/** Ends the session that is shown, and shows nothing of it any more. */
const endSession = () => {
  session?.end();
  session = null;
  for (const form of [addForm, findForm]) form.reset();
  for (const id of ['connection', 'message']) find(id).textContent = '';
  find('sign-out').hidden = find('tasks').hidden = deleted.hidden = true;
  show();
};

const showUser = async () => {
  endSession();
  const user = await currentUser((text) => (find('message').textContent = text));
  endSession(); // where this function was called twice, and the message
  if (user !== null) session = sessionOf(user);
  signInForm.hidden = user !== null;
  find('sign-out').hidden = find('tasks').hidden = user === null;
  (user === null ? signInForm.elements.email : addForm.elements.title).focus();
  const mine = session;
  if (mine !== null) act(() => follow(mine), mine);
};

const enter = ({ submitter }) =>
  act(async () => {
    const form = Object.fromEntries(new FormData(signInForm));
    await (submitter.value === 'sign-up' ? signUp(form) : signIn(form));
    signInForm.reset();
    await showUser();
  });
signInForm.addEventListener('submit', (event) => event.preventDefault());
signInForm.addEventListener('submit', onceAtATime(enter));

const leave = () =>
  act(async () => {
    await signOut();
    await showUser();
  });
find('sign-out').addEventListener('click', onceAtATime(leave));

document.addEventListener('signed-out', () => act(showUser));
await act(showUser);
