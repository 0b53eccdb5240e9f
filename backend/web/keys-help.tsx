import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { t } from './text/text.ts';

const keys: readonly (readonly [key: string, what: string])[] = [
  ['j', t.help.next], ['k', t.help.previous], ['/', t.help.filter], ['a', t.help.approve], ['l', t.help.limits], ['c', t.help.changes], ['d', t.help.deny],
  ['m', t.help.comment], ['Ctrl+Enter', t.help.send], ['Esc', t.help.leave], ['?', t.help.list],
];

export function KeysHelp({ onClose }: { readonly onClose: () => void }): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} class="help-dialog" aria-labelledby="keys-title" onClose={onClose}>
      <h2 id="keys-title">{t.shell.keys}</h2>
      <dl>{keys.map(([key, what]) => <div key={key}><dt><kbd>{key}</kbd></dt><dd>{what}</dd></div>)}</dl>
      <p class="muted fine">{t.help.lines}</p>
      <form method="dialog"><button type="submit" class="small">{t.help.close}</button></form>
    </dialog>
  );
}
