/** Whether the service can do its work. */
export interface HealthCheck {
  /** False while the store cannot be reached; answers within a second, never rejects. */
  isReady(): Promise<boolean>;
}
