/** How environments look, the same everywhere: status bar, tree, grid. */
import { ThemeColor } from 'vscode';
import type { Environment } from '#core/wire/statement.ts';

export const environmentColor = (environment: Environment): ThemeColor => new ThemeColor(`piiGate.${environment}Environment`);

/** Only these two backgrounds exist in the status bar; development and staging stay quiet. */
export function statusBackground(environment: Environment): ThemeColor | undefined {
  if (environment === 'critical') return new ThemeColor('statusBarItem.errorBackground');
  return environment === 'production' ? new ThemeColor('statusBarItem.warningBackground') : undefined;
}
