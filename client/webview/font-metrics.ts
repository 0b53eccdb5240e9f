/** Sizes that follow from the editor's font, which the cells use. */

/** Pixels of one character of the editor's font, which the cells use. */
export function measureCharacter(): number {
  const styles = getComputedStyle(document.documentElement);
  const context = document.createElement('canvas').getContext('2d');
  if (context === null) return 8;
  context.font = `${styles.getPropertyValue('--vscode-editor-font-size') || '12px'} ${styles.getPropertyValue('--vscode-editor-font-family') || 'monospace'}`;
  return context.measureText('0'.repeat(20)).width / 20;
}

/** Pixels: room for the editor's font at any zoom, never less than a finger can hit. */
export function measureRow(): number {
  const size = Number.parseFloat(getComputedStyle(document.documentElement).getPropertyValue('--vscode-editor-font-size')) || 12;
  return Math.max(22, Math.round(size * 1.75));
}
