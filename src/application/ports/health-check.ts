/** Whether the service can do its work. */
export interface HealthCheck {
  /** False while the store cannot be reached. Resolves within one second and never rejects. */
  isReady(): Promise<boolean>;
}
