/** Quick fixes on a statement: rewrites that remove the need to ask, or make the approval smaller. */
import { emptyCatalogue } from '#core/statement/catalogue.ts';
import type { Connections } from '#query/connections/connections.ts';
import type { GateContext } from './gate-context.ts';
import type { GateAction } from './gate-deps.ts';

/** As for lenses: a little behind the schema does no harm, the changed statement is judged anew before it runs. Milliseconds. */
const CATALOGUE_AGE_MS = 30_000;

/** @param connectionId the connection that the document was last looked at with; without one nothing is known of its tables */
export async function statementActions(uri: string, start: number, end: number, connectionId: string | undefined, context: GateContext, connections: Connections): Promise<readonly GateAction[]> {
  const settings = connectionId === undefined ? undefined : connections.get(connectionId);
  const text = context.texts.get(uri)?.text();
  if (!settings || text === undefined || !context.trusted()) return [];
  const [{ analyser, inventory }, detector, policy] = await Promise.all([context.tools(), context.detector(), context.dataPolicy(uri)]);
  const catalogue = await connections.catalogue(settings.id, undefined, CATALOGUE_AGE_MS).catch(() => emptyCatalogue());
  const known = inventory(detector, policy.entries, catalogue);
  return analyser.split(text, settings.dialect).filter((span) => span.start <= end && start <= span.end).flatMap((span) =>
    analyser.suggest(text.slice(span.start, span.end), settings.dialect, catalogue, known, detector).map(({ title, edits, harmless }) => ({
      title, ...(harmless ? { preferred: true } : {}),
      edits: edits.map((edit) => ({ start: edit.start + span.start, end: edit.end + span.start, text: edit.text })),
    })));
}
