interface ThemeFacts {
  /** As the list of themes calls it. */
  readonly label: string;
  /** Part of the class that the window's root wears with the theme. */
  readonly file: string;
}

export const themes = {
  light: { label: 'Light Modern', file: 'light_modern' },
  dark: { label: 'Dark Modern', file: 'dark_modern' },
  'high-contrast': { label: 'Dark High Contrast', file: 'hc_black' },
  'high-contrast-light': { label: 'Light High Contrast', file: 'hc_light' },
} as const satisfies Record<string, ThemeFacts>;

/** The colour themes that a user of VS Code starts with, one of each kind. */
export type Theme = keyof typeof themes;
