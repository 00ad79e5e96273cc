import type { Program } from './program.ts';

/** What the service tells its developer when it is ready. */
export interface Greeting {
  readonly address: string;
  readonly docs: string;
  readonly token: string;
  /** A line to paste into a shell. */
  readonly curl: string;
}

type Access = Pick<Greeting, 'address' | 'token'>;

/** Waits for it. */
export const greetingOf = async (program: Program): Promise<Greeting> => {
  const [curl] = await program.said(/^curl .*$/m);
  const word = async (label: string): Promise<string> =>
    (await program.said(new RegExp(`^ {2}${label} +(\\S+)$`, 'm')))[1] ?? '';
  return { address: await word('API'), docs: await word('docs'), token: await word('token'), curl };
};

/** Creates a task of the user `demo`; throws where that is not acknowledged. */
export const createTask = async ({ address, token }: Access, title: string): Promise<void> => {
  const response = await fetch(`${address}/api/tasks`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
    body: JSON.stringify({ title }),
  });
  if (response.status !== 201) throw new Error(`Not acknowledged: ${response.status}`);
};

/** The titles of the tasks that the user `demo` has, newest first. */
export const titlesOf = async ({ address, token }: Access): Promise<readonly string[]> => {
  const response = await fetch(`${address}/api/tasks`, { headers: { Authorization: `Bearer ${token}` } });
  if (response.status !== 200) throw new Error(`No list: ${response.status}`);
  const tasks: unknown = await response.json();
  if (!Array.isArray(tasks)) throw new Error('No list');
  return tasks.map((task: { readonly title: string }) => task.title);
};
