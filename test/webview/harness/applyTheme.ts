import { type ThemeName, themes } from './themes.js';

/** Sets colours and classes as VS Code does when its theme changes. */
export function applyTheme(name: ThemeName): void {
  const { bodyClass, variables } = themes[name];
  const root = document.documentElement;
  for (const variable of [...root.style].filter((property) => property.startsWith('--vscode-'))) root.style.removeProperty(variable);
  for (const [variable, value] of Object.entries(variables)) root.style.setProperty(variable, value);
  document.body.className = bodyClass;
}
