/** The longest time between two of these moments, in milliseconds; they may be in any order. */
export const longestGap = (moments: readonly number[]): number =>
  moments
    .toSorted((one, other) => one - other)
    .reduce((longest, moment, n, sorted) => Math.max(longest, moment - (sorted[n - 1] ?? moment)), 0);
