import { pageStyles } from './styles.js';

/** Makes the page of a panel: its style sheet, the language, and the one element that is the panel. */
export function showPanel(panel: HTMLElement): void {
  const { styleSheet } = pageStyles;
  if (styleSheet) document.adoptedStyleSheets = [...document.adoptedStyleSheets, styleSheet];
  document.documentElement.lang = 'en';
  document.body.replaceChildren(panel);
}
