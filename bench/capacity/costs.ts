import { readFile } from 'node:fs/promises';
import { z } from 'zod';

/** The requests whose costs are measured. `unchanged`: a list that the client has already. */
export const requestKinds = ['list', 'unchanged', 'get', 'create', 'complete'] as const;
export type RequestKind = (typeof requestKinds)[number];

const perRequest = z.object({
  serviceCpuMs: z.number().positive(),
  databaseCpuMs: z.number().positive(),
  walBytes: z.number().nonnegative(),
});

const mode = z.object({
  list: perRequest,
  unchanged: perRequest,
  get: perRequest,
  create: perRequest,
  complete: perRequest,
  /** Of one open event stream without events, in milliseconds of CPU time for each second. */
  stream: z.object({ serviceCpuMs: z.number().nonnegative(), databaseCpuMs: z.number().nonnegative() }),
});

const measured = z.object({
  date: z.string(),
  machine: z.string(),
  /** With `DATABASE_BATCHING` true and false. */
  batching: mode,
  single: mode,
  /** With indexes. */
  bytesPerTask: z.number().positive(),
  bytesPerUser: z.number().positive(),
});

/** What `npm run bench:costs` has measured. */
export type Costs = z.infer<typeof measured>;
export type Mode = 'batching' | 'single';

const file = new URL('./costs.json', import.meta.url);

export const readCosts = async (): Promise<Costs> => measured.parse(JSON.parse(await readFile(file, 'utf8')));
