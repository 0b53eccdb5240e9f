/** Placeholders are prompted for and bound, never pasted into the statement. Values are not remembered: they may be personal data. */
import { l10n, window } from 'vscode';
import { type ParameterValue, parseParameter } from './parameter-value.ts';

/** Values in the order of `names`; undefined when the user backs out. The same named placeholder is asked for once. */
export async function promptParameters(names: readonly string[]): Promise<readonly ParameterValue[] | undefined> {
  const values: ParameterValue[] = [];
  const known = new Map<string, ParameterValue>();
  for (const [index, name] of names.entries()) {
    const same = name === '?' ? undefined : known.get(name);
    if (same !== undefined) { values.push(same); continue; }
    const typed = await window.showInputBox({
      title: l10n.t('Parameter {0} of {1}', index + 1, names.length),
      prompt: name === '?' ? l10n.t('Value of placeholder {0}. Numbers, true, false and NULL are recognised; quote them to pass text.', index + 1) : l10n.t('Value of {0}. Numbers, true, false and NULL are recognised; quote them to pass text.', name),
      placeHolder: l10n.t("42, 'text', true, NULL"),
      ignoreFocusOut: true,
    });
    if (typed === undefined) return undefined;
    const value = parseParameter(typed);
    known.set(name, value);
    values.push(value);
  }
  return values;
}
