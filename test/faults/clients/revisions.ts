import type { Ledger } from './ledger.ts';

/** Follows the revisions of a user whose writes are sent one after another, so that each is explained by one write. */
export interface RevisionTrail {
  /** A write was acknowledged, with this revision; undefined where its answer has none (a deletion). */
  acknowledged(revision: number | undefined): void;
  refused(): void;
  unknown(): void;
}

export const followRevisions = (ledger: Ledger): RevisionTrail => {
  /** Writes since the first that may have taken a revision, and of which no later revision has shown it yet. */
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
