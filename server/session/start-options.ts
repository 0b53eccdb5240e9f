/** `initializationOptions`: everything in it is optional, and nothing of it is needed. */
export interface StartOptions {
  /** Absent: true. LSP knows no trust; a client that does says so. */
  readonly trusted: boolean;
  /** The `piiGate` section, for clients that can't be asked for it. */
  readonly settings: unknown;
}

export function readStartOptions(options: unknown): StartOptions {
  const given = typeof options === 'object' && options !== null ? (options as Record<string, unknown>) : {};
  return { trusted: given['trusted'] !== false, settings: given['settings'] ?? given['piiGate'] };
}
