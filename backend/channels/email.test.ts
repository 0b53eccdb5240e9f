/** SMTP as it is met outside: an upgrade to TLS that is demanded, a certificate that is checked, a password that goes nowhere else. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test, type TestContext } from 'node:test';
import { SMTPServer } from 'smtp-server';
import { createEmail, type EmailSettings } from './email.ts';
import { summarise } from './summary.ts';
import { storedRequest } from './testing/stored-request.ts';

let folder: string;
let key: string;
let cert: string;
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'pii-gate-mail-'));
  const files = [join(folder, 'key.pem'), join(folder, 'cert.pem')] as const;
  execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', files[0], '-out', files[1], '-days', '2', '-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'], { stdio: 'ignore' });
  [key, cert] = [readFileSync(files[0], 'utf8'), readFileSync(files[1], 'utf8')];
});
after(() => rmSync(folder, { recursive: true, force: true }));

interface Relay { readonly port: number; readonly mails: { readonly secure: boolean; readonly text: string }[]; readonly passwords: { readonly secure: boolean; readonly password: string | undefined }[] }

async function relay(t: TestContext, options: { readonly starttls: boolean; readonly accept?: boolean }): Promise<Relay> {
  const mails: { secure: boolean; text: string }[] = [];
  const passwords: { secure: boolean; password: string | undefined }[] = [];
  const server = new SMTPServer({
    key, cert, authOptional: true, allowInsecureAuth: true, ...(options.starttls ? {} : { disabledCommands: ['STARTTLS'] }),
    onAuth(auth, session, done) {
      passwords.push({ secure: session.secure, password: auth.password ?? undefined });
      if (auth.password === 'right') done(null, { user: auth.username ?? '' });
      else done(new Error('no'));
    },
    onRcptTo: (_address, _session, done) => (options.accept === false ? done(Object.assign(new Error('no such mailbox'), { responseCode: 550 })) : done()),
    onData(stream, session, done) {
      let text = '';
      stream.on('data', (chunk: Buffer) => {
        text += chunk.toString('utf8');
      });
      stream.on('end', () => {
        mails.push({ secure: session.secure, text });
        done();
      });
    },
  });
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => new Promise<void>((resolve) => server.close(resolve)));
  return { port: (server.server.address() as AddressInfo).port, mails, passwords };
}

const summary = summarise(storedRequest(), 'https://gate.example.com');
const send = ({ port }: Relay, changes: Partial<EmailSettings> = {}) => createEmail({
  id: 'mail', host: 'localhost', port, tls: 'starttls', from: 'gate@example.com', reviewers: ['security@example.com'], timeoutMs: 3_000, ca: cert, wants: () => true, ...changes,
}).deliver({ id: 'd-1', channel: 'mail', requestId: summary.requestId, type: 'request.pending', at: 0, summary, attempts: 0 }, undefined, AbortSignal.timeout(5_000));

test('upgraded to TLS, signed in and sent', async (t) => {
  const server = await relay(t, { starttls: true });
  assert.deepEqual(await send(server, { user: 'gate', password: 'right' }), { kind: 'done' });
  assert.deepEqual(server.passwords, [{ secure: true, password: 'right' }]);
  assert.deepEqual(server.mails.map(({ secure }) => secure), [true]);
  assert.match(server.mails[0]?.text ?? '', /^Message-ID: <d-1@pii-gate>/m);
});

test('a relay that offers no upgrade gets neither mail nor password', async (t) => {
  const server = await relay(t, { starttls: false });
  assert.notEqual((await send(server, { user: 'gate', password: 'right' })).kind, 'done');
  assert.deepEqual([server.mails, server.passwords], [[], []]);
});

test('a relay whose certificate is not trusted, or is for another name, gets nothing', async (t) => {
  const server = await relay(t, { starttls: true });
  // Without its authority, and by a name that is not in it.
  for (const changes of [{ ca: '' }, { host: '127.0.0.1' }]) assert.notEqual((await send(server, { ...changes, user: 'gate', password: 'right' })).kind, 'done');
  assert.deepEqual([server.mails, server.passwords], [[], []]);
});

test('what will never work is not tried again; what may is', async (t) => {
  const server = await relay(t, { starttls: true });
  assert.equal((await send(server, { user: 'gate', password: 'wrong' })).kind, 'dead');
  assert.equal((await send(await relay(t, { starttls: true, accept: false }))).kind, 'dead');
  assert.equal((await send({ ...server, port: 1 })).kind, 'retry');
});
