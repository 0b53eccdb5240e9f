/** The whole labelled corpus: the same on every machine. */
import type { LabelledDocument } from './document.ts';
import { fileKinds, writeDocument } from './file-kinds.ts';
import { writeProse } from './prose.ts';
import { Random } from './random.ts';

const perKind = 20;
const proseDocuments = 60;

/** More than 600 documents over some thirty kinds of file. `seed` other than the default makes a set nobody has tuned to. */
export function buildCorpus(seed = 20261122): readonly LabelledDocument[] {
  const random = new Random(seed);
  const documents: LabelledDocument[] = [];
  for (const kind of fileKinds) for (let index = 0; index < perKind; index++) documents.push(writeDocument(kind, `${kind.kind}-${index}`, random));
  for (let index = 0; index < proseDocuments; index++) documents.push(writeProse(`prose-${index}`, random));
  return documents;
}
