/** Where the service is between its start and its end. */
export interface Lifecycle {
  /** It has been told to stop: what has begun is finished, and whoever asks for more is sent elsewhere. */
  readonly isStopping: boolean;
  /** How many requests have been received and not been answered yet. */
  underWay: number;
}
