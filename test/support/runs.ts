/** How many inputs a property is tried with: a few in every run, many where `PROPERTY_RUNS` multiplies them. */
export const runs = (few: number): number => few * Math.max(1, Number(process.env['PROPERTY_RUNS'] ?? 1));

/** The seed of a run that failed, to try it again; undefined takes a new one each time. */
export const seed =
  process.env['PROPERTY_SEED'] === undefined ? {} : { seed: Number(process.env['PROPERTY_SEED']) };
