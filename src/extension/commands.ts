/** A command as VS Code shows it. */
interface CommandFacts {
  readonly title: string;
  /** `$(name)` of a codicon, or pictures for light and dark. */
  readonly icon?: string | { readonly light: string; readonly dark: string };
  /** A `when` clause: greyed out elsewhere. */
  readonly enablement?: string;
  readonly shortTitle?: string;
}

/** Every command of the extension by its id behind `modelRebase.`: `npm run manifest` writes them into package.json. */
export const contributedCommands = {
  refresh: { title: 'Refresh Model Versions', icon: '$(refresh)' },
  filter: { title: 'Filter Model Versions…', icon: '$(filter)' },
  clearFilter: { title: 'Clear Filter of Model Versions', icon: '$(clear-all)', enablement: 'modelRebase.filtered' },
  openCheckpoint: { title: 'Open Checkpoint', icon: '$(open-preview)' },
  diffWith: { title: 'Diff with…', icon: '$(diff)' },
  selectForDiff: { title: 'Select for Model Diff' },
  diffWithSelected: { title: 'Diff with Selected Model', icon: '$(compare-changes)' },
  diffSelected: { title: 'Diff Selected Models' },
  diffTwoModels: { title: 'Diff Two Models…', icon: '$(diff)' },
  transfer: { title: 'Transfer Fine-tuning…', icon: '$(git-merge)' },
  transferTo: { title: 'Transfer to…', icon: '$(git-merge)' },
  saveDiffVector: { title: 'Save Diff Vector…' },
  interpolate: { title: 'Interpolate…', icon: '$(graph-line)' },
  sweep: { title: 'Sweep Transfer Scale…' },
  transferMatrix: { title: 'Transfer Matrix…' },
  newLineage: { title: 'New Lineage…', icon: '$(add)' },
  addRelease: { title: 'Add Base Release…', icon: '$(add)' },
  prepareRound: { title: 'Prepare Next Round', icon: '$(checklist)' },
  runFineTuning: { title: 'Run Fine-tuning', icon: '$(play)' },
  recordFineTuned: { title: 'Record Fine-tuned Model…', icon: '$(save)' },
  scoreRelease: { title: 'Score Release' },
  compareRounds: { title: 'Compare Rounds', icon: '$(graph-line)' },
  openLineage: { title: 'Open Lineage File', icon: '$(go-to-file)' },
  showTrainingLog: { title: 'Show Training Log' },
  refreshLineages: { title: 'Refresh Lineages', icon: '$(refresh)' },
  verify: { title: 'Verify Checkpoint…' },
  showReport: { title: 'Show How It Was Made' },
  resumeUnfinished: { title: 'Resume', icon: '$(debug-continue)' },
  removeUnfinished: { title: 'Remove…', icon: '$(trash)' },
  copyName: { title: 'Copy Name' },
  copyPath: { title: 'Copy Path' },
  revealInExplorer: { title: 'Reveal in Explorer View' },
  openSamples: { title: 'Open Sample Models' },
  restartEngine: { title: 'Restart Host Process' },
  showLog: { title: 'Show Log' },
} as const satisfies Readonly<Record<string, CommandFacts>>;

export type CommandName = keyof typeof contributedCommands;

/** What `package.json` contributes as `commands`. */
export function commandContributions(): readonly object[] {
  return Object.entries<CommandFacts>(contributedCommands).map(([name, { title, ...facts }]) => ({
    command: `modelRebase.${name}`,
    title,
    category: 'Model Rebase',
    ...facts,
  }));
}
