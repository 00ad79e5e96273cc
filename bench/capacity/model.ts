import { requestKinds, type Costs, type Mode, type RequestKind } from './costs.ts';

/** How people use the service, and how much of a machine may be used. */
export type Habits = Readonly<Record<RequestKind, number>> & {
  /** The share of users who use the service on a day. The requests above are those of such a user on such a day. */
  readonly activeShare: number;
  /** The requests per second of the busiest minute, as a multiple of those of an average one. */
  readonly peakFactor: number;
  /** The share of all users who have an event stream open in the busiest minute. */
  readonly streamShare: number;
  /** Tasks that a user has stored, those in the trash too. */
  readonly tasksPerUser: number;
  /** Size of tables that are written to, as a multiple of that of tables that were filled. */
  readonly growthOfTables: number;
  /** The share of a core that may be used in the busiest minute. */
  readonly maxUtilization: number;
  /** Event streams of an instance: `EVENT_STREAMS_MAX`. */
  readonly streamsPerInstance: number;
  /** Connections of an instance to the database: `DATABASE_POOL_MAX`. */
  readonly connectionsPerInstance: number;
};

export const defaultHabits: Habits = {
  list: 20,
  unchanged: 40,
  get: 10,
  create: 4,
  complete: 6,
  activeShare: 0.2,
  peakFactor: 5,
  streamShare: 0.01,
  tasksPerUser: 100,
  growthOfTables: 1.5,
  maxUtilization: 0.5,
  streamsPerInstance: 1000,
  connectionsPerInstance: 10,
};

/** What a number of users needs. */
export interface Capacity {
  readonly users: number;
  /** In the busiest minute. */
  readonly requestsPerSecond: number;
  readonly streams: number;
  /** Each uses one core. At least two, so that one can be replaced. */
  readonly instances: number;
  readonly databaseCores: number;
  readonly connections: number;
  readonly walGbPerDay: number;
  readonly storageGb: number;
}

const secondsPerDay = 86_400;
const gigabyte = 1e9;

/** Averages alone: no cache that is too small, no disk that is too slow, no failure. */
export const capacityFor = (users: number, habits: Habits, costs: Costs, mode: Mode): Capacity => {
  const cost = costs[mode];
  const ofRequests = (pick: (kind: RequestKind) => number) =>
    requestKinds.reduce((sum, kind) => sum + habits[kind] * pick(kind), 0);
  const activeUsers = users * habits.activeShare;
  const peak = (activeUsers / secondsPerDay) * habits.peakFactor;
  const streams = users * habits.streamShare;
  /** Of CPU milliseconds per second. */
  const cores = (ms: number) => ms / 1000 / habits.maxUtilization;
  const serviceCores = cores(
    peak * ofRequests((kind) => cost[kind].serviceCpuMs) + streams * cost.stream.serviceCpuMs,
  );
  const instances = Math.max(2, Math.ceil(serviceCores), Math.ceil(streams / habits.streamsPerInstance));
  return {
    users,
    requestsPerSecond: peak * ofRequests(() => 1),
    streams,
    instances,
    databaseCores: Math.ceil(
      cores(peak * ofRequests((kind) => cost[kind].databaseCpuMs) + streams * cost.stream.databaseCpuMs),
    ),
    connections: instances * habits.connectionsPerInstance,
    walGbPerDay: (activeUsers * ofRequests((kind) => cost[kind].walBytes)) / gigabyte,
    storageGb:
      (users * habits.growthOfTables * (habits.tasksPerUser * costs.bytesPerTask + costs.bytesPerUser)) /
      gigabyte,
  };
};
