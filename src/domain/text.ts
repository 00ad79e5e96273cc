/** The number of Unicode code points, as PostgreSQL counts characters. JavaScript's `length` counts UTF-16 units. */
export const countCharacters = (text: string): number => {
  let count = 0;
  for (let unit = 0; unit < text.length; unit += 1) {
    if (isHighSurrogate(text.charCodeAt(unit)) && isLowSurrogate(text.charCodeAt(unit + 1))) unit += 1;
    count += 1;
  }
  return count;
};

/** False for text that PostgreSQL cannot store: U+0000, and lone surrogates, which UTF-8 cannot encode. */
export const isStorable = (text: string): boolean => !text.includes('\0') && text.isWellFormed();

/** The problem of a text that cannot be stored, or an empty string. */
export const storageProblem = (text: string): string =>
  isStorable(text) ? '' : 'must not contain U+0000 or half of a surrogate pair';

/** Throws if one of the values is a text that cannot be stored. For repositories: schemas reject such a text before. */
export const refuseUnstorable = (values: readonly unknown[]): void => {
  if (!values.flat().every((value) => typeof value !== 'string' || isStorable(value)))
    throw new Error('There is text that cannot be stored');
};

const isHighSurrogate = (unit: number): boolean => unit >= 0xd800 && unit <= 0xdbff;
const isLowSurrogate = (unit: number): boolean => unit >= 0xdc00 && unit <= 0xdfff;
