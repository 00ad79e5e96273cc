import autocannon, { type Request } from 'autocannon';

/** The results of one round of one scenario against one service. */
export interface Round {
  readonly requestsPerSecond: number;
  readonly p50: number;
  readonly p99: number;
  readonly requests: number;
  /** Responses other than 2xx and 304, and requests without a response. Any failure invalidates the round. */
  readonly failures: number;
}

export const connections = 32;

/** Sends the requests in a loop; every connection starts at another position of the list. */
export const load = async (url: string, requests: readonly Request[], seconds: number): Promise<Round> => {
  let connection = 0;
  const result = await autocannon({
    url,
    connections,
    duration: seconds,
    setupClient: (client) => {
      const start = Math.floor((connection++ * requests.length) / connections);
      client.setRequests([...requests.slice(start), ...requests.slice(0, start)]);
    },
  });
  const bad = result['4xx'] + result['5xx'] + result.errors + result.timeouts;
  return {
    requestsPerSecond: result.requests.average,
    p50: result.latency.p50,
    p99: result.latency.p99,
    requests: result.requests.total,
    failures: bad,
  };
};
