/** The state of the service between start and end. */
export interface Lifecycle {
  /** True from the signal to stop on: requests under way are finished, and clients have to connect to another instance. */
  readonly isStopping: boolean;
  /** Requests that were received and are not answered yet. */
  underWay: number;
}
