/** Attributes of a span, named as in OpenTelemetry's semantic conventions. */
export type Attributes = Readonly<Record<string, string | number>>;

/** An open span. */
export interface Span {
  /** Replaces the name that the span was opened with. */
  name(name: string): void;
  /** Adds attributes; one of the same name is replaced. */
  add(attributes: Attributes): void;
  /** Marks the span as failed although nothing was thrown. */
  fail(): void;
}

/** Records spans. */
export interface Tracer {
  /**
   * Runs the work in a new span, a child of the current one. `carrier` has the header fields of a request: its
   * `traceparent` (W3C Trace Context) then names the parent. Rejects as the work does.
   */
  span<Result>(
    kind: 'server' | 'internal' | 'client',
    name: string,
    work: (span: Span) => Promise<Result>,
    carrier?: Readonly<Record<string, string | string[] | undefined>>,
  ): Promise<Result>;
}
