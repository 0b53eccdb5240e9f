/** The page's only way out. */
export interface Host<From> {
  post(message: From): void;
  getState(): unknown;
  setState(state: unknown): void;
}

declare function acquireVsCodeApi<From>(): { postMessage(message: From): void; getState(): unknown; setState(state: unknown): void };

export function createHost<From>(): Host<From> {
  const api = acquireVsCodeApi<From>();
  return { post: (message) => api.postMessage(message), getState: () => api.getState(), setState: (state) => { api.setState(state); } };
}
