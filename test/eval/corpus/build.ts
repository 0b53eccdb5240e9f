/** The whole labelled corpus: the same on every machine. */
import type { LabelledDocument } from './document.ts';
import { embeddedKinds } from './embedded-kinds.ts';
import { fileKinds, writeDocument } from './file-kinds.ts';
import { writeChat, writeMail } from './letters.ts';
import { writeProse } from './prose.ts';
import { Random } from './random.ts';
import { traps } from './traps.ts';

const perKind = 20;
const proseDocuments = 60;
/** Mails, and as many chats. */
const letterDocuments = 30;

/** More than 1,000 documents over some fifty kinds of file. `seed` other than the default makes a set nobody has tuned to. */
export function buildCorpus(seed = 20261122): readonly LabelledDocument[] {
  const random = new Random(seed);
  const documents: LabelledDocument[] = [];
  for (const kind of fileKinds) for (let index = 0; index < perKind; index++) documents.push(writeDocument(kind, `${kind.kind}-${index}`, random));
  for (let index = 0; index < proseDocuments; index++) documents.push(writeProse(`prose-${index}`, random));
  for (const kind of embeddedKinds) for (let index = 0; index < perKind; index++) documents.push(writeDocument(kind, `${kind.kind}-${index}`, random));
  for (let index = 0; index < letterDocuments; index++) documents.push(writeMail(`mail-${index}`, random), writeChat(`chat-${index}`, random));
  return [...documents, ...traps];
}
