/** What a typed parameter means. */
export type ParameterValue = string | number | boolean | null;

export function parseParameter(typed: string): ParameterValue {
  const text = typed.trim();
  const quoted = /^'(.*)'$/s.exec(text) ?? /^"(.*)"$/s.exec(text);
  if (quoted !== null) return quoted[1] ?? '';
  if (/^null$/i.test(text)) return null;
  if (/^(?:true|false)$/i.test(text)) return text.toLowerCase() === 'true';
  // Leading zeros and long digits are ids, not numbers: 007 and 12345678901234567890 must arrive as typed.
  if (/^-?(?:0|[1-9]\d{0,14})(?:\.\d+)?$/.test(text)) return Number(text);
  return typed;
}
