import { counterPrefix, countScript } from './count-script.ts';

/**
 * Each of these hash tags is in another sixteenth of the slots of a Redis Cluster, so that one node of several does not
 * have all of them.
 */
const hashTags = [10, 3, 61, 43, 11, 2, 60, 42, 12, 1, 63, 41, 13, 0, 62, 40];

/** Counts as a request does, so that it fails on a replica, without memory, without rights, while loading, … */
const probeCommands = hashTags.map((tag) => [
  'EVAL',
  countScript,
  '1',
  `${counterPrefix}:probe:{${tag}}`,
  '1',
  '1',
]);

/** Rejects with the first error, in words for people where the server is a node of a Redis Cluster. */
export const probe = async (send: (command: readonly string[]) => Promise<unknown>): Promise<void> => {
  try {
    await Promise.all(probeCommands.map(send));
  } catch (error) {
    throw isOfCluster(error) ? new ClusterError(error) : error;
  }
};

const isOfCluster = (error: unknown): error is Error =>
  error instanceof Error && /^(?:MOVED|ASK|TRYAGAIN|CROSSSLOT|CLUSTERDOWN) /.test(error.message);

/** The server does not have all keys. A count of those that it has would not be the limit that is configured. */
class ClusterError extends Error {
  override readonly name = 'ClusterError';

  constructor(cause: Error) {
    super(
      'The server is a node of a Redis Cluster, which is not supported. Set REDIS_URL to a single Redis, or to an address ' +
        `that leads to its current primary; of a managed service, to one with "cluster mode disabled" (${cause.message})`,
      { cause },
    );
  }
}
