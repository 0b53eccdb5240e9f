/** Values that stand for a value: masked, templated, missing. They are nobody's data. */

const PLACEHOLDER = /^(?:null|nil|none|undefined|n\/?a|unknown|todo|tbd|test|true|false|yes|no|empty|redacted|masked|hidden|secret|example|sample|dummy|string|text|-+|\.+|\?+|x{3,})$/i;

export function isPlaceholder(value: string): boolean {
  const trimmed = value.trim();
  if (trimmed.length === 0 || PLACEHOLDER.test(trimmed)) return true;
  // ***, ••••, {{name}}, ${name}, %s, %(name)s, <NAME>, [NAME], :name, $1, @name, #{name}
  return /\*{2,}|[\u2022\u25cf]{2,}|\{\{|\$\{|#\{|<%|^%[sd(]|^<[^<>]*>$|^\[[^[\]]*\]$|^\{[^{}]*\}$|^[:$@]\w+$|^x{3,}|\(\)$/i.test(trimmed);
}
