/** The number of runs of a property: `few`, multiplied by `PROPERTY_RUNS` where that is set. */
export const runs = (few: number): number => few * Math.max(1, Number(process.env['PROPERTY_RUNS'] ?? 1));

/** `PROPERTY_SEED` repeats a failed run. Unset: a new seed for each run. */
export const seed =
  process.env['PROPERTY_SEED'] === undefined ? {} : { seed: Number(process.env['PROPERTY_SEED']) };
