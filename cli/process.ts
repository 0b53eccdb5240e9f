/** The process as commands see it: injected, so that tests can run a command line in their own. */
export interface Process {
  readonly cwd: string;
  /** Folder of the running program: `cli/` or `dist/`. */
  readonly here: string;
  readonly stdin: AsyncIterable<Uint8Array | string>;
  readonly stdout: NodeJS.WritableStream;
  readonly stderr: NodeJS.WritableStream;
  readonly colour: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Resolves when the user or the system asks the program to end. */
  readonly stopped: () => Promise<void>;
}
