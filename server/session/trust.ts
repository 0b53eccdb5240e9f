/** Whether the user trusts the workspace. Untrusted: nothing the workspace brings may switch rules off or allow values. */
export class Trust {
  private trusted: boolean;
  private readonly listeners = new Set<() => void>();

  constructor(trusted: boolean) {
    this.trusted = trusted;
  }

  get(): boolean {
    return this.trusted;
  }

  set(trusted: boolean): void {
    if (trusted === this.trusted) return;
    this.trusted = trusted;
    for (const listener of this.listeners) listener();
  }

  onDidChange(listener: () => void): void {
    this.listeners.add(listener);
  }
}
