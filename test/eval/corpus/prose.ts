/** Free text as people write it in tickets, chats and comments: `{ENTITY}` is a value, `<name>` something harmless. */
import { type LabelledDocument, LabelledText } from './document.ts';
import { neutralFields, personalFields } from './fields.ts';
import type { Random } from './random.ts';

const sentences: readonly string[] = [
  'Customer {PERSON} called again from {PHONE_NUMBER} and wants the invoice resent to {EMAIL_ADDRESS}.',
  'Hi team, could you please refund the card {CREDIT_CARD}? The order is <order number>.',
  'Please wire the refund to {IBAN_CODE}, account holder {PERSON}.',
  'The request came from {IP_ADDRESS} at <timestamp> and failed with status 502.',
  'Her social security number is {US_SSN}, please update the record.',
  'Mr. {PERSON} moved to {ADDRESS} last month.',
  'Patient, NHS number {UK_NHS}, was seen on Tuesday; next visit in May.',
  'National insurance number {UK_NINO} was rejected by the form.',
  'Der Kunde nannte uns seine Steuer-ID {DE_TAX_ID} am Telefon.',
  'Le numéro de sécurité sociale {FR_NIR} est refusé par le formulaire.',
  'El DNI del cliente es {ES_NIF} y su correo es {EMAIL_ADDRESS}.',
  'Il codice fiscale {IT_FISCAL_CODE} risulta già registrato.',
  'Het BSN {NL_BSN} staat dubbel in de lijst.',
  'PESEL klienta to {PL_PESEL}.',
  'O CPF {BR_CPF} já está cadastrado.',
  'Date of birth on file is {DATE_OF_BIRTH}, which does not match the passport.',
  'Contact {PERSON} ({EMAIL_ADDRESS}) for access.',
  'We shipped build <build> with checksum <checksum> on Friday.',
  'See request <request id>; the score was <score> and the retry took <duration ms> ms.',
  'Mark the ticket as done once Grace period ends; Will will not be needed in April.',
  'The Java service on <host> logs the class name <class name> for every call.',
  'Rose the limit to 4096 and bumped <package>; hope the Jordan release is fine.',
];

export function writeProse(id: string, random: Random): LabelledDocument {
  const out = new LabelledText();
  const markdown = random.chance(0.5);
  if (markdown) out.add(`# Ticket ${random.int(1000, 9999)}\n\n`);
  for (const sentence of random.sample(sentences, random.int(4, 7))) {
    for (const part of sentence.split(/(\{[A-Z_]+\}|<[a-z ]+>)/)) {
      const personal = personalFields.find((field) => part === `{${field.entity}}`);
      const neutral = neutralFields.find((field) => field.names.some((name) => part === `<${name}>`));
      if (personal !== undefined) out.value(personal.value(random), personal.entity);
      else out.add(neutral === undefined ? part : neutral.value(random));
    }
    out.add(markdown ? '\n\n' : ' ');
  }
  return markdown ? out.finish(id, 'markdown', 'markdown', `${id}.md`) : out.finish(id, 'prose', 'plaintext', `${id}.txt`);
}
