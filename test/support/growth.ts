/** Work on an input. A promise is awaited, and its waiting time counts. */
export type Work = () => unknown;

/**
 * Input sizes in bytes, each four times the one before. They start small, so that cubic work is detected at a size
 * where a call is still short.
 */
const usualSizes = [16, 64, 256, 1_024, 4_096, 16_384, 65_536];

/**
 * The bound lies between linear work (exponent 1) and quadratic work (exponent 2), far from both: from n to 64n bytes,
 * linear work takes 64 times as long, quadratic work 4,096 times, and 776 times is the bound. Three steps of 4 are compared
 * at once: where a larger input leaves the caches of the processor, linear work takes up to 5 times as long as its size says.
 */
const maxExponent = 1.6;
const stepsCompared = 3;

/** Shorter work, in milliseconds, is not compared: constant costs hide its growth, and it is harmless. */
const measurableMs = 0.1;

/** The time, in milliseconds, and the number of calls for one size. After `slow` milliseconds one call is enough. */
const round = { milliseconds: 1, slow: 50, minCalls: 3, maxCalls: 20 } as const;

/** How long a steep step is measured again before it counts, in milliseconds: other load may end meanwhile. */
const repeatMs = 1_000;

/** The resolution of a thread's CPU time: one tick of the operating system, in milliseconds. */
const tickMs = 4;

export interface GrowthOptions {
  /** Sizes in bytes, ascending. */
  readonly sizes?: readonly number[];
}

/**
 * Throws if the time of the work grows faster than its input. `prepare` returns the work for an input of `size` bytes;
 * it runs before every call, and its own time does not count.
 *
 * The minimum of many measurements is compared. Other load can only add to a measurement, so the minimum approaches the
 * true cost, and a step that looks too steep is measured again.
 */
export const expectLinearGrowth = async (
  prepare: (size: number) => Work,
  { sizes = usualSizes }: GrowthOptions = {},
): Promise<void> => {
  if (sizes.length <= stepsCompared) throw new RangeError(`At least ${stepsCompared + 1} sizes are required`);
  const least = new Map<number, number>();
  const measure = async (size: number): Promise<number> => {
    const milliseconds = Math.min(least.get(size) ?? Infinity, await leastTime(prepare, size));
    least.set(size, milliseconds);
    return milliseconds;
  };
  for (const [index, size] of sizes.entries()) {
    await measure(size);
    const smaller = sizes[index - stepsCompared];
    if (smaller !== undefined) await compare(smaller, size, measure);
  }
};

const compare = async (
  smaller: number,
  larger: number,
  measure: (size: number) => Promise<number>,
): Promise<void> => {
  const bound = (larger / smaller) ** maxExponent;
  const start = performance.now();
  let seen = '';
  while (performance.now() - start < repeatMs) {
    const [short, long] = [await measure(smaller), await measure(larger)];
    if (long < measurableMs || long < bound * short) return;
    seen = `${short.toFixed(3)} ms for ${smaller} bytes, ${long.toFixed(3)} ms for ${larger} bytes`;
  }
  throw new Error(`The work grows faster than its input: ${seen}`);
};

/** The time of the fastest of some calls, in milliseconds. */
const leastTime = async (prepare: (size: number) => Work, size: number): Promise<number> => {
  let least = Infinity;
  let spent = 0;
  for (let calls = 0; calls < round.maxCalls; calls += 1) {
    if (spent >= (calls < round.minCalls ? round.slow : round.milliseconds)) break;
    const work = prepare(size);
    const [start, startCpu] = [performance.now(), process.threadCpuUsage()];
    const result = work();
    if (result instanceof Promise) await result;
    const { user, system } = process.threadCpuUsage(startCpu);
    // Other processes interrupt a long call; CPU time excludes them.
    const milliseconds = Math.min(performance.now() - start, (user + system) / 1_000 + tickMs);
    least = Math.min(least, milliseconds);
    spent += milliseconds;
  }
  return least;
};
