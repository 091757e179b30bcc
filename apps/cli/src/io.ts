/** A stream that text is written to; `isTTY` tells whether a person is watching. */
export interface Sink {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** All that the command line touches of the process, so that tests can stand in for it. */
export interface Io {
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: Sink;
  readonly stderr: Sink;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly clock: () => number;
  /** Aborted by Ctrl-C, by SIGTERM and by a reader that went away. */
  readonly signal: AbortSignal;
}
