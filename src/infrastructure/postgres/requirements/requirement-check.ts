import { UnmetRequirementsError, type Unmet } from './unmet-error.ts';

/** Rejects requests while the database lacks what the statements rely on. */
interface RequirementCheck {
  /** Resolves once a check has found all requirements met. Rejects with {@link UnmetRequirementsError}, or as the check does. */
  ensureMet(): Promise<void>;
  /** Checks now. Rejects also for a database that is read-only. */
  check(): Promise<void>;
  /** Forgets the last result: the next request checks again. */
  reset(): void;
}

/** How long requests are rejected without another check. */
const recheckAfterMs = 500;

/**
 * `inspect` rejects with {@link UnmetRequirementsError} for a database with anything unmet. `onUnusable` is called whenever a
 * usable database is one no longer: what was read before can be wrong, for example filtered.
 */
export const createRequirementCheck = (
  inspect: () => Promise<void>,
  onUnusable: () => void,
): RequirementCheck => {
  let isUsable = false;
  let failure: { readonly error: UnmetRequirementsError; readonly until: number } | null = null;
  let checking: Promise<void> | null = null;

  const setUsable = (value: boolean): void => {
    if (isUsable && !value) onUnusable();
    isUsable = value;
  };

  const check = async (): Promise<void> => {
    try {
      await inspect();
      setUsable(true);
    } catch (error) {
      if (error instanceof UnmetRequirementsError) {
        setUsable(error.unmet.every(isReadOnly));
        failure = { error, until: performance.now() + recheckAfterMs };
      }
      throw error;
    }
  };

  const checkOnce = async (): Promise<void> => {
    try {
      await check();
    } catch (error) {
      if (!isUsable) throw error;
    } finally {
      checking = null;
    }
  };

  return {
    check,
    reset: () => {
      setUsable(false);
      failure = null;
    },
    ensureMet: async () => {
      if (isUsable) return;
      if (failure !== null && performance.now() < failure.until) throw failure.error;
      await (checking ??= checkOnce());
    },
  };
};

/** Reads work on a read-only database, and PostgreSQL refuses writes itself. */
const isReadOnly = ({ severity }: Unmet): boolean => severity === 'read-only';
