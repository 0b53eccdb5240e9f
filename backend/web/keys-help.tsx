import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

const keys: readonly (readonly [key: string, what: string])[] = [
  ['j', 'Next request'], ['k', 'Previous request'], ['/', 'Filter'], ['a', 'Approve: Enter confirms'], ['l', 'Approve with limits'], ['c', 'Ask for changes'], ['d', 'Deny'],
  ['m', 'Comment on the request'], ['Ctrl+Enter', 'Send what is written'], ['Esc', 'Leave it'], ['?', 'This list'],
];

export function KeysHelp({ onClose }: { readonly onClose: () => void }): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} class="help-dialog" aria-labelledby="keys-title" onClose={onClose}>
      <h2 id="keys-title">Keys</h2>
      <dl>{keys.map(([key, what]) => <div key={key}><dt><kbd>{key}</kbd></dt><dd>{what}</dd></div>)}</dl>
      <p class="muted fine">On the numbers of a statement: arrows move, Enter comments.</p>
      <form method="dialog"><button type="submit" class="small">Close</button></form>
    </dialog>
  );
}
