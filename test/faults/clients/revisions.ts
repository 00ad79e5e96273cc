import type { Ledger } from './ledger.ts';

/** Checks the revisions of a user whose writes are sent one after another: each revision needs one write. */
export interface RevisionTrail {
  /** A write was acknowledged with this revision; undefined: its response has none (a deletion). */
  acknowledged(revision: number | undefined): void;
  refused(): void;
  unknown(): void;
}

export const followRevisions = (ledger: Ledger): RevisionTrail => {
  /** Writes that may have taken a revision which no later revision has confirmed yet. */
  let [unknown, refused] = [0, 0];

  return {
    acknowledged: (revision) => {
      if (revision === undefined) {
        ledger.revision += 1;
        return;
      }
      if (revision <= ledger.revision) {
        ledger.repeated += 1;
        return;
      }
      const unexplained = Math.max(0, revision - ledger.revision - 1 - unknown);
      unknown = Math.max(0, unknown - (revision - ledger.revision - 1));
      const doneThoughRefused = Math.min(unexplained, refused);
      refused -= doneThoughRefused;
      ledger.doneThoughRefused += doneThoughRefused;
      ledger.doubled += unexplained - doneThoughRefused;
      ledger.revision = revision;
    },
    refused: () => (refused += 1),
    unknown: () => (unknown += 1),
  };
};
