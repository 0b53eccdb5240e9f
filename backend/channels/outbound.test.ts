import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import type { LookupAddress } from 'node:dns';
import { addressProblem, guardedLookup, isSpecialAddress, OutboundError, post } from './outbound.ts';

const strict = { allowPrivateHosts: [], timeoutMs: 1_000 };

const addresses: readonly (readonly [string, boolean])[] = [
  ['127.0.0.1', true], ['10.1.2.3', true], ['172.16.0.1', true], ['172.32.0.1', false], ['192.168.1.1', true], ['169.254.169.254', true], ['100.64.0.1', true],
  ['0.0.0.0', true], ['224.0.0.1', true], ['255.255.255.255', true], ['198.51.100.7', true], ['8.8.8.8', false], ['1.1.1.1', false],
  ['::1', true], ['::', true], ['fe80::1', true], ['fd00::1', true], ['::ffff:127.0.0.1', true], ['::ffff:7f00:1', true], ['64:ff9b::7f00:1', true], ['2002:7f00:1::', true],
  ['2001:db8::1', true], ['2606:4700:4700::1111', false], ['not an address', true],
];
for (const [address, special] of addresses) test(`${address} is ${special ? 'special' : 'public'}`, () => assert.equal(isSpecialAddress(address), special));

const refused = [
  'http://example.com/hook', 'https://127.0.0.1/', 'https://[::1]/', 'https://[::ffff:169.254.169.254]/', 'https://169.254.169.254/latest/meta-data', 'https://2130706433/', 'https://0x7f.1/', 'https://0177.0.0.1/',
  'ftp://example.com', 'file:///etc/passwd', 'https://user:secret@example.com/', 'gopher://example.com', 'not an address',
];
for (const address of refused) test(`refused: ${address}`, () => assert.notEqual(addressProblem(address, strict), undefined));

test('accepted: a public https address, and what the operator allowed', () => {
  assert.equal(addressProblem('https://hooks.example.com/a?b=c', strict), undefined);
  assert.equal(addressProblem('http://127.0.0.1:8080/', { ...strict, allowPrivateHosts: ['127.0.0.1'] }), undefined);
});

test('a name that leads to this machine is refused when it is resolved', async () => {
  await assert.rejects(post('https://localhost:1/', '{}', {}, strict), (error) => error instanceof OutboundError && !error.retry);
});

const answers: readonly [what: string, addresses: readonly string[], reached: readonly string[] | undefined][] = [
  ['a public address', ['1.1.1.1'], ['1.1.1.1']],
  ['a private one', ['10.0.0.1'], undefined],
  ['a public one beside a private one', ['1.1.1.1', '127.0.0.1'], undefined],
  ['the cloud\'s metadata service', ['169.254.169.254'], undefined],
  ['an IPv6 address that maps a private one', ['::ffff:10.0.0.1'], undefined],
  ['none', [], undefined],
];
for (const [what, addresses, reached] of answers) {
  test(`a name that resolves to ${what} is ${reached ? 'reached there' : 'refused'}`, async () => {
    for (const all of [true, false]) {
      const resolve = ((_name: string, _options: object, callback: (error: null, found: LookupAddress[]) => void) => callback(null, addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })))) as never;
      const found = await new Promise((done) => guardedLookup(false, resolve)('hooks.example.com', { all }, (error, got) => done(error instanceof OutboundError && !error.retry ? undefined : Array.isArray(got) ? got.map(({ address }) => address) : [got])));
      assert.deepEqual(found, reached);
    }
  });
}

test('DNS rebinding: each connection asks once and goes to what was judged; the next answer is judged again', async () => {
  const told = [['1.1.1.1'], ['127.0.0.1']];
  let asked = 0;
  const resolve = ((_name: string, _options: object, callback: (error: null, found: LookupAddress[]) => void) => {
    callback(null, (told[asked] ?? []).map((address) => ({ address, family: 4 })));
    asked += 1;
  }) as never;
  const ask = () => new Promise((done) => guardedLookup(false, resolve)('rebind.example.com', { all: false }, (error, address) => done(error ? 'refused' : address)));
  assert.deepEqual([await ask(), await ask(), asked], ['1.1.1.1', 'refused', 2]);
});

test('redirects are not followed, and a slow receiver is given up', async () => {
  let hits = 0;
  const server = createServer((request, response) => {
    hits += 1;
    if (request.url === '/slow') return;
    response.writeHead(302, { location: '/elsewhere' }).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const policy = { allowPrivateHosts: ['127.0.0.1'], timeoutMs: 150 };
  assert.equal((await post(`${base}/`, '{}', {}, policy)).status, 302);
  assert.equal(hits, 1);
  await assert.rejects(post(`${base}/slow`, '{}', {}, policy), (error) => error instanceof OutboundError && error.retry);
  server.closeAllConnections();
  server.close();
});
