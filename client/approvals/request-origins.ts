/** Where the statement of a request stands: remembered across reloads, so that an answer to a wish for changes finds its file. Places only, never text. */
import { type Disposable, type Memento, workspace } from 'vscode';
import type { Origin } from '../run/operation.ts';
import type { RunController } from '../run/run-controller.ts';

const key = 'requestOrigins';
const kept = 100;

export interface RequestOrigins extends Disposable {
  of(requestId: string): Origin | undefined;
  /** Ids of the requests whose statement stands in a document. */
  in(uri: string): readonly string[];
}

export function createRequestOrigins(runs: RunController, memory: Memento): RequestOrigins {
  const origins = new Map(Object.entries(memory.get<Readonly<Record<string, Origin>>>(key, {})));
  const save = (): void => void memory.update(key, Object.fromEntries([...origins].slice(-kept)));
  const subscriptions = [
    runs.onDidChange(({ operation: { origin }, state }) => {
      if (state.state !== 'pending' || origin === undefined || origins.has(state.requestId)) return;
      origins.set(state.requestId, origin);
      save();
    }),
    // Text before the statement moves it; text inside it makes it longer.
    workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      const uri = document.uri.toString();
      for (const [id, origin] of origins) {
        if (origin.uri !== uri) continue;
        let { start, end } = origin.range;
        for (const { rangeOffset, rangeLength, text } of contentChanges) {
          const grown = text.length - rangeLength;
          if (rangeOffset + rangeLength <= start && rangeOffset < start) start += grown;
          if (rangeOffset < end) end += grown;
        }
        origins.set(id, { uri, range: { start: Math.max(0, start), end: Math.max(0, start, end) } });
      }
    }),
    workspace.onDidSaveTextDocument(save),
  ];
  return {
    of: (requestId) => origins.get(requestId),
    in: (uri) => [...origins].flatMap(([id, origin]) => origin.uri === uri ? [id] : []),
    dispose() { for (const subscription of subscriptions) subscription.dispose(); },
  };
}
