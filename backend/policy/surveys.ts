/** Places (CIDR), calendar and duty rosters of a policy file. */
import { BlockList, isIP } from 'node:net';
import { isScalar, type YAMLMap } from 'yaml';
import type { Surveys } from './policy.ts';
import type { YamlReader } from './yaml-reader.ts';

interface Duty { readonly who: readonly string[]; readonly from: number; readonly to: number }

export function readSurveys(reader: YamlReader, root: YAMLMap): Surveys {
  const places = readPlaces(reader, root);
  const duties = readDuties(reader, root);
  const { zone, holidays } = readCalendar(reader, root);
  return {
    place(address) {
      const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
      if (isIP(address) === 0) return '';
      return places.find(({ networks }) => networks.check(address, family))?.name ?? '';
    },
    onCall: (id, at) => duties.some((duty) => duty.who.includes(id) && duty.from <= at && at < duty.to),
    clock: new Intl.DateTimeFormat('en-GB', {
      timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', weekday: 'short', hourCycle: 'h23',
    }),
    holidays,
  };
}

function readPlaces(reader: YamlReader, root: YAMLMap): { readonly name: string; readonly networks: BlockList }[] {
  const node = root.get('places', true);
  const map = node === undefined ? undefined : reader.map(node, '"places": names with lists of networks');
  if (!map) return [];
  return map.items.map((pair) => {
    const name = isScalar(pair.key) ? String(pair.key.value) : '';
    const networks = new BlockList();
    for (const text of reader.texts(map, name)) {
      const [address = '', bits] = text.split('/');
      const family = isIP(address);
      const prefix = bits === undefined ? (family === 6 ? 128 : 32) : Number(bits);
      if (family === 0 || !/^\d{1,3}$/.test(bits ?? '0') || prefix > (family === 6 ? 128 : 32)) {
        reader.complain(map.get(name, true), `"${text}" is not a network such as 10.0.0.0/8 or 2001:db8::/32`);
      } else networks.addSubnet(address, prefix, family === 6 ? 'ipv6' : 'ipv4');
    }
    return { name, networks };
  });
}

function readDuties(reader: YamlReader, root: YAMLMap): Duty[] {
  return reader.items(root, 'on_call').flatMap((item) => {
    const map = reader.map(item, 'a duty: {who, from, to}');
    if (!map) return [];
    reader.onlyKeys(map, ['who', 'from', 'to']);
    const [from, to] = ['from', 'to'].map((key) => moment(reader, map, key));
    const who = reader.texts(map, 'who');
    return from === undefined || to === undefined ? [] : [{ who, from, to }];
  });
}

/** A date-time with its offset: a roster without zones is wrong twice a year. */
function moment(reader: YamlReader, map: YAMLMap, key: string): number | undefined {
  const text = reader.text(map, key);
  if (text === undefined) {
    reader.complain(map, `a duty needs "${key}"`);
    return undefined;
  }
  const value = /(?:Z|[+-]\d\d:\d\d)$/.test(text) ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(value)) return value;
  reader.complain(map.get(key, true), `"${key}" must be a moment with its offset, such as 2026-01-05T08:00:00+01:00`);
  return undefined;
}

function readCalendar(reader: YamlReader, root: YAMLMap): { readonly zone: string; readonly holidays: ReadonlySet<string> } {
  const node = root.get('calendar', true);
  const map = node === undefined ? undefined : reader.map(node, '"calendar" with zone and holidays');
  if (!map) return { zone: 'UTC', holidays: new Set() };
  reader.onlyKeys(map, ['zone', 'holidays']);
  const zone = reader.text(map, 'zone') ?? 'UTC';
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
  } catch {
    reader.complain(map.get('zone', true), `"${zone}" is not a time zone such as Europe/Berlin`);
    return { zone: 'UTC', holidays: new Set() };
  }
  const holidays = reader.texts(map, 'holidays');
  for (const day of holidays) if (!/^\d{4}-\d\d-\d\d$/.test(day)) reader.complain(map.get('holidays', true), `"${day}" is not a date such as 2026-12-25`);
  return { zone, holidays: new Set(holidays) };
}
