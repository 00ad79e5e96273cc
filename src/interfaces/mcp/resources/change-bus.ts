import type { ServerEvent, ServerEventBus } from '@modelcontextprotocol/server';
import type { UseCases } from '../../../application/use-cases.ts';
import type { Revision } from '../../../domain/task.ts';
import type { UserId } from '../../../domain/user.ts';
import { listUri, taskUri } from './uris.ts';

/** The most changes that are looked at one by one. */
const maxChanges = 1000;

interface ChangeBusOptions {
  readonly use: Pick<UseCases, 'followRevisions' | 'listChanges'>;
  readonly user: UserId;
  /** The resources that the client has subscribed to. */
  readonly uris: readonly string[];
}

/**
 * The events of one subscription of one user. The list, `tasks://list`, has the same address for all users; so a bus that
 * users share would tell one of them when another writes.
 *
 * Each resource is reported once at the beginning, because it may have changed between the client's last read and this
 * subscription. Where the changes cannot be read one by one, every resource is reported: a client reads once too often, and
 * misses nothing.
 */
export class ChangeBus implements ServerEventBus {
  readonly #options: ChangeBusOptions;
  /** Ends what follows the counter; null while nothing does. */
  #stop: (() => void) | null = null;
  #seen: Revision | null = null;
  #reading: Promise<void> = Promise.resolve();

  constructor(options: ChangeBusOptions) {
    this.#options = options;
  }

  /** Whether a subscription was begun. */
  get isFollowed(): boolean {
    return this.#stop !== null;
  }

  publish(): void {
    // Only the store is a source of events.
  }

  subscribe(listener: (event: ServerEvent) => void): () => void {
    const { use, user } = this.#options;
    let isOpen = true;
    const report = (uri: string): void => {
      if (isOpen) listener({ kind: 'resource_updated', uri });
    };
    const stop = use.followRevisions(user, (revision) => {
      this.#reading = this.#reading.then(() => (isOpen ? this.#reportChanges(revision, report) : undefined));
    });
    this.#stop = () => {
      isOpen = false;
      stop();
    };
    return this.#stop;
  }

  async #reportChanges(revision: Revision, report: (uri: string) => void): Promise<void> {
    const seen = this.#seen;
    this.#seen = revision;
    for (const uri of await this.#changedSince(seen)) report(uri);
  }

  async #changedSince(seen: Revision | null): Promise<readonly string[]> {
    const { use, user, uris } = this.#options;
    if (seen === null) return uris;
    if (uris.every((uri) => uri === listUri)) return [listUri];
    try {
      const page = await use.listChanges(user, seen, maxChanges);
      return page.hasMore ? uris : [listUri, ...page.changes.map(({ id }) => taskUri(id))];
    } catch {
      return uris; // the store observes its failures itself
    }
  }
}
