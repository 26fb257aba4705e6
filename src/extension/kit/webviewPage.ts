import { randomBytes } from 'node:crypto';
import { Uri, type Webview } from 'vscode';
import { visibleText } from '../../base/visibleText.js';

/** A bundle of `dist/webview` as the page of a webview. */
export interface PageOptions {
  readonly extension: Uri;
  /** `diffPanel` for `dist/webview/diffPanel.js`. */
  readonly bundle: 'diffPanel' | 'checkpointPanel' | 'connectivityPanel' | 'lineagePanel';
  readonly title: string;
  /** Given back to the serializer when VS Code restores the panel. */
  readonly restore?: unknown;
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;').replaceAll("'", '&#39;');
}

function policyOf(webview: Webview, nonce: string): string {
  return [
    `default-src 'none'`,
    `script-src 'nonce-${nonce}'`,
    `style-src ${webview.cspSource} 'nonce-${nonce}'`,
    `font-src ${webview.cspSource}`,
    `img-src ${webview.cspSource} data:`,
    // What default-src does not cover: no name from a file can turn links or forms to another place.
    `base-uri 'none'`,
    `form-action 'none'`,
  ].join('; ');
}

/** Folders that pages may load from. */
export function pageResources(extension: Uri): Uri[] {
  return [Uri.joinPath(extension, 'dist', 'webview'), Uri.joinPath(extension, 'media')];
}

/** Lets `webview` run scripts and shows the bundle in it. */
export function showPage(webview: Webview, { extension, bundle, title, restore }: PageOptions): void {
  webview.options = { enableScripts: true, localResourceRoots: pageResources(extension) };
  const nonce = randomBytes(16).toString('base64url');
  const script = webview.asWebviewUri(Uri.joinPath(extension, 'dist', 'webview', `${bundle}.js`)).toString();
  const kept = restore === undefined ? '' : ` data-restore="${escapeHtml(JSON.stringify(restore))}"`;
  webview.html = `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policyOf(webview, nonce)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(visibleText(title))}</title>
</head>
<body${kept}>
<script nonce="${nonce}" src="${script}"></script>
</body>
</html>`;
}
