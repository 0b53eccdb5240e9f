/** What features outside scanning need of open documents. */
export interface OpenText {
  readonly uri: string;
  readonly languageId: string;
  readonly version: number;
  text(): string;
}

export interface OpenTexts {
  get(uri: string): OpenText | undefined;
  onDidChange(listener: (uri: string) => void): { dispose(): void };
  onDidClose(listener: (uri: string) => void): { dispose(): void };
}
