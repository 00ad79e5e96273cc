import type { Unmet } from './requirements.ts';
import { UnmetRequirementsError } from './unmet-error.ts';

/** Keeps requests from a database that lacks what the statements rely on. */
export interface RequirementGate {
  /** Resolves once the database was found to be prepared. Rejects with {@link UnmetRequirementsError}, or as the check does. */
  pass(): Promise<void>;
  /** Checks now. Rejects also for a database that is read-only. */
  check(): Promise<void>;
  /** The next request checks again. */
  close(): void;
}

/** How long requests are refused without another check, in milliseconds. */
const retryMilliseconds = 500;

/** `inspect` rejects with {@link UnmetRequirementsError} for a database with anything unmet. */
export const createRequirementGate = (inspect: () => Promise<void>): RequirementGate => {
  let isOpen = false;
  let refusal: { readonly error: UnmetRequirementsError; readonly until: number } | null = null;
  let passing: Promise<void> | null = null;

  const check = async (): Promise<void> => {
    try {
      await inspect();
      isOpen = true;
    } catch (error) {
      if (error instanceof UnmetRequirementsError) {
        isOpen = error.unmet.every(isReadOnly);
        refusal = { error, until: performance.now() + retryMilliseconds };
      }
      throw error;
    }
  };

  const checkOnce = async (): Promise<void> => {
    try {
      await check();
    } catch (error) {
      if (!isOpen) throw error;
    } finally {
      passing = null;
    }
  };

  return {
    check,
    close: () => {
      [isOpen, refusal] = [false, null];
    },
    pass: async () => {
      if (isOpen) return;
      if (refusal !== null && performance.now() < refusal.until) throw refusal.error;
      await (passing ??= checkOnce());
    },
  };
};

/** Reads work on a read-only database, and PostgreSQL refuses writes itself. */
const isReadOnly = ({ severity }: Unmet): boolean => severity === 'read-only';
