/** Mails and chats: people talk about people, in their own words. `{ENTITY}` is a value, `<name>` something harmless. */
import { type LabelledDocument, LabelledText } from './document.ts';
import { neutralFields, personalFields } from './fields.ts';
import * as people from './people.ts';
import type { Random } from './random.ts';

const mailLines: readonly string[] = [
  'thanks for the call on Monday. My new number is {PHONE_NUMBER}.',
  'please send the contract to {ADDRESS} before the end of the month.',
  'my colleague {PERSON} will follow up with the numbers.',
  'the card {CREDIT_CARD} was declined, can you check?',
  'I was born on {DATE_OF_BIRTH}, so the form should have accepted it.',
  'the transfer goes to {IBAN_CODE}; the reference is <order number>.',
  'the build <build> fails on the second node since the upgrade.',
  'see the attached log; the request id was <request id>.',
  'we spoke to {PERSON} about the refund.',
  'could you add {EMAIL_ADDRESS} to the list?',
];

function line(out: LabelledText, sentence: string, random: Random): void {
  for (const part of sentence.split(/(\{[A-Z_]+\}|<[a-z ]+>)/)) {
    const personal = personalFields.find((field) => part === `{${field.entity}}`);
    const neutral = neutralFields.find((field) => field.names.some((name) => part === `<${name}>`));
    if (personal !== undefined) out.value(personal.value(random), personal.entity);
    else out.add(neutral === undefined ? part : neutral.value(random));
  }
}

export function writeMail(id: string, random: Random): LabelledDocument {
  const out = new LabelledText();
  const sender = people.fullName(random);
  out.add('From: ').value(sender, 'PERSON').add(' <').value(people.email(random), 'EMAIL_ADDRESS').add('>\n');
  out.add('To: "').value(people.fullName(random), 'PERSON').add('" <').value(people.email(random), 'EMAIL_ADDRESS').add('>\n');
  out.add(`Subject: Invoice ${random.int(1000, 9999)}\nDate: Mon, ${random.int(1, 28)} Mar 2026 08:10:02 +0100\nMIME-Version: 1.0\n\nHello,\n\n`);
  for (const sentence of random.sample(mailLines, random.int(3, 5))) { line(out, sentence, random); out.add('\n'); }
  out.add('\nBest regards,\n').value(sender, 'PERSON').add('\n');
  return out.finish(id, 'mail', 'eml', `${id}.eml`);
}

export function writeChat(id: string, random: Random): LabelledDocument {
  const out = new LabelledText();
  for (const sentence of random.sample(mailLines, random.int(4, 7))) {
    out.add(`[0${random.int(1, 9)}:${random.int(10, 59)}] ${random.pick(['agent', 'customer', 'bot'])}: `);
    line(out, sentence, random);
    out.add('\n');
  }
  return out.finish(id, 'chat', 'plaintext', `${id}.txt`);
}
