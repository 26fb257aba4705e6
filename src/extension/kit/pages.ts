import { basename } from 'node:path';
import { commands, type TextDocumentContentProvider, Uri, workspace } from 'vscode';
import { DisposableOwner } from './disposable.js';
import type { Engine } from './engineService.js';
import { messageOf } from '../../base/errors.js';
import { visibleText } from '../../base/visibleText.js';
import { type CombinePlan, planToMarkdown, resultToMarkdown } from '../transfer/combineRoom.js';

/** Scheme of pages that exist only in VS Code: a plan, or the report of an output (its folder is in the query). */
const scheme = 'model-rebase-page';

/** The question about a plan stands over the top of its page: room for it, so that it covers nothing. */
const belowQuickPick = `${'<br>'.repeat(4)}\n\n`;

/** Texts that are kept, so that a preview can show them again. */
const mostTexts = 20;

/** Shows plans and reports in VS Code's own Markdown preview, as read-only documents that are no files. */
export class Pages extends DisposableOwner implements TextDocumentContentProvider {
  private readonly texts = new Map<string, string>();
  private nextText = 1;

  constructor(private readonly engine: Engine) {
    super();
    this.register(workspace.registerTextDocumentContentProvider(scheme, this));
  }

  async showPlan(plan: CombinePlan): Promise<void> {
    await this.showQuestioned(`Plan of ${basename(plan.output)}`, planToMarkdown(plan));
  }

  /** A page that a quick pick asks about. */
  async showQuestioned(title: string, markdown: string): Promise<void> {
    await this.showText(title, belowQuickPick + markdown);
  }

  /** The report of an output, from its manifest. */
  async showReport(folder: string): Promise<void> {
    await this.show(Uri.from({ scheme, path: `/report/Report of ${visibleText(basename(folder))}.md`, query: folder }));
  }

  async showText(title: string, markdown: string): Promise<void> {
    const id = `text-${this.nextText++}`;
    this.texts.set(id, markdown);
    const [oldest] = this.texts.keys();
    if (this.texts.size > mostTexts && oldest !== undefined) this.texts.delete(oldest);
    await this.show(Uri.from({ scheme, path: `/${id}/${visibleText(title)}.md` }));
  }

  provideTextDocumentContent(uri: Uri): string | Promise<string> {
    const [, id = ''] = uri.path.split('/');
    if (id === 'report') return this.report(uri.query);
    return this.texts.get(id) ?? 'This page is no longer at hand: run the command that showed it again.\n';
  }

  private async report(folder: string): Promise<string> {
    try {
      return resultToMarkdown(basename(folder), folder, await this.engine.request('combine/manifest', { folder }));
    } catch (error) {
      return `The report cannot be shown.\n\n    ${visibleText(messageOf(error).replaceAll('\n', ' '))}\n`;
    }
  }

  private async show(uri: Uri): Promise<void> {
    await commands.executeCommand('markdown.showPreview', uri);
  }
}
