/** The longest gap between two times, in milliseconds. The times need not be sorted. */
export const longestGap = (moments: readonly number[]): number =>
  moments
    .toSorted((one, other) => one - other)
    .reduce((longest, moment, n, sorted) => Math.max(longest, moment - (sorted[n - 1] ?? moment)), 0);
