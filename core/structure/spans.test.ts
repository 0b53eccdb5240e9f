/** Where values stand, judged end to end: `«ENTITY|value»` marks what must be found, and nothing else may be. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createDetector } from '../engine/create.ts';
import { createRe2 } from '../engine/re2.ts';
import { builtinPacks } from '#rules';

const detector = createDetector(builtinPacks(), createRe2());

interface Case { readonly name: string; readonly file: string; readonly text: string }

/** The plain text and the marked spans, `ENTITY start-end value` in order. */
function unmark(marked: string): { text: string; spans: string[] } {
  let text = '';
  const spans: string[] = [];
  for (const part of marked.split(/(«[^»]*»)/)) {
    if (!part.startsWith('«')) text += part;
    else {
      const bar = part.indexOf('|'), value = part.slice(bar + 1, -1);
      spans.push(`${part.slice(1, bar)} ${text.length}-${text.length + value.length} ${value}`);
      text += value;
    }
  }
  return { text, spans };
}

function check({ name, file, text: marked }: Case): void {
  test(name, () => {
    const { text, spans } = unmark(marked);
    const found = (findings: ReturnType<typeof detector.scan>['findings']): string[] => findings.filter(({ severity }) => severity !== 'hint').map(({ entity, start, end }) => `${entity} ${start}-${end} ${text.slice(start, end)}`);
    assert.deepEqual(found(detector.scan(text, { filename: file }).findings), spans);
    assert.deepEqual(found(detector.open(text, { filename: file }).result.findings), spans, 'a document under edit says the same');
  });
}

const cases: readonly Case[] = [
  // URLs
  { name: 'query parameters are decoded', file: 'a.txt', text: 'see https://shop.io/u?email=«EMAIL_ADDRESS|ana%40corp.io»&full_name=«PERSON|Ana%20P%C3%A9rez»&q=1' },
  { name: 'plus signs in a query are spaces', file: 'a.log', text: 'GET /signup?first_name=«PERSON|Anna»&last_name=«PERSON|van+Dijk»&phone=«PHONE_NUMBER|%2B4930901820»&plan=pro HTTP/1.1' },
  { name: 'a URL in source code', file: 'a.ts', text: 'fetch("https://api.shop.io/v1/find?email=«EMAIL_ADDRESS|ana.perez%40corp.io»&limit=20");\n' },
  { name: 'a form body', file: 'a.http', text: 'POST /login HTTP/1.1\nContent-Type: application/x-www-form-urlencoded\n\nusername=x1&email=«EMAIL_ADDRESS|ana.perez%40corp.io»&ssn=«US_SSN|536-90-4399»&remember=on\n' },
  { name: 'an access log in combined format', file: 'access.log', text: '«IP_ADDRESS|81.2.69.142» - - [10/Oct/2026:13:55:36 +0000] "GET /account?email=«EMAIL_ADDRESS|ana.perez%40corp.io»&id=77 HTTP/1.1" 200 2326 "https://shop.io/start" "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36"\n' },
  { name: 'percent signs that encode nothing', file: 'a.txt', text: 'growth was 20%40 and 100%zz; /a%2Fb%2Fc?x=%7B%7D&y=%E0%A4%A' },
  // Escapes
  { name: 'escapes in JSON', file: 'a.json', text: '{"contact": "«EMAIL_ADDRESS|ana.perez\\u0040corp.io»", "first_name": "«PERSON|Zo\\u00eb»"}' },
  { name: 'JSON inside a JSON string', file: 'a.log', text: '{"level":"info","body":"{\\"email\\":\\"«EMAIL_ADDRESS|ana.perez@corp.io»\\",\\"ssn\\":\\"«US_SSN|536904399»\\",\\"lastName\\":\\"«PERSON|Kowalska»\\"}"}\n' },
  { name: 'JSON inside a string of code', file: 'a.java', text: 'String body = "{\\"lastName\\":\\"«PERSON|Kowalska»\\",\\"iban\\":\\"«IBAN_CODE|DE53370400440648392017»\\"}";\n' },
  { name: 'escapes in code', file: 'a.js', text: "const to = 'ana.perez\\x40corp.io', user = { lastName: 'O\\'Brien' };".replace('ana.perez\\x40corp.io', '«EMAIL_ADDRESS|ana.perez\\x40corp.io»').replace("O\\'Brien", "«PERSON|O\\'Brien»") },
  // Diffs
  { name: 'a CSV in a diff keeps its columns', file: 'a.diff', text: 'diff --git a/data/users.csv b/data/users.csv\nindex 1111111..2222222 100644\n--- a/data/users.csv\n+++ b/data/users.csv\n@@ -1,3 +1,4 @@\n id,last_name,ssn\n-1,«PERSON|Meyer»,«US_SSN|536904399»\n+1,«PERSON|Maier»,«US_SSN|536904399»\n 2,«PERSON|Okafor»,«US_SSN|219099998»\n' .replace('«US_SSN|219099998»', '219099999').replace(',219099999', ',«US_SSN|212569876»') },
  { name: 'the header of a hunk names the columns', file: 'a.patch', text: 'diff --git a/users.csv b/users.csv\n--- a/users.csv\n+++ b/users.csv\n@@ -40,3 +40,3 @@ id,last_name,ssn\n 40,«PERSON|Meyer»,«US_SSN|536904399»\n-41,«PERSON|Lind»,«US_SSN|212569876»\n+41,«PERSON|Lindt»,«US_SSN|212569876»\n' },
  { name: 'JSON in a diff', file: 'a.diff', text: 'diff --git a/x.json b/x.json\n--- a/x.json\n+++ b/x.json\n@@ -1,5 +1,5 @@\n {\n   "customer": {\n-    "name": "«PERSON|Jan Kowalski»",\n+    "name": "«PERSON|Jana Kowalska»",\n     "id": 536904399\n   }\n' },
  { name: 'SQL in a diff', file: 'a.diff', text: 'diff --git a/s.sql b/s.sql\n--- a/s.sql\n+++ b/s.sql\n@@ -1,2 +1,3 @@\n INSERT INTO users (id, last_name, ssn) VALUES\n-(1, \'«PERSON|Meyer»\', \'«US_SSN|536904399»\');\n+(1, \'«PERSON|Maier»\', \'«US_SSN|536904399»\');\n' },
  { name: 'code in a diff', file: 'a.diff', text: 'diff --git a/s.py b/s.py\n--- a/s.py\n+++ b/s.py\n@@ -1,2 +1,3 @@ def seed():\n-    user(last_name="«PERSON|Meyer»", retries=536904399)\n+    user(last_name="«PERSON|Maier»", retries=536904399)\n' },
  // Notebooks
  { name: 'a notebook: source lines joined, outputs as tables', file: 'a.ipynb', text: '{"cells":[{"cell_type":"code","source":["customer = {\\n","  \\"last_name\\": \\"«PERSON|Kowalska»\\",\\n","  \'ssn\': \'«US_SSN|536904399»\'}\\n"],"outputs":[{"output_type":"execute_result","data":{"text/html":["<table><thead><tr><th></th><th>last_name</th><th>ssn</th></tr></thead>\\n","<tbody><tr><th>0</th><td>«PERSON|Meyer»</td><td>«US_SSN|536904399»</td></tr></tbody></table>"],"text/plain":["  last_name        ssn\\n","0     «PERSON|Meyer»  «US_SSN|536904399»"]}}]},{"cell_type":"markdown","source":"# Notes\\nCustomer «PERSON|Anna Kowalska» called."}],"metadata":{"kernelspec":{"language":"python"}},"nbformat":4,"nbformat_minor":5}\n' },
  // Tables
  { name: 'psql', file: 'a.txt', text: ' id | last_name |    ssn    \n----+-----------+-----------\n  1 | «PERSON|Meyer»     | «US_SSN|536904399»\n(1 row)\n' },
  { name: 'psql, expanded', file: 'a.txt', text: '-[ RECORD 1 ]---------\nid        | 1\nlast_name | «PERSON|Meyer»\nssn       | «US_SSN|536904399»\n-[ RECORD 2 ]---------\nid        | 2\nlast_name | «PERSON|Okafor»\nssn       | «US_SSN|212569876»\n' },
  { name: 'mysql', file: 'a.log', text: '+----+-----------+-----------+\n| id | last_name | ssn       |\n+----+-----------+-----------+\n|  1 | «PERSON|Meyer»     | «US_SSN|536904399» |\n+----+-----------+-----------+\n1 row in set (0.00 sec)\n' },
  { name: 'mysql, vertical', file: 'a.txt', text: '*************************** 1. row ***************************\n       id: 1\nlast_name: «PERSON|Meyer»\n      ssn: «US_SSN|536904399»\n' },
  { name: 'box drawing', file: 'a.md', text: '```\n┌────┬───────────┬───────────┐\n│ id │ last_name │ ssn       │\n├────┼───────────┼───────────┤\n│ 1  │ «PERSON|Meyer»     │ «US_SSN|536904399» │\n└────┴───────────┴───────────┘\n```\n' },
  { name: 'columns of fixed width', file: 'a.txt', text: 'id  last_name   ssn\n--  ---------   ---------\n1   «PERSON|Meyer»       «US_SSN|536904399»\n2   «PERSON|de Wit»      «US_SSN|212569876»\n\nThat is all.\n' },
  { name: 'columns of fixed width without a rule', file: 'a.txt', text: 'ID    LAST_NAME    SSN          CITY\n1     «PERSON|Meyer»        «US_SSN|536904399»    Ulm\n2     «PERSON|Okafor»       «US_SSN|212569876»    Linz\n\nDone.\n' },
  { name: 'a Markdown table', file: 'a.md', text: '# T\n\n| id | last name | ssn |\n|---:|:---|---|\n| 1 | «PERSON|Meyer» | «US_SSN|536904399» |\n' },
  { name: 'an HTML table', file: 'a.html', text: '<table class="t">\n<tr><th>Id</th><th>Last name</th><th scope="col">SSN</th></tr>\n<tr><td>1</td><td>«PERSON|Meyer»</td><td class="n">«US_SSN|536904399»</td></tr>\n<tr><td>2</td><td><b>«PERSON|Okafor»</b></td><td>«US_SSN|212569876»</td></tr>\n</table>\n<p>Order 536904399</p>' },
  { name: 'HTML form inputs', file: 'a.html', text: '<form><input type="text" name="last_name" value="«PERSON|Meyer»"><input value="«US_SSN|536904399»" name="ssn"/><input name="qty" value="536904399"><textarea name="street_address">«ADDRESS|12 Elm Court»</textarea></form>' },
  { name: 'XML attributes by name and value', file: 'a.xml', text: '<row><field name="last_name">«PERSON|Meyer»</field><field name="ssn">«US_SSN|536904399»</field><property key="iban" value="«IBAN_CODE|DE53370400440648392017»"/></row>' },
  // YAML, INI
  { name: 'YAML blocks', file: 'a.yaml', text: 'customer:\n  last_name: >-\n    «PERSON|Kowalska»\n  ssn: |\n    «US_SSN|536904399»\n  order: 536904399\n' },
  { name: 'lists below a YAML key', file: 'a.yaml', text: 'ssns:\n  - «US_SSN|536904399»\n  - «US_SSN|212569876»\nlast_names: [«PERSON|Meyer», "«PERSON|Okafor»"]\n' },
  { name: 'INI', file: 'a.ini', text: '; people\n[customer]\nlast_name = «PERSON|Meyer»\nssn: «US_SSN|536904399»\nbuild = 536904399\n' },
  { name: 'lists below a JSON key', file: 'a.json', text: '{"ssns": ["«US_SSN|536904399»", "«US_SSN|212569876»"], "last_names": ["«PERSON|Meyer»", "«PERSON|Okafor»"], "tags": ["Red", "536904399"]}' },
  // Logs
  { name: 'logfmt', file: 'a.log', text: 'ts=2026-03-01T08:10:02Z level=info msg="user saved" last_name=«PERSON|Meyer» full_name="«PERSON|Ana Pérez»" ssn=«US_SSN|536904399» dur=536904399\n' },
  { name: 'JSON logs', file: 'a.log', text: '{"time":"2026-03-01T08:10:02Z","user":{"name":"«PERSON|Ana Pérez»","ssn":"«US_SSN|536904399»"},"id":536904399}\n' },
  { name: 'syslog', file: 'a.log', text: '<34>1 2026-03-01T08:10:02Z host app 1234 ID47 [user@32473 last_name="«PERSON|Meyer»" ssn="«US_SSN|536904399»"] saved\nMar  1 08:10:02 host sshd[2211]: Accepted password for x from «IP_ADDRESS|81.2.69.142» port 4022 ssh2\n' },
  // SQL
  { name: 'INSERT of several rows', file: 'a.sql', text: "INSERT INTO users (id, last_name, ssn) VALUES (1, '«PERSON|O''Brien»', '«US_SSN|536904399»'),\n (536904399, '«PERSON|Meyer»', NULL);" },
  { name: 'UPDATE and WHERE', file: 'a.sql', text: "UPDATE users SET last_name = '«PERSON|Meyer»', ssn='«US_SSN|536904399»', n = 536904399 WHERE u.last_name = '«PERSON|Maier»' AND ssn IN ('«US_SSN|212569876»', '«US_SSN|536904399»') AND first_name LIKE '«PERSON|Anna»';" },
  { name: 'COPY', file: 'a.sql', text: 'COPY public.users (id, last_name, ssn) FROM stdin;\n536904399\t«PERSON|Meyer»\t«US_SSN|536904399»\n\\.\n' },
  { name: 'SQL inside code', file: 'a.py', text: 'db.execute("INSERT INTO users (id, last_name, ssn) VALUES (1, \'«PERSON|Meyer»\', \'«US_SSN|536904399»\')")\nn = 536904399\n' },
  // Other notations
  { name: 'GraphQL', file: 'a.graphql', text: 'mutation { createUser(input: {lastName: "«PERSON|Meyer»", ssn: "«US_SSN|536904399»", n: 536904399}) { id } }' },
  { name: 'vCard', file: 'a.vcf', text: 'BEGIN:VCARD\nVERSION:4.0\nN:«PERSON|Meyer»;«PERSON|Anna»;;;\nFN:«PERSON|Anna Meyer»\nTEL;TYPE=cell:«PHONE_NUMBER|+49 30 901820»\nEMAIL:«EMAIL_ADDRESS|anna.meyer@posteo.de»\nBDAY:«DATE_OF_BIRTH|1984-03-12»\nADR;TYPE=home:;;«ADDRESS|Goethestraße 12»;Ulm;;«POSTAL_CODE|89073»;Germany\nEND:VCARD\n' },
  { name: 'iCalendar', file: 'a.ics', text: 'BEGIN:VEVENT\nDTSTART:20260301T081002Z\nSUMMARY:Review\nORGANIZER;CN=«PERSON|Anna Meyer»:mailto:«EMAIL_ADDRESS|anna.meyer@posteo.de»\nATTENDEE;ROLE=REQ-PARTICIPANT;CN="«PERSON|Jan Okafor»":mailto:«EMAIL_ADDRESS|jan@posteo.de»\nEND:VEVENT\n' },
  { name: 'LDIF', file: 'a.ldif', text: 'dn: uid=ameyer,ou=people,dc=corp,dc=io\nobjectClass: inetOrgPerson\ncn: «PERSON|Anna Meyer»\nsn: «PERSON|Meyer»\ngivenName: «PERSON|Anna»\nmail: «EMAIL_ADDRESS|anna.meyer@posteo.de»\ntelephoneNumber: «PHONE_NUMBER|+49 30 901820»\nemployeeNumber: 12\n' },
  { name: 'a mail', file: 'a.eml', text: 'From: «PERSON|Anna Meyer» <«EMAIL_ADDRESS|anna.meyer@posteo.de»>\nTo: "«PERSON|Okafor, Jan»" <«EMAIL_ADDRESS|jan@posteo.de»>\nSubject: Invoice\nDate: Mon, 2 Mar 2026 08:10:02 +0100\n\nDear «PERSON|Jan»,\n\nplease find it attached.\n\nBest regards,\n«PERSON|Anna Meyer»\n' },
];
for (const one of cases) check(one);
