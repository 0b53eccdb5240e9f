/** Written by hand: what looks like personal data and is none. Nothing above a hint may be found in any of them. */
import type { LabelledDocument } from './document.ts';

const byFile: Readonly<Record<string, readonly string[]>> = {
  'notes.txt': [
    'Will the build pass? Mark it as done, may the release be grand.', 'Grace period ends in April; Hope is no strategy.', 'The Rose Garden opens at nine.', 'Use Ruby or Python, not Java; Jenkins runs nightly.',
    'Travis CI replaced Jenkins, and Docker replaced Vagrant.', 'We moved to Austin, Texas, and then to Paris, France.', 'The Jordan release follows the Kenya release.', 'The Fourier Transform and the Kalman Filter are linear.',
    'Washington, Lincoln and Jackson are cities, too.', 'Dijkstra’s algorithm beats Bellman-Ford here.', 'A Hamming distance of 3 and a Levenshtein distance of 5.', 'Newton’s method converges; Euler’s method drifts.',
    'Mercedes, Ford and Tesla cut prices.', 'The Smith Foundation and Johnson Inc. signed it.', 'Monday to Friday, nine to five.', 'See Section 3 Drive letters and Table 4 Way points.', 'Chapter 12 Court rules apply since 2011.',
    'Route 66 and Highway 61 are closed.', 'Take 3 Steps Forward and wait.', 'It needs 2 Rows and 5 Columns.', 'On March 12, 2024 Monday was a holiday.', 'version 2 Close button; 3 Easy Way outs.',
    'The court heard the case on 12 May 1984.', 'Released 2024-01-15, deprecated 2025-03-01.', 'The company was founded on 3 March 1999.', 'Meeting on 12.03.2026 at noon.', 'Our birth rate chart was updated on 2024-05-02.',
    'order 4111 of 5000 shipped', 'ticket 536904399 was closed', 'The number 1234567890 is a placeholder.', 'pi is 3.14159265358979323846', 'loss=0.5227687358856201 after 10 epochs', 'call 911 in an emergency', 'room 202-555, floor 3', 'ISBN 978-3-16-148410-0',
    'HTTP 404 at port 8080', 'the ratio was 16:9 and later 4:3', 'Figures 1-2-3 and 4-5-6', 'GPS fix lost', 'at 10:22:33 the job ended', 'temperature -12.5 and 13.7', 'call main() and then exit()',
    'Hello World, Lorem Ipsum Dolor', 'Visual Studio Code and Android Studio', 'the Open Closed Principle', 'Apache Kafka and Spring Boot on Amazon Web Services', 'The British Museum and the Grand Hotel', 'via HTTP 2, via port 8080, via Node 18', 'He lives in the Netherlands.',
  ],
  'README.md': [
    '# Babel\n\nBabel is a compiler. Chalk is mature, Moment is done.', '## Contributing\n\nSee CONTRIBUTING and the Code of Conduct.', '## License\n\nMIT © [Jane Schmidt](https://example.org)', 'Copyright (c) 2019 Isaac Lindqvist and Contributors', 'Created by [Thomas Schmidt](https://github.com/x).',
    '- **Anna Lindqvist** ([@anna](https://github.com/anna))', 'Signed-off-by: Anna Lindqvist', '| Name | Type |\n|---|---|\n| email | string |\n| phone | string |', '| Key | Value |\n|---|---|\n| ssn | The social security number |', '`user.email` and `{{phone}}` are filled in.', '```\nconst name = "Alice";\ngreet("Bob Miller");\n```',
    'npm i lodash@4.17.21 @types/node@18', 'Mail us at <noreply@example.com>.', 'Use `--email you@example.com`.', '1. Install Node\n2. Run Tests\n3. Open Chrome', 'See [Grace Hopper Celebration](https://example.org/ghc)!',
  ],
  'app.ts': [
    'import { Will, Mark } from "./grace";', 'class JohnService extends BaseRepository {}', 'const user = { email: "", name: undefined, phone: null };', 'const email = `${user}@${host}`;', "const label = { firstName: 'First name', email: 'E-mail' };", "type Props = { ssn: string; dob: Date };", "i18n('customer.phone', 'Phone number');",
    'const re = /^\\d{3}-\\d{2}-\\d{4}$/;', 'const color = "#536904"; const id = 536904399;', 'const t = 1712345678901;', "const v = '1.2.3.4';", "const sha = '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08';", "const uuid = 'd1b2a3c4-4539-4488-8034-364671234567';", 'for (let i = 0; i < 5551234567; i++) {}',
    "throw new Error('Invalid IBAN \"' + iban + '\"');", "const path = 'M10 10 C 20 20, 40 20, 50 10';", "const next = '/users?sort=name&order=asc&page=2';", "const url = 'https://example.com/?email=%7B%7Bemail%7D%7D&name=';", "const q = a ? b : c & d;", "const s = 'it\\'s \\\"fine\\\"';", "const j = '{\\\"email\\\": \\\"string\\\"}';", '@Component({ selector: "app-root" })',
    'mask("***-**-1234")', "test('4111111111111111')", "const ip = '192.168.1.10', local = '127.0.0.1';", 'const last4 = "6467";',
  ],
  'data.csv': ['id,price,sku\n1,12.50,AB-1234\n2,13.00,AB-1235\n', 'week,mon,tue\n1,5551234567,5551234568\n', 'name,version\nlodash,4.17.21\nreact,18.2.0\n', 'city,country\nParis,France\nMadrid,Spain\n', 'file,size\na.png,536904399\n', 'epoch,loss\n1,0.5227687358856201\n'],
  'config.yaml': ['name: build\non: push\njobs:\n  test:\n    runs-on: ubuntu-latest\n', 'image: nginx:1.25.3\nreplicas: 3\n', 'email: "{{ .Values.email }}"\nphone: ~\n', 'person:\n  type: object\n  properties:\n    ssn: { type: string }\n', 'host: 10.0.0.12\nversion: 1.2.3.4\n', 'ports:\n  - 5432\n  - 8080\n'],
  'app.log': ['GET /health?verbose=true&format=json HTTP/1.1" 200 3840', 'GET /search?q=red+shoes&sort=price%20asc HTTP/1.1" 200 12', 'at com.acme.JohnService.run(JohnService.java:42)', 'took 5551234567 ns', '2026-03-01T08:10:02.114Z level=info id=536904399', 'user=${user.email} phone=%phone%', 'commit 9f86d081884c7d659a2f by ci', 'retry 3 of 5 in 1500 ms'],
  'page.html': ['<table><tr><th>Plan</th><th>Price</th></tr><tr><td>Pro</td><td>12.50</td></tr></table>', '<input name="email" value="" placeholder="you@example.com">', '<input name="qty" value="536904399">', '<meta name="viewport" content="width=device-width">', '<label for="ssn">Social security number</label>'],
  'change.diff': ['diff --git a/a.ts b/a.ts\n--- a/a.ts\n+++ b/a.ts\n@@ -1,2 +1,2 @@\n-const a = 536904399;\n+const a = 536904398;\n', 'diff --git a/p.csv b/p.csv\n--- a/p.csv\n+++ b/p.csv\n@@ -1,2 +1,2 @@\n id,price\n-1,536904399\n+1,212569876\n'],
};

/** One document a trap; each holds nothing. */
export const traps: readonly LabelledDocument[] = Object.entries(byFile).flatMap(([file, texts]) => texts.map((text, index) => ({ id: `trap-${file}-${index}`, kind: 'hand-written traps', languageId: '', filename: file, text, spans: [] })));
