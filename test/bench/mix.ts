/** One megabyte that looks like a working day: source code, logs and a customer export. Deterministic. */

/** Mulberry32: small, seeded, good enough to vary text. */
export function seeded(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

const WORDS = 'user order item value index result context request response handler service client buffer config options state cache query parser token stream event logger session payload'.split(' ');
const pick = <T>(random: (below: number) => number, list: readonly T[]): T => list[random(list.length)]!;
const digits = (random: (below: number) => number, count: number): string => Array.from({ length: count }, () => random(10)).join('');
const hex = (random: (below: number) => number, count: number): string => Array.from({ length: count }, () => random(16).toString(16)).join('');

export interface MixPart { readonly languageId: string; readonly text: string }

/** Thirds of code, logs and CSV, `size` UTF-16 units together. */
export function mix(size = 1_000_000, seed = 1): readonly MixPart[] {
  const third = Math.floor(size / 3);
  return [
    { languageId: 'typescript', text: fill(third, seeded(seed), codeLines) },
    { languageId: 'log', text: fill(third, seeded(seed + 1), logLine) },
    { languageId: 'csv', text: csv(third, seeded(seed + 2)) },
  ];
}

function fill(size: number, random: (below: number) => number, line: (random: (below: number) => number) => string): string {
  const parts: string[] = [];
  for (let length = 0; length < size;) {
    const next = line(random);
    parts.push(next);
    length += next.length;
  }
  return parts.join('').slice(0, size);
}

function codeLines(random: (below: number) => number): string {
  const a = pick(random, WORDS), b = pick(random, WORDS), c = pick(random, WORDS);
  switch (random(8)) {
    case 0: return `import { ${a}${cap(b)}, ${c} } from '../${a}/${b}.ts';\n`;
    case 1: return `\n/** Returns the ${a} of the ${b}, or undefined when there is no ${c}. */\nexport function ${a}${cap(b)}(${c}: readonly ${cap(a)}[], limit = ${random(5000)}): ${cap(b)} | undefined {\n`;
    case 2: return `  const ${a}${cap(c)} = ${b}.map((${c}) => ${c}.${a}.slice(0, ${random(64)})).filter(Boolean);\n`;
    case 3: return `  if (${a}.${b} !== undefined && ${c}.length > ${random(100)}) return ${a}.${b}(${c}, { ${a}: true });\n`;
    case 4: return `  for (let i = 0; i < ${a}.${b}; i++) ${c}[i] = (${c}[i]! << ${random(8)}) ^ 0x${hex(random, 8)};\n`;
    case 5: return `  // The ${a} is kept until the ${b} has been read, because the ${c} may still change.\n`;
    case 6: return `  ${a}: { ${b}: '${hex(random, 8)}-${hex(random, 4)}-4${hex(random, 3)}-a${hex(random, 3)}-${hex(random, 12)}', ${c}: 0.${digits(random, 16)} },\n`;
    default: return '}\n';
  }
}

const cap = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);

function logLine(random: (below: number) => number): string {
  const time = `2026-0${1 + random(9)}-1${random(10)}T0${random(10)}:${10 + random(50)}:${10 + random(50)}.${digits(random, 3)}Z`;
  switch (random(6)) {
    case 0: return `${time} INFO  [http-nio-8080-exec-${random(40)}] c.a.${cap(pick(random, WORDS))}Service - GET /api/v2/${pick(random, WORDS)}s/${digits(random, 8)} 200 ${random(900)}ms\n`;
    case 1: return `${time} INFO  login ok user=${pick(random, WORDS)}.${pick(random, WORDS)}@mail${random(90)}.com ip=${random(223) + 1}.${random(256)}.${random(256)}.${random(256)} session=${hex(random, 32)}\n`;
    case 2: return `${time} WARN  retry ${random(5)} of request ${hex(random, 8)}-${hex(random, 4)}-4${hex(random, 3)}-8${hex(random, 3)}-${hex(random, 12)} after ${digits(random, 4)} ms\n`;
    case 3: return `${time} DEBUG cache hit ratio=0.${digits(random, 16)} size=${digits(random, 7)} epoch=17${digits(random, 11)}\n`;
    case 4: return `${time} INFO  order ${digits(random, 10)} shipped tracking=1Z${digits(random, 16)} total=${random(900)}.${digits(random, 2)}\n`;
    default: return `${time} ERROR at com.acme.${pick(random, WORDS)}.${cap(pick(random, WORDS))}.run(${cap(pick(random, WORDS))}.java:${random(900)})\n`;
  }
}

function csv(size: number, random: (below: number) => number): string {
  const header = 'id,first_name,last_name,email,phone,ssn,date_of_birth,city,order_total,created_at,checksum\n';
  return header + fill(size - header.length, random, (next) => `${digits(next, 6)},${cap(pick(next, WORDS))},${cap(pick(next, WORDS))},${pick(next, WORDS)}.${digits(next, 2)}@mail${next(90)}.com,+1 ${2 + next(7)}${digits(next, 2)} ${2 + next(7)}${digits(next, 2)} ${digits(next, 4)},${1 + next(8)}${digits(next, 2)}-${1 + next(9)}${next(10)}-${1 + next(9)}${digits(next, 3)},19${4 + next(5)}${next(10)}-0${1 + next(9)}-1${next(10)},${cap(pick(next, WORDS))}ville,${next(9000)}.${digits(next, 2)},2026-01-1${next(10)},${hex(next, 16)}\n`);
}
