/** The names that `env --shell` takes. */
export const SHELL_NAMES = ["posix", "bash", "zsh", "fish", "powershell"] as const;

export type ShellName = (typeof SHELL_NAMES)[number];
