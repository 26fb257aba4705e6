import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import { ThemeColor, ThemeIcon, TreeItem, TreeItemCollapsibleState, Uri } from 'vscode';
import { shownTreeItem, tooltip } from '../../kit/treeItem.js';
import type { LineageEntry } from '../lineageLibrary.js';
import { type ModelRole, modelNames, type ReleaseState, roundPaths } from '../lineageRoom.js';
import type { LineageNode, ModelOfReleaseNode, ProblemNode, ReleaseNode } from './lineageNodes.js';
import { describeDue, describeScore, describeScoreFully, lineageName, stateWords, taskName } from './words.js';

const { None, Collapsed, Expanded } = TreeItemCollapsibleState;

function problemIcon(): ThemeIcon {
  return new ThemeIcon('error', new ThemeColor('list.errorForeground'));
}

function stateIcon(state: ReleaseState): ThemeIcon {
  switch (state) {
    case 'new':
      return new ThemeIcon('circle-outline');
    case 'prepared':
      return new ThemeIcon('circle-filled', new ThemeColor('charts.blue'));
    case 'training':
      return new ThemeIcon('loading~spin');
    case 'interrupted':
      return new ThemeIcon('debug-pause', new ThemeColor('list.warningForeground'));
    case 'finetuned':
      return new ThemeIcon('pass-filled', new ThemeColor('charts.green'));
    default:
      return state satisfies never;
  }
}

function lineageItem(entry: LineageEntry): TreeItem {
  const item = new TreeItem(lineageName(entry.path), entry.kind === 'read' ? Expanded : None);
  item.id = entry.path;
  if (entry.kind === 'broken') {
    Object.assign(item, { description: entry.message, iconPath: problemIcon(), contextValue: 'lineage broken' });
    item.tooltip = tooltip(entry.path, [], [entry.message]);
    item.command = { command: 'vscode.open', title: 'Open', arguments: [Uri.file(entry.path)] };
    return item;
  }
  const { status } = entry;
  item.description = `${status.strategy} · ${describeDue(status)}`;
  item.iconPath = new ThemeIcon('history');
  item.contextValue = 'lineage';
  item.tooltip = tooltip(entry.path, [
    ['Strategy', status.strategy],
    ['Tasks', status.tasks.map(taskName).join(', ') || 'none: nothing is scored'],
    ['Fine-tuning command', status.command?.join(' ') ?? 'none: models are recorded'],
    ['State', describeDue(status)],
  ]);
  return item;
}

/** What its best model scores on the first task. */
function leadingScore({ release }: ReleaseNode): string[] {
  const roles: readonly ModelRole[] = ['finetuned', 'start', 'base'];
  const score = roles.flatMap((role) => release.scores.filter(({ model }) => model === role)).at(0);
  return score === undefined ? [] : [describeScore(score)];
}

function contextOf({ path, lineage: { next }, release }: ReleaseNode): string {
  const isDue = next.kind === 'round' && next.release === release.name && release.training.length === 0;
  const words = {
    open: release.state !== 'finetuned',
    due: isDue,
    log: existsSync(roundPaths(path, release.name, 'finetuned').log),
  };
  return ['release', ...Object.entries(words).flatMap(([word, holds]) => (holds ? [word] : []))].join(' ');
}

function releaseItem(node: ReleaseNode): TreeItem {
  const { path, release } = node;
  const { name, state, delta, training, problems, remarks, scores } = release;
  const item = new TreeItem(name, problems.length > 0 ? Expanded : Collapsed);
  item.id = `${path}#${name}`;
  item.description = [stateWords[state], ...leadingScore(node)].join(' · ');
  item.iconPath = problems.length > 0 ? problemIcon() : stateIcon(state);
  item.contextValue = contextOf(node);
  const processes = training.map(({ pid, startedAt }): [string, string] => ['Trained by', `process ${pid} since ${startedAt}`]);
  const facts: (readonly [string, string])[] = [['State', stateWords[state]], ...(delta === null ? [] : [['Start', delta] as const])];
  item.tooltip = tooltip(name, [...facts, ...processes, ...scores.map(scoreFact)], [...problems, ...remarks]);
  return item;
}

function scoreFact(score: ReleaseNode['release']['scores'][number]): readonly [string, string] {
  return [modelNames[score.model], describeScoreFully(score)];
}

const modelIcons: Readonly<Record<ModelRole, string>> = {
  base: 'package',
  start: 'git-merge',
  finetuned: 'star-full',
  plain: 'star-empty',
};

function modelItem({ path, release, model }: ModelOfReleaseNode): TreeItem {
  const item = new TreeItem(modelNames[model.role], None);
  const scores = release.scores.filter((score) => score.model === model.role);
  item.id = `${path}#${release.name}#${model.role}`;
  item.description = [basename(model.path), ...scores.map((score) => `${taskName(score.task)} ${describeScore(score)}`)].join(' · ');
  item.iconPath = model.isThere ? new ThemeIcon(modelIcons[model.role]) : problemIcon();
  item.tooltip = tooltip(model.path, scores.map(scoreFact), model.isThere ? [] : ['There is no checkpoint that can be read.']);
  item.contextValue = 'model';
  if (model.isThere) item.command = { command: 'modelRebase.openCheckpoint', title: 'Open', arguments: [Uri.file(model.path)] };
  return item;
}

function problemItem({ path, message }: ProblemNode): TreeItem {
  const item = new TreeItem(message, None);
  item.iconPath = problemIcon();
  item.tooltip = tooltip(path, [], [message]);
  item.contextValue = 'problem';
  return item;
}

function itemOf(node: LineageNode): TreeItem {
  switch (node.kind) {
    case 'read':
    case 'broken':
      return lineageItem(node);
    case 'release':
      return releaseItem(node);
    case 'model':
      return modelItem(node);
    case 'problem':
      return problemItem(node);
    default:
      return node satisfies never;
  }
}

/** How VS Code shows a node. */
export function toLineageItem(node: LineageNode): TreeItem {
  return shownTreeItem(itemOf(node));
}
