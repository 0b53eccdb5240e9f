import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../../cli/main.ts', import.meta.url));

interface Ran { readonly code: number | null; readonly out: string; readonly err: string }

function pii(args: readonly string[], input: string | Uint8Array = '', cwd?: string, env: Record<string, string> = {}): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', main, ...args], { ...(cwd === undefined ? {} : { cwd }), env: { ...process.env, ...env } });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, out: Buffer.concat(out).toString(), err: Buffer.concat(err).toString() }));
    child.stdin.on('error', () => {});
    child.stdin.end(input);
  });
}

const lines = (text: string): Record<string, unknown>[] => text.trim().split('\n').filter((line) => line !== '').map((line) => JSON.parse(line) as Record<string, unknown>);

/** Planted values that no output may hold. */
const canaries = ['canary.person@acme-shop.com', '536-90-4399', '4539 1488 0343 6467'];
const planted = canaries.map((value, index) => `ssn card mail ${index}: ${value}`).join('\n');

suite('scan of a tree', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'pii-gate-cli-'));
    for (const sub of ['src', 'out', 'src/deep', '.git']) mkdirSync(join(folder, sub));
    writeFileSync(join(folder, '.gitignore'), 'out/\n*.tmp\n');
    writeFileSync(join(folder, 'src/deep/.gitignore'), '!keep.tmp\n');
    writeFileSync(join(folder, 'src/a.txt'), `x\n😀 ${planted}\n`);
    writeFileSync(join(folder, 'src/deep/keep.tmp'), `mail ${canaries[0]}`);
    writeFileSync(join(folder, 'src/drop.tmp'), `mail ${canaries[0]}`);
    writeFileSync(join(folder, 'out/built.txt'), `mail ${canaries[0]}`);
    writeFileSync(join(folder, 'image.bin'), Buffer.from([0x89, 0, 1, 2, 0, ...Buffer.from(canaries[0]!)]));
    writeFileSync(join(folder, 'latin.txt'), Buffer.concat([Buffer.from('caf'), Buffer.from([0xe9, 0x20]), Buffer.from(canaries[0]!)]));
    writeFileSync(join(folder, 'clean.txt'), 'nothing\n');
  });
  after(() => rmSync(folder, { recursive: true }));

  test('text: places, .gitignore respected, exit 1', async () => {
    const { code, out, err } = await pii(['scan', '.'], '', folder);
    assert.equal(code, 1);
    assert.equal(err, 'pii-gate: 1 of 7 files not scanned: binary.\n', 'what was skipped is said, and not on standard output');
    assert.deepEqual(out.trim().split('\n').map((line) => line.split(' ')[0]), ['latin.txt:1:6:', 'src/a.txt:2:21:', 'src/a.txt:3:18:', 'src/a.txt:4:18:', 'src/deep/keep.tmp:1:6:']);
  });
  test('--no-gitignore and --exclude', async () => {
    const { out } = await pii(['scan', '.', '--no-gitignore', '--exclude', 'src', 'latin*'], '', folder);
    assert.match(out, /^out\/built.txt:1:6: /);
  });
  test('a clean file exits 0, a missing one 2 while the rest is scanned', async () => {
    assert.deepEqual(await pii(['scan', 'clean.txt'], '', folder), { code: 0, out: '', err: '' });
    const { code, out, err } = await pii(['scan', 'missing.txt', 'latin.txt'], '', folder);
    assert.deepEqual([code, err], [2, 'pii-gate: missing.txt does not exist.\n']);
    assert.match(out, /^latin.txt:1:6/);
  });
  test('json: UTF-16 offsets, lines and columns, binaries named', async () => {
    const { out } = await pii(['scan', '.', '--format', 'json'], '', folder);
    const report = JSON.parse(out) as { findings: { path: string; start: number; end: number; line: number; column: number; entity: string }[]; limits: object[]; summary: object };
    const mail = report.findings.find(({ path, entity }) => path === 'src/a.txt' && entity === 'EMAIL_ADDRESS')!;
    assert.deepEqual([mail.start, mail.end, mail.line, mail.column], [22, 22 + canaries[0]!.length, 2, 21]);
    assert.deepEqual(report.limits, [{ path: 'image.bin', kind: 'binary', why: 'holds NUL bytes' }]);
    assert.deepEqual({ ...report.summary, bytes: 0, elapsedMs: 0 }, { files: 7, bytes: 0, findings: 5, errors: 0, skipped: 1, known: 0, elapsedMs: 0 });
  });
  test('jsonl: a finding a line', async () => {
    const { out } = await pii(['scan', 'src', '--format', 'jsonl'], '', folder);
    assert.deepEqual(lines(out).map(({ path }) => path), ['src/a.txt', 'src/a.txt', 'src/a.txt', 'src/deep/keep.tmp']);
  });
  test('sarif: one run, rules by index, UTF-16 columns, no snippet', async () => {
    const { out } = await pii(['scan', '.', '--format', 'sarif'], '', folder);
    const log = JSON.parse(out) as { version: string; runs: { columnKind: string; tool: { driver: { rules: { id: string }[] } }; results: { ruleId: string; ruleIndex: number; locations: { physicalLocation: { artifactLocation: { uri: string }; region: Record<string, unknown> } }[] }[] }[] };
    assert.equal(log.version, '2.1.0');
    const [run] = log.runs;
    assert.equal(run!.columnKind, 'utf16CodeUnits');
    assert.equal(run!.results.length, 5);
    for (const { ruleId, ruleIndex, locations } of run!.results) {
      assert.equal(run!.tool.driver.rules[ruleIndex]!.id, ruleId);
      assert.deepEqual(Object.keys(locations[0]!.physicalLocation.region), ['startLine', 'startColumn', 'endLine', 'endColumn', 'charOffset', 'charLength']);
    }
    assert.equal(run!.results[0]!.locations[0]!.physicalLocation.artifactLocation.uri, 'latin.txt');
  });
  test('no format shows a planted value', async () => {
    for (const format of ['text', 'json', 'jsonl', 'sarif']) {
      const { out, err } = await pii(['scan', '.', '--format', format], '', folder);
      assert.ok(out.length > 0);
      for (const canary of canaries) assert.ok(!(out + err).includes(canary), `${canary} in ${format}`);
      assert.doesNotMatch(out + err, /canary|5369 ?0|0343/);
    }
  });
});

test('standard input with a language', async () => {
  const { code, out } = await pii(['scan', '-', '--language', 'json', '--format', 'jsonl'], '{"ssn": "536-90-4399"}');
  assert.equal(code, 1);
  assert.deepEqual(lines(out).map(({ path, entity, start, column }) => [path, entity, start, column]), [['<stdin>', 'US_SSN', 9, 10]]);
});

test('--min-confidence 1 leaves out what is not certain', async () => {
  assert.equal((await pii(['scan', '-', '--min-confidence', '1'], `call ${canaries[0]}`)).code, 0);
});

suite('many files', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'pii-gate-many-'));
    for (let index = 0; index < 2100; index++) writeFileSync(join(folder, `f${index}.txt`), index % 100 === 0 ? `mail person${index}@acme-shop.com\n` : 'nothing\n');
  });
  after(() => rmSync(folder, { recursive: true }));
  test('threads give what one thread gives, in the same order', async () => {
    const one = await pii(['scan', folder, '--threads', '1', '--format', 'jsonl']);
    const two = await pii(['scan', folder, join(folder, 'missing'), '--threads', '2', '--format', 'jsonl']);
    assert.equal(lines(one.out).length, 21);
    assert.deepEqual(lines(two.out).filter((row) => !('error' in row)), lines(one.out));
    assert.deepEqual([one.code, two.code], [1, 2]);
  });
});

suite('a baseline', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'pii-gate-baseline-'));
    mkdirSync(join(folder, 'src'));
    writeFileSync(join(folder, 'src/a.txt'), `mail ${canaries[0]}\n`);
  });
  after(() => rmSync(folder, { recursive: true }));
  test('known findings do not count, new ones do, and the file shows no value', async () => {
    const made = await pii(['scan', 'src', '--update-baseline', 'base.json'], '', folder);
    assert.deepEqual([made.code, made.out], [0, '']);
    assert.match(made.err, /made the key .*base\.json\.key/);
    const text = readFileSync(join(folder, 'base.json'), 'utf8');
    assert.match(text, /EMAIL_ADDRESS/);
    assert.doesNotMatch(text, /canary|acme/);
    assert.equal((await pii(['scan', './src', '--baseline', 'base.json'], '', folder)).code, 0);
    writeFileSync(join(folder, 'src/a.txt'), `moved\n\nmail ${canaries[0]} and ssn: ${canaries[1]}\n`);
    const later = await pii(['scan', 'src', '--baseline', 'base.json', '--format', 'json'], '', folder);
    const { findings, summary } = JSON.parse(later.out) as { findings: { entity: string }[]; summary: { known: number } };
    assert.deepEqual([later.code, findings.map(({ entity }) => entity), summary.known], [1, ['US_SSN'], 1]);
  });
  test('without its key, or with another, it is an error and not a pass', async () => {
    const other = await pii(['scan', 'src', '--baseline', 'base.json'], '', folder, { PII_GATE_KEY: Buffer.alloc(32, 1).toString('base64url') });
    assert.equal(other.code, 2);
    assert.match(other.err, /made with another key/);
    rmSync(join(folder, 'base.json.key'));
    const none = await pii(['scan', 'src', '--baseline', 'base.json'], '', folder);
    assert.equal(none.code, 2);
    assert.match(none.err, /needs its key/);
  });
});

suite('--jsonl-input', () => {
  test('one answer a line, same order, ids of any type, line separators inside strings', async () => {
    const input = [{ id: 2, text: 'none' }, { id: 'b', text: `a\u2028${canaries[0]}`, languageId: 'plaintext' }, { id: { k: 1 }, text: '', filename: 'x.csv' }].map((value) => JSON.stringify(value)).join('\n');
    const { code, out } = await pii(['scan', '--jsonl-input'], input);
    assert.equal(code, 1);
    const answers = lines(out) as { id: unknown; findings: { start: number }[] }[];
    assert.deepEqual(answers.map(({ id, findings }) => [id, findings.map(({ start }) => start)]), [[2, []], ['b', [2]], [{ k: 1 }, []]]);
  });
  test('bad lines answer in place, say what is expected, show nothing, and exit 2', async () => {
    const bad = [`{"id":1,"text":"${canaries[0]}`, '[]', '{"text":"x"}', '{"id":3}', '{"id":4,"text":"x","languageId":7}', '', JSON.stringify({ id: 5, text: 'fine' })].join('\r\n');
    const { code, out, err } = await pii(['scan', '--jsonl-input'], Buffer.concat([Buffer.from(`${bad}\n`), Buffer.from([0x22, 0xff, 0x22, 0x0a])]));
    assert.equal(code, 2);
    assert.deepEqual(lines(out).map(({ id, line, error }) => [id, line, typeof error]), [[null, 1, 'string'], [null, 2, 'string'], [null, 3, 'string'], [3, 4, 'string'], [4, 5, 'string'], [5, undefined, 'undefined'], [null, 8, 'string']]);
    assert.doesNotMatch(out + err, /canary/);
  });
  test('a line of 10 MB', async () => {
    const text = `${'lorem ipsum '.repeat(850_000)} ${canaries[0]}`;
    const { code, out } = await pii(['scan', '--jsonl-input'], JSON.stringify({ id: 1, text }));
    assert.equal(code, 1);
    assert.equal((lines(out)[0] as { findings: unknown[] }).findings.length, 1);
  });
});

suite('mask', () => {
  test('text in, text out, syntax kept', async () => {
    const { code, out } = await pii(['mask', '--filename', 'a.json'], `{"mail": "${canaries[0]}", "ssn": "536-90-4399", "n": [1, 2]}\n`);
    assert.equal(code, 0);
    const value = JSON.parse(out) as Record<string, unknown>;
    assert.deepEqual(value['n'], [1, 2]);
    assert.doesNotMatch(out, /canary|536-90/);
    assert.ok(out.endsWith('\n'));
  });
  test('tokens depend on the key alone', async () => {
    const key = Buffer.alloc(32, 7).toString('base64url');
    const token = async () => (await pii(['mask', '--replace', 'token'], `to ${canaries[0]}`, undefined, { PII_GATE_KEY: key })).out;
    const first = await token();
    assert.equal(first, await token());
    assert.doesNotMatch(first, /canary/);
    const other = await pii(['mask', '--replace', 'token'], `to ${canaries[0]}`, undefined, { PII_GATE_KEY: 'short' });
    assert.equal(other.code, 2);
    assert.match(other.err, /PII_GATE_KEY must be 32 bytes/);
  });
  test('binary input is refused, nothing is written', async () => {
    const { code, out, err } = await pii(['mask'], Buffer.from([1, 0, 2]));
    assert.deepEqual([code, out], [2, '']);
    assert.match(err, /works on text/);
  });
});

suite('rules test', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'pii-gate-rules-'));
  });
  after(() => rmSync(folder, { recursive: true }));
  const rule = (ok: string, ng: string): string => `rules:\n  custom:\n    - id: acme/customer\n      entity: ACME_CUSTOMER\n      regex: 'AC-\\d{6}'\n      examples: { ok: ['${ok}'], ng: ['${ng}'] }\n`;
  const cases: readonly (readonly [string, string, number, RegExp])[] = [
    ['good examples', rule('AC-123456', 'AC-12'), 0, /1 of 1 rules pass their 2 examples/],
    ['bad examples', rule('AC-12', 'AC-123456'), 1, /ok example 1 is not found as ACME_CUSTOMER\n.*ng example 1 is found/],
    ['a pattern that RE2 refuses', rule('x', 'y').replace('AC-', '(?=x)'), 2, /\.pii-gate\.yaml:5:\d+: .*RE2/],
  ];
  for (const [name, text, code, message] of cases) {
    test(name, async () => {
      writeFileSync(join(folder, '.pii-gate.yaml'), text);
      const ran = await pii(['rules', 'test'], '', folder);
      assert.equal(ran.code, code);
      assert.match(ran.out + ran.err, message);
    });
  }
  test('the policy of the guide is sound, and its examples pass', async () => {
    const guide = readFileSync(fileURLToPath(new URL('../../docs/workspace-policy.md', import.meta.url)), 'utf8');
    writeFileSync(join(folder, '.pii-gate.yaml'), /```yaml\n([\s\S]*?)```/.exec(guide)![1]!);
    const { code, out, err } = await pii(['rules', 'test'], '', folder);
    assert.deepEqual([code, out, err], [0, '1 of 1 rules pass their 3 examples.\n', '']);
  });
  test('the shipped rules pass', async () => {
    const { code, out } = await pii(['rules', 'test', '--builtin'], '', folder);
    assert.equal(code, 0, out);
  });
});

suite('usage errors', () => {
  const cases: readonly (readonly [string, readonly string[], RegExp])[] = [
    ['no path', ['scan'], /name a file or folder/],
    ['unknown format', ['scan', '-', '--format', 'xml'], /text, json, jsonl, sarif/],
    ['bad confidence', ['scan', '-', '--min-confidence', 'high'], /number from 0 to 1/],
    ['unknown command', ['scn'], /unknown command/],
    ['missing policy', ['scan', '-', '--policy', 'none.yaml'], /none\.yaml does not exist/],
  ];
  for (const [name, args, message] of cases) {
    test(name, async () => {
      const { code, err } = await pii(args);
      assert.equal(code, 2);
      assert.match(err, message);
    });
  }
  test('a broken policy names file, line and column', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'pii-gate-policy-'));
    writeFileSync(join(folder, '.pii-gate.yaml'), 'rules:\n  disble: []\n');
    const { code, err } = await pii(['scan', '-'], '', folder);
    rmSync(folder, { recursive: true });
    assert.equal(code, 2);
    assert.match(err, /^pii-gate: \.pii-gate\.yaml:2:\d+: /);
  });
});
