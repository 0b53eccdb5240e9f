/** The one shell that every page of the extension is served in: nothing but its own script, style and font may load. */
import { l10n, Uri, type Webview } from 'vscode';

export interface PageParts {
  /** The only folder the page may read. */
  readonly root: Uri;
  readonly script: string;
  readonly style: string;
  readonly title: string;
  /** Fresh for every page. */
  readonly nonce: string;
  readonly language: string;
}

export function webviewHtml(webview: Webview, { root, script, style, title, nonce, language }: PageParts): string {
  const at = (...path: readonly string[]): string => webview.asWebviewUri(Uri.joinPath(root, ...path)).toString();
  const policy = [
    "default-src 'none'", `script-src 'nonce-${nonce}'`, `style-src ${webview.cspSource}`, `font-src ${webview.cspSource}`,
    "base-uri 'none'", "form-action 'none'",
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="${escapeHtml(language)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<link rel="stylesheet" href="${at('codicons', 'codicon.css')}">
<link rel="stylesheet" href="${at(style)}">
</head>
<body><div id="root"></div><script type="application/json" id="l10n">${translations()}</script><script nonce="${nonce}" src="${at(script)}"></script></body>
</html>`;
}

/** As data for `webview/l10n.ts`. No text can end the block. */
function translations(): string {
  return JSON.stringify(l10n.bundle ?? {}).replaceAll('<', '\\u003c');
}

const escapeHtml = (text: string): string => text.replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
