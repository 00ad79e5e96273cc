import leven from 'leven';

/** The variable that a name is probably a misspelling of. Undefined if it is none, or the correct name. */
export const intendedName = (name: string, knownNames: readonly string[]): string | undefined => {
  if (knownNames.includes(name)) return undefined;
  const spelled = normalized(name);
  return knownNames.find((known) => isNear(spelled, known));
};

/**
 * In upper case, without what a shell writes before a name (`set NAME`, or `$env:NAME` of PowerShell), and with `_` for all
 * other characters.
 */
const normalized = (name: string): string =>
  (name.trim().split(/\s/).at(-1) ?? '')
    .toUpperCase()
    .replace(/^\$ENV:/, '')
    .replace(/[^A-Z0-9]/g, '_');

const isNear = (spelled: string, known: string): boolean => {
  const isPrefixOfWords = spelled.includes('_') && known.startsWith(`${spelled}_`);
  if (isPrefixOfWords || spelled === `${known}_FILE`) return true;
  // Short names are close to many names that mean something else, such as APP_HOST and OPS_HOST.
  const limit = known.length < 8 ? 1 : known.length < 14 ? 2 : 3;
  const distance = leven(spelled, known, { maxDistance: limit + 1 });
  return distance <= 1 || (distance <= limit && spelled.startsWith(known.charAt(0)));
};
