import { MarkdownString, type TreeItem } from 'vscode';
import { escapeMarkdown } from '../../base/markdown.js';
import { visibleText } from '../../base/visibleText.js';

/** Text from files goes in as text: a tensor's name may look like Markdown or HTML. */
export function tooltip(title: string, facts: readonly (readonly [string, string])[], remarks: readonly string[] = []): MarkdownString {
  const markdown = new MarkdownString(`**${escapeMarkdown(title)}**\n\n`);
  for (const [label, value] of facts) markdown.appendMarkdown(`- ${label}: ${escapeMarkdown(value)}\n`);
  for (const remark of remarks) markdown.appendMarkdown(`\n\n${escapeMarkdown(remark)}`);
  return markdown;
}

/** The item with texts that show all their characters, and read aloud as they are shown. */
export function shownTreeItem(item: TreeItem): TreeItem {
  const texts = [item.label, item.description].map((text) => (typeof text === 'string' ? visibleText(text) : undefined));
  const [shownLabel, shownDescription] = texts;
  if (shownLabel !== undefined) item.label = shownLabel;
  if (shownDescription !== undefined) item.description = shownDescription;
  item.accessibilityInformation = { label: texts.filter((text) => text !== undefined && text !== '').join(', '), role: 'treeitem' };
  return item;
}
