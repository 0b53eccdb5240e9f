/** Parse and Describe without Execute (PostgreSQL protocol 3.0, "Extended Query"): what a statement would give, without running it. */
import type pg from 'pg';

/** The part of `pg`'s connection that a submittable uses. `@types/pg` does not describe it. */
interface Wire {
  parse(query: { name: string; text: string; types: readonly number[] }): void;
  describe(message: { type: 'S'; name: string }): void;
  sync(): void;
  on(event: 'parameterDescription', listener: (message: { parameterCount?: number }) => void): void;
  removeListener(event: 'parameterDescription', listener: (message: { parameterCount?: number }) => void): void;
}

export interface Described { readonly fields: readonly pg.FieldDef[]; readonly parameters: number }

/** Rejects with the server's error. More than one statement in `text` is refused by the server itself (42601). */
export function describeStatement(client: pg.Client, text: string): Promise<Described> {
  return new Promise((resolve, reject) => {
    let fields: readonly pg.FieldDef[] = [];
    let parameters = 0;
    const count = (message: { parameterCount?: number }): void => { parameters = message.parameterCount ?? 0; };
    let wire: Wire | undefined;
    const submittable = {
      submit(connection: Wire): void {
        wire = connection;
        connection.on('parameterDescription', count);
        connection.parse({ name: '', text, types: [] });
        connection.describe({ type: 'S', name: '' });
        connection.sync();
      },
      handleRowDescription(message: { fields: pg.FieldDef[] }): void { fields = message.fields; },
      handleParseComplete(): void { /* nothing to do: the description follows */ },
      handleDataRow(): void { /* never: nothing is executed */ },
      handleCommandComplete(): void { /* never */ },
      handleEmptyQuery(): void { /* an empty text has no columns */ },
      handlePortalSuspended(): void { /* never */ },
      // `pg` forgets the active query on an error; the ReadyForQuery that Sync brings frees the connection for the next one.
      handleError(error: Error): void { wire?.removeListener('parameterDescription', count); reject(error); },
      handleReadyForQuery(): void { wire?.removeListener('parameterDescription', count); resolve({ fields, parameters }); },
    };
    client.query(submittable as unknown as pg.Submittable);
  });
}
