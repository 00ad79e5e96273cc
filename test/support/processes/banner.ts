import type { Program } from './program.ts';

/** The banner that the service prints in development when it is ready. */
interface Banner {
  readonly address: string;
  readonly docs: string;
  readonly token: string;
  /** A command for a shell. */
  readonly curl: string;
}

type Access = Pick<Banner, 'address' | 'token'>;

/** Waits until the banner is printed, and parses it. */
export const bannerOf = async (program: Program): Promise<Banner> => {
  const [curl] = await program.printed(/^curl .*$/m);
  const word = async (label: string): Promise<string> =>
    (await program.printed(new RegExp(`^ {2}${label} +(\\S+)$`, 'm')))[1] ?? '';
  return { address: await word('API'), docs: await word('docs'), token: await word('token'), curl };
};

/** Creates a task of the user `demo`; throws if that is not acknowledged. */
export const createTask = async ({ address, token }: Access, title: string): Promise<void> => {
  const response = await fetch(`${address}/api/tasks`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
    body: JSON.stringify({ title }),
  });
  if (response.status !== 201) throw new Error(`Not acknowledged: ${response.status}`);
};

/** The task titles of the user `demo`, newest first. */
export const titlesOf = async ({ address, token }: Access): Promise<readonly string[]> => {
  const response = await fetch(`${address}/api/tasks`, { headers: { Authorization: `Bearer ${token}` } });
  if (response.status !== 200) throw new Error(`The list is ${response.status}`);
  const tasks: unknown = await response.json();
  if (!Array.isArray(tasks)) throw new Error('The list is not an array');
  return tasks.map((task: { readonly title: string }) => task.title);
};
