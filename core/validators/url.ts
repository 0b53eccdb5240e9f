/** URLs that carry credentials or personal data. */
import { invalid, type Validator, valid } from './validator.ts';

const PLACEHOLDER = /^(?:user(?:name)?|.{0,3}pass(?:word|wd|phrase)?\d{0,3}|pwd|pw|123456?|abc|xyz|token|hunter2|secret|changeme|example|test|admin|root|postgres|mysql|guest|foo|bar|xxx+|\*+|<.*>|\$.*|\{.*|%.*%)$/i;
const LOCAL_HOST = /^(?:localhost|127\.\d+\.\d+\.\d+|0\.0\.0\.0|host|hostname|db|server|(?:.*\.)?example\.(?:com|org|net)|(?:.*\.)?(?:test|invalid|example|localhost)|(?:sub\.)?(?:host|domain|proxy|server|site|mysite|foo|bar)\.com)$/i;

/** RFC 3986 userinfo with a password that is no placeholder, on a host that isn't the own machine. */
export const urlCredentials: Validator = (value) => {
  const parts = /^[a-z0-9+.:-]+:\/\/([^:@/]*):([^@/]*)@([^:/]*)(?::\d{1,5})?$/i.exec(value);
  if (!parts) return invalid('no user and password');
  const [, , password = '', host = ''] = parts;
  if (PLACEHOLDER.test(password) || LOCAL_HOST.test(host)) return invalid('a placeholder');
  return valid(0.02, 'a password before a host');
};

/** A query parameter with a personal name and a literal value. */
export const urlPersonal: Validator = (value) => {
  const text = /=([^=]*)$/.exec(value)?.[1] ?? '';
  if (PLACEHOLDER.test(text) || /example\.(?:com|org|net)|^(?:true|false|null|undefined|1|0)$/i.test(text)) return invalid('a placeholder');
  return valid(0.5, 'a literal value');
};

/** A pair of decimal degrees within the Earth's range, with both parts precise to about 10 m (ISO 6709). */
export const gps: Validator = (value) => {
  if (value.includes('°')) return valid(0.5, 'degrees');
  const [latitude = Number.NaN, longitude = Number.NaN] = value.split(/,\s*|\s+/).map(Number);
  if (!(Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180)) return invalid('outside the range of degrees');
  return valid(0.7, 'latitude and longitude in range');
};
